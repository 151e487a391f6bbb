"""The register in the back office: what has been signed stays as it was."""

import pytest
from django.urls import reverse

from forum.mou.models import Memorandum, Party
from tests.factories import accounts, cms, exhibitors
from tests.factories import mou as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = accounts.user(
        "wagtailadmin.access_admin", "mou.change_memorandum", "mou.view_memorandum", "mou.add_memorandum",
        "exhibitors.view_agency",
    )  # fmt: skip
    client.force_login(user)
    return client


def typed(memorandum, **changes) -> dict:
    """What the form sends when nobody has touched it."""
    parties = list(Party.objects.filter(memorandum=memorandum))
    sent = {
        "title_en": memorandum.title_en, "title_km": "", "edition": "", "reference": "", "subject_en": "", "subject_km": "",
        "place_en": "", "place_km": "", "source_url": "", "is_published": "on",
        "parties-TOTAL_FORMS": len(parties), "parties-INITIAL_FORMS": len(parties), "parties-MIN_NUM_FORMS": 2,
        "parties-MAX_NUM_FORMS": 1000, "texts-TOTAL_FORMS": 0, "texts-INITIAL_FORMS": 0, "texts-MIN_NUM_FORMS": 0,
        "texts-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for place, party in enumerate(parties):
        sent |= {
            f"parties-{place}-id": party.pk, f"parties-{place}-agency": party.agency_id or "",
            f"parties-{place}-name_en": party.name_en, f"parties-{place}-name_km": "", f"parties-{place}-ORDER": place + 1,
            f"parties-{place}-DELETE": "",
        }  # fmt: skip
    return sent | changes


def save(client, memorandum, **changes):
    return client.post(reverse("wagtailsnippets_mou_memorandum:edit", args=[memorandum.pk]), typed(memorandum, **changes))


def parties(memorandum) -> list:
    return [party.agency_id for party in Party.objects.filter(memorandum=memorandum)]


def another(place: int, **fields) -> dict:
    sent = {"id": "", "agency": "", "name_en": "", "name_km": "", "ORDER": place + 1, "DELETE": ""} | fields
    return {"parties-TOTAL_FORMS": place + 1} | {f"parties-{place}-{name}": value for name, value in sent.items()}


def test_untouched_it_is_saved_and_so_is_a_new_order(officer):
    memorandum = make.memorandum(signed=2)
    first, second = parties(memorandum)

    assert save(officer, memorandum).status_code == 302
    assert save(officer, memorandum, **{"parties-0-ORDER": 2, "parties-1-ORDER": 1}).status_code == 302
    assert parties(memorandum) == [second, first]


@pytest.mark.parametrize("change", [{"parties-0-DELETE": "1"}, {"parties-0-agency": "other"}])
def test_a_party_that_signed_is_neither_taken_out_nor_exchanged(officer, change):
    memorandum = make.memorandum(parties=3, signed=1)
    before, other = parties(memorandum), exhibitors.agency().pk
    change = {name: other if value == "other" else value for name, value in change.items()}

    answer = save(officer, memorandum, **change)

    assert answer.status_code == 200
    assert "has signed and stays as it is" in answer.content.decode()
    assert parties(memorandum) == before


def test_a_party_that_has_not_signed_leaves(officer):
    memorandum = make.memorandum(parties=3, signed=1)

    assert save(officer, memorandum, **{"parties-2-DELETE": "1"}).status_code == 302
    assert len(parties(memorandum)) == 2


def test_nobody_joins_once_everybody_has_signed(officer):
    memorandum = make.memorandum(signed=2)

    answer = save(officer, memorandum, **another(2, agency=exhibitors.agency().pk))

    assert "Everybody has signed" in answer.content.decode()
    assert len(parties(memorandum)) == 2


@pytest.mark.parametrize(("twin", "sentence"), [("agency", "duplicate"), ("words", "stands here twice")])
def test_nobody_is_party_twice(officer, twin, sentence):
    memorandum = make.memorandum()
    Party.objects.create(memorandum=memorandum, name_en="The host city", sort_order=9)
    again = {"agency": parties(memorandum)[0]} if twin == "agency" else {"name_en": "the Host City"}

    answer = save(officer, memorandum, **another(3, **again))

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert len(parties(memorandum)) == 3


def test_two_parties_of_whom_nothing_is_said_are_not_called_the_same(officer):
    memorandum = make.memorandum()
    blank = {"name_en": "", "agency": ""}

    answer = save(officer, memorandum, **another(2, **blank) | another(3, **blank) | {"parties-TOTAL_FORMS": 4})

    assert answer.status_code == 200
    assert "twice" not in answer.content.decode() and "stands here already" not in answer.content.decode()


def test_a_signature_is_struck_by_a_form_that_asks_why(officer):
    memorandum = make.memorandum(signed=2, edition=cms.edition())
    address = reverse("mou_strike", args=[memorandum.pk])
    party = memorandum.parties.first()

    assert "This field is required" in officer.post(address, {"party": party.pk, "reason": ""}).content.decode()
    assert officer.post(address, {"party": party.pk, "reason": "the wrong day"}).status_code == 302
    assert Memorandum.objects.with_parties().get().state == "prepared"


def test_the_form_offers_the_acts(officer):
    memorandum = make.memorandum()

    page = officer.get(reverse("wagtailsnippets_mou_memorandum:edit", args=[memorandum.pk])).content.decode()

    assert all(reverse(name, args=[memorandum.pk]) in page for name in ("mou_sign", "mou_record", "mou_strike"))
