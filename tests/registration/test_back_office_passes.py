"""Passes, zones and codes in the back office."""

import pytest
from django.urls import reverse

from forum.registration.models import AccessCode, AccessZone, PassType
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
CODES = "wagtailsnippets_registration_accesscode:list"


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


def save(client, of, **typed):
    fields = {"edition": of.edition_id, "slug": of.slug, "name_en": of.name_en, "band": of.band, "position": 0,
              "access": "public", "offer_hours": 48, "quotas": [of.quotas.get().pk]}  # fmt: skip
    return client.post(reverse("wagtailsnippets_registration_passtype:edit", args=[of.pk]), fields | typed)


def test_days_are_kept_in_order_and_zones_with_them(organiser):
    of = make.pass_type()
    first, last = of.edition.opens_on.isoformat(), of.edition.closes_on.isoformat()
    hall = AccessZone.objects.create(edition=of.edition, name_en="Hall")

    assert save(organiser, of, days=[last, first], zones=[hall.pk]).status_code == 302

    saved = PassType.objects.get()
    assert (saved.days, list(saved.zones.all())) == ([first, last], [hall])


def test_days_and_zones_of_another_forum_are_refused_beside_their_fields(organiser):
    of = make.pass_type()
    other = cms.edition(slug="other", opens_on="2020-01-01", closes_on="2020-01-02")
    zone = AccessZone.objects.create(edition=other, name_en="Hall")

    page = save(organiser, of, days=["2020-01-01"], zones=[zone.pk])

    assert set(page.context["form"].errors) == {"days", "zones"}


def test_a_pass_that_closes_before_it_opens_is_refused(organiser):
    page = save(organiser, make.pass_type(), opens_at="2027-03-02T10:00", closes_at="2027-03-01T10:00")

    assert page.context["form"].errors == {"closes_at": ["It closes before it opens."]}


@pytest.mark.parametrize(
    ("field", "typed"), [("closes_at", {"opens_at": "2027-03-02T10:00", "closes_at": "2027-03-01T10:00"}),
                         ("currency", {"currency": "XYZ"}), ("slug", {"slug": ""})]
)  # fmt: skip
def test_a_price_is_not_blamed_for_the_mistake_of_another_field(organiser, field, typed):
    page = save(organiser, make.pass_type(), price="150.00", **typed)

    assert set(page.context["form"].errors) == {field}
    assert 'value="150.00"' in page.content.decode()


def test_an_organiser_says_how_many_places_come_with_booths_and_packages(organiser):
    of = make.pass_type()

    assert save(organiser, of, per_booth=2, per_area=9, booth_fitting="raw", comes_with_packages="on").status_code == 302
    of.refresh_from_db()
    assert (of.per_booth, of.per_area, of.booth_fitting, of.comes_with_packages) == (2, 9, "raw", True)

    page = save(organiser, of, per_area=0, price="10", comes_with_packages="on")
    assert set(page.context["form"].errors) == {"per_area", "comes_with_packages"}


def test_gates_show_the_photo_of_a_pass_that_asks_for_one(organiser):
    of = make.pass_type()

    refused = save(organiser, of, shows_photo="on")
    assert refused.context["form"].errors == {"shows_photo": ["Nobody with this pass is asked for a photo."]}

    assert save(organiser, of, shows_photo="on", needs_photo="on").status_code == 302
    of.refresh_from_db()
    assert of.shows_photo


def test_codes_are_made_from_the_list_of_passes(organiser):
    speaker = make.pass_type(slug="speaker", access="code")
    address = reverse("registration_issue_codes", args=[speaker.pk])
    assert address in organiser.get(reverse("wagtailsnippets_registration_passtype:list")).content.decode()
    assert organiser.get(address).status_code == 200

    answer = organiser.post(address, {"number": 3, "uses": 2, "word": "", "valid_until": "2027-03-01T10:00", "note": "x"})

    assert (answer.status_code, answer["Location"]) == (302, reverse(CODES))
    assert list(AccessCode.objects.values_list("uses", "note")) == [(2, "x")] * 3


