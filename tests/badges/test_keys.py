"""The keys that vouch for badges: one signs, earlier ones are believed until they are revoked."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from forum.badges import keys, printing
from forum.badges.models import Badge, SigningKey
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def test_an_edition_has_one_key_that_signs_and_another_edition_another():
    one, two = cms.edition(), cms.edition(slug="other")

    assert keys.of(one) == keys.of(one)
    assert keys.of(one) != keys.of(two)


def test_after_a_change_of_key_the_badges_before_stay_good():
    registration = make.registration()
    (badge,) = printing.issue([registration])

    key = keys.rotate(edition=registration.edition, user=accounts.user())

    (same,) = printing.issue([registration])
    (other,) = printing.issue([make.registration(registration.pass_type)])
    assert (same, same.key, other.key) == (badge, badge.key, key)
    assert set(Badge.objects.valid()) == {badge, other}
    assert same.token.is_signed_by(keys.public_of(badge.key.public))


def test_revoking_ends_what_the_key_signed_and_once_more_changes_nothing():
    registration = make.registration()
    (badge,) = printing.issue([registration])

    revoked = [keys.revoke(key=badge.key, reason="found", user=accounts.user()).revoked_at for _time in range(2)]

    assert revoked[0] == revoked[1] is not None
    assert list(Badge.objects.valid()) == []
    (again,) = printing.issue([registration])
    assert again.key != badge.key


def test_revoking_wants_a_reason():
    key = keys.of(cms.edition())

    with pytest.raises(ValidationError) as refusal:
        keys.revoke(key=key, reason="  ")

    assert refusal.value.code == "reason"
    key.refresh_from_db()
    assert key.revoked_at is None


def test_the_database_lets_no_two_keys_sign_and_none_that_is_revoked():
    key = keys.of(cms.edition())

    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(edition=key.edition, public="x", sealed="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.update(revoked_at=key.made_at)


def test_badges_from_before_are_signed_when_they_are_wanted():
    registration = make.registration()
    printing.issue([registration])
    Badge.objects.update(key=None, signature="", signed_pass="")

    (badge,) = printing.issue([registration])

    assert badge.token.is_signed_by(keys.public_of(badge.key.public))
    assert Badge.objects.get().signature == badge.signature


def test_the_secret_half_is_sealed_and_no_page_shows_it(client):
    key = keys.of(cms.edition())
    user = accounts.user("wagtailadmin.access_admin", "badges.view_signingkey", "badges.rotate_signingkey")
    client.force_login(user)

    pages = [
        client.get(reverse("wagtailsnippets_badges_signingkey:list")),
        client.get(reverse("wagtailsnippets_badges_signingkey:inspect", args=[key.pk])),
    ]

    assert "PRIVATE KEY" not in key.sealed
    assert [page.status_code for page in pages] == [200, 200]
    assert not any(key.sealed in page.content.decode() for page in pages)


def test_staff_change_and_revoke_keys_in_the_back_office(client):
    key = keys.of(cms.edition())
    client.force_login(accounts.user("wagtailadmin.access_admin", "badges.view_signingkey", "badges.rotate_signingkey"))

    client.post(reverse("badges_rotate_key", args=[key.pk]))
    assert SigningKey.objects.signing(key.edition).get() != key
    refused = client.post(reverse("badges_revoke_key", args=[key.pk]), {"reason": ""})
    assert "This field is required." in refused.content.decode()
    client.post(reverse("badges_revoke_key", args=[key.pk]), {"reason": "A copy was found"})

    key.refresh_from_db()
    assert key.retired_at and key.revoked_at
    for name in ("badges_rotate_key", "badges_revoke_key"):  # nothing is left to do, so nothing is asked
        assert client.get(reverse(name, args=[key.pk])).status_code == 302
