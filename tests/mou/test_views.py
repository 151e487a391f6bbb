"""The public register: the four of 2024 stand in it, and nothing that is not published."""

import pytest
from django.urls import reverse

from forum.mou import register
from forum.mou.models import Memorandum, Signature
from tests.factories import accounts, cms
from tests.factories import mou as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return cms.edition("2024")


def page(client, name, *args, language="en", **query):
    return client.get(reverse(f"agreements:{name}", args=args).replace("/en/", f"/{language}/"), query)


def test_the_four_of_2024_stand_in_the_register_in_both_languages(client, edition):
    assert [register.load(edition), register.load(edition)] == [4, 0]

    for language in ("en", "km"):
        listed = page(client, "register", "2024", language=language)
        assert len(listed.context["memoranda"]) == 4
        for memorandum in listed.context["memoranda"]:
            record = page(client, "record", "2024", memorandum.code, language=language).content.decode()
            assert "phnompenhpost.com" in record
            assert all(party.name.replace("'", "&#x27;") in record for party in memorandum.parties.all())
    assert "អនុស្សរណៈ" in record


def test_what_is_not_known_of_the_four_stays_blank(edition):
    register.load(edition)

    assert set(Signature.objects.values_list("signatory_en", "signatory_km")) == {("", "")}
    assert set(Memorandum.objects.values_list("reference", flat=True)) == {""}


def test_what_is_not_published_is_seen_nowhere(client, edition):
    hidden = make.memorandum("Secret", edition=edition, is_published=False)

    assert "Secret" not in page(client, "register", "2024", all="1").content.decode()
    assert page(client, "record", "2024", hidden.code).status_code == 404


def test_a_record_stands_at_its_own_edition_alone(client, edition):
    other = cms.edition("other")
    memorandum = make.memorandum(edition=edition)

    assert page(client, "record", other.slug, memorandum.code).status_code == 404
    assert list(page(client, "register", other.slug).context["memoranda"]) == []
    assert list(page(client, "register", other.slug, all="1").context["memoranda"]) == [memorandum]


def test_lists_and_records_cost_the_same_with_one_and_with_three(client, edition, django_assert_num_queries):
    for count in (1, 3):
        while Memorandum.objects.count() < count:
            memorandum = make.memorandum(edition=edition, signed=2, parties=1 + count)
        with django_assert_num_queries(5):
            page(client, "register", "2024")
        with django_assert_num_queries(5):
            page(client, "record", "2024", memorandum.code)


def test_protocol_records_a_signature_in_the_back_office(client, edition):
    memorandum = make.memorandum(edition=edition)
    address = reverse("mou_sign", args=[memorandum.pk])
    client.force_login(accounts.user("wagtailadmin.access_admin"))
    assert client.get(address)["Location"] == "/cms/"  # Wagtail's way to refuse

    client.force_login(accounts.user("wagtailadmin.access_admin", "mou.change_memorandum", "mou.view_memorandum"))
    party = memorandum.parties.first()
    assert client.post(address, {"party": party.pk, "signed_on": "2999-01-01"}).status_code == 200
    assert client.post(address, {"party": party.pk, "signed_on": "2024-03-11"}).status_code == 302

    assert Signature.objects.get().party == party


def test_the_back_office_draws_the_register_and_its_form(client, edition):
    memorandum = make.memorandum(edition=edition, signed=2)
    client.force_login(accounts.user(is_superuser=True, is_staff=True))

    for name, args in (("list", []), ("edit", [memorandum.pk]), ("add", [])):
        assert client.get(reverse(f"wagtailsnippets_mou_memorandum:{name}", args=args)).status_code == 200