def test_a_pass_for_everybody_has_no_button_for_codes(organiser):
    of = make.pass_type()

    page = organiser.get(reverse("wagtailsnippets_registration_passtype:list")).content.decode()

    assert reverse("registration_issue_codes", args=[of.pk]) not in page


def test_uses_may_be_lowered_to_those_taken_and_no_further(organiser):
    code = make.access_code(uses=5, taken=2)
    address = reverse("wagtailsnippets_registration_accesscode:edit", args=[code.pk])

    assert organiser.post(address, {"uses": 1, "note": ""}).context["form"].errors == {
        "uses": ["It was used more often than that."]
    }
    assert organiser.post(address, {"uses": 2, "note": ""}).status_code == 302


@pytest.mark.parametrize("name", ["quota", "accesscode"])
def test_there_are_never_fewer_than_were_taken_even_while_somebody_types(organiser, name, monkeypatch):
    rows = {
        "quota": (lambda: make.pass_type(size=5).quotas.get(), "size", "More places are taken than that."),
        "accesscode": (lambda: make.access_code(uses=5), "uses", "It was used more often than that."),
    }
    begin, field, sentence = rows[name]
    row = begin()
    typed = {"edition": row.edition_id, "name": row.name} if name == "quota" else {"note": ""}
    address = reverse(f"wagtailsnippets_registration_{name}:edit", args=[row.pk])
    check = type(row).clean

    def check_and_take(self):
        check(self)
        type(self).objects.filter(pk=row.pk).update(taken=3)

    monkeypatch.setattr(type(row), "clean", check_and_take)
    page = organiser.post(address, typed | {field: 2})

    assert (page.status_code, page.context["form"].errors) == (200, {field: [sentence]})
    row.refresh_from_db()
    assert (row.taken, getattr(row, field)) == (3, 5)
    assert organiser.post(address, typed | {field: 3}).status_code == 302


def test_a_change_of_the_note_forgets_no_use_taken_meanwhile():
    code = make.access_code(uses=5)
    AccessCode.objects.update(taken=3)

    code.note = "Ministries"
    code.save()

    assert AccessCode.objects.values_list("taken", "note").get() == (3, "Ministries")


def test_the_list_of_codes_costs_the_same_with_one_and_with_three(organiser, django_assert_num_queries):
    speaker = make.access_code().pass_type
    organiser.get(reverse(CODES))
    with django_assert_num_queries(LIST_QUERIES):
        organiser.get(reverse(CODES))
    for number in range(2):
        make.access_code(speaker, code=f"MORE{number}")

    with django_assert_num_queries(LIST_QUERIES):
        organiser.get(reverse(CODES))


LIST_QUERIES = 10


def test_a_price_is_typed_as_people_write_it_and_kept_in_minor_units(client):
    delegate = make.pass_type()
    client.force_login(accounts.user(is_superuser=True))
    address = reverse("wagtailsnippets_registration_passtype:edit", args=[delegate.pk])
    typed = {"edition": delegate.edition_id, "slug": "delegate", "name_en": "Delegate", "band": "indigo", "position": 0,
             "access": "public", "quotas": [delegate.quotas.get().pk], "offer_hours": 48}  # fmt: skip

    for price, currency, kept in (
        ("1,250.50", "USD", (125_050, "USD")),
        ("80.000", "KHR", (80_000, "KHR")),
        ("", "USD", (0, "USD")),
    ):
        assert client.post(address, typed | {"price": price, "currency": currency}).status_code == 302
        delegate.refresh_from_db()
        assert (delegate.price, delegate.currency) == kept
    for price in ("-5", "much", "1.234,5678", "10.001"):
        assert client.post(address, typed | {"price": price, "currency": "USD"}).status_code == 200
