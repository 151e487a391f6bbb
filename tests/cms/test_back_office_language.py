"""The back office speaks the reader's language wherever the words are ours."""

import csv
import datetime
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localtime
from lxml import html
from wagtail.log_actions import log

from cms import caching
from cms.back_office import InspectLocally
from forum.documents.models import IssuedDocument
from forum.registration import back_office_filters
from tests.factories import accounts, cms, exhibitors, payments
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/registration/registration/"
KHMER = {"Accept-Language": "km"}
PASSES = {"one": ["2027-02-10"], "all": []}


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


def page(client, address, **more):
    return client.get(address, **more).content.decode()


@pytest.mark.parametrize("address", ["/cms/", LIST])
def test_the_menu_offers_the_other_language_by_its_own_name(organiser, address):
    assert ("ខ្មែរ", "/cms/?language=km") in entries(page(organiser, address))

    organiser.get("/cms/?language=km")

    assert ("English", "/cms/?language=en") in entries(page(organiser, address))


def test_a_choice_made_there_holds_for_the_next_page(organiser):
    organiser.get("/cms/?language=km")

    assert "<th" in (shown := page(organiser, LIST)) and "ប្រភេទប័ណ្ណ" in shown and '<html lang="km"' in shown


def test_whose_browser_asks_for_khmer_needs_no_choice(organiser):
    assert '<html lang="km"' in page(organiser, "/cms/", headers={"Accept-Language": "km,en;q=0.5"})


def test_a_list_narrowed_by_a_language_does_not_change_its_own(organiser):
    narrowed = page(organiser, f"{LIST}?language=km")

    assert '<html lang="en"' in narrowed and '<html lang="en"' in page(organiser, "/cms/")


def test_the_account_keeps_no_second_choice(organiser):
    assert "preferred_language" not in page(organiser, "/cms/account/")


def test_a_file_is_in_the_language_of_the_list(organiser):
    edition = cms.edition()
    pass_type = make.pass_type(edition, name_en="Delegate", name_km="ប្រតិភូ")
    make.registration(of=pass_type, name_latin="SOK Dara", honorific="excellency")

    answer = organiser.get(LIST, {"export": "csv"}, headers={"Accept-Language": "km"})

    row = next(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert (row["ប្រភេទប័ណ្ណ"], row["គោរមងារ"], row["ស្ថានភាព"]) == ("ប្រតិភូ", "ឯកឧត្តម", "បានបញ្ជាក់")


def test_a_row_is_shown_in_words_and_a_dash_where_there_is_nothing(organiser):
    person = make.registration(of=make.pass_type(), honorific="excellency", agency=None)

    shown = page(organiser, f"{LIST}inspect/{person.pk}/")

    assert "H.E." in shown or "Excellency" in shown
    assert "<dd>\n" in shown and ">None<" not in shown and "excellency" not in shown


def test_what_is_kept_for_a_list_is_kept_for_each_language(organiser, monkeypatch):
    """Figures of many people, and the agencies that a filter offers."""
    monkeypatch.setattr(caching, "is_on", lambda: True)
    monkeypatch.setattr(back_office_filters, "MANY", 1)
    pass_type = make.pass_type(name_en="Delegate", name_km="ប្រតិភូ")
    make.registration(of=pass_type, agency=exhibitors.agency(name_en="Office of Examples", name_km="ការិយាល័យគំរូ"))

    for _time in range(2):
        english, khmer = page(organiser, LIST), page(organiser, LIST, headers={"Accept-Language": "km"})

    assert '<th scope="row">Delegate</th>' in english and '<th scope="row">ប្រតិភូ</th>' in khmer
    assert "Office of Examples" in english and "ការិយាល័យគំរូ" not in english
    assert "Office of Examples" not in khmer and "ការិយាល័យគំរូ" in khmer


def test_the_menu_is_in_the_language_of_who_reads_it_whoever_came_first(organiser):
    made_late = {"Approvals": "ការអនុញ្ញាត", "Ledger": "បញ្ជីប្រាក់ចូលចេញ", "Readiness": "ការត្រៀមខ្លួន"}
    for _twice in range(2):
        english, khmer = labels(page(organiser, "/cms/?language=en")), labels(page(organiser, "/cms/?language=km"))

        assert set(made_late) <= english and not made_late.keys() & khmer
        assert set(made_late.values()) <= khmer and not set(made_late.values()) & english


def test_the_register_of_memoranda_is_not_called_by_the_verb(organiser):
    khmer = labels(page(organiser, "/cms/?language=km"))

    assert "បញ្ជីអនុស្សរណៈ" in khmer and "ចុះឈ្មោះ" not in khmer


def labels(shown: str) -> set[str]:
    return {label for label, _address in entries(shown)}


def entries(shown: str) -> set[tuple[str, str | None]]:
    """What the menu says and where it leads, which Wagtail hands to its script."""
    (props,) = html.fromstring(shown).xpath("//script[@id='wagtail-sidebar-props']/text()")
    return set(_entries(json.loads(props)))


def _entries(found):
    for each in found if isinstance(found, list) else found.values():
        if isinstance(each, (dict, list)):
            yield from _entries(each)
    if isinstance(found, dict) and "label" in found:
        yield found["label"], found.get("url")


def test_the_form_of_a_list_of_guests_says_in_khmer_what_is_filled_in(organiser):
    shown = page(organiser, "/cms/snippets/registration/guestlist/add/?language=km", headers=KHMER)

    assert "ពាក្យក្នុងវង់ក្រចក" in shown and "In subject and text" not in shown and "{deadline}" in shown


def test_days_of_a_pass_are_chosen_in_khmer(organiser):
    cms.edition(opens_on=datetime.date(2027, 2, 9), closes_on=datetime.date(2027, 2, 10))

    shown = page(organiser, "/cms/snippets/registration/passtype/add/", headers=KHMER)

    assert "អង្គារ ៩ កុម្ភៈ" in shown and "Tuesday" not in shown


def test_questions_are_in_khmer_where_two_registrations_become_one(organiser):
    pass_type = make.pass_type()
    two = [make.registration(of=pass_type, email=f"{name}@example.org") for name in ("one", "two")]
    question = make.question(pass_type.edition, label_en="Your topics?", label_km="ប្រធានបទអ្វី?")
    two[0].answers.create(question=question, value="x")

    shown = page(organiser, reverse("registration_merge", args=[person.code for person in two]), headers=KHMER)

    assert "ប្រធានបទអ្វី?" in shown and "Your topics?" not in shown


def test_booths_that_may_be_offered_have_their_area_in_khmer(organiser):
    exhibitors.booth(exhibitors.zone(exhibitors.hall(cms.edition()), by_application=True))

    assert "A01 · 9 ម² · " in page(organiser, reverse("exhibition_offer"), headers=KHMER)


def test_booths_that_one_may_move_to_have_their_size_in_khmer(organiser):
    zone = exhibitors.zone(exhibitors.hall(cms.edition()))
    booking = exhibitors.booking(exhibitors.booth(zone))
    exhibitors.booth(zone, "A02", x=800)

    assert "A02 · 3 × 3 ម · " in page(organiser, reverse("exhibition_move", args=[booking.pk]), headers=KHMER)


def test_the_history_names_the_command_line_in_khmer(organiser):
    log(cms.edition(), "wagtail.edit")

    shown = page(organiser, "/cms/history/", headers=KHMER)

    assert "បន្ទាត់ពាក្យបញ្ជា" in shown and "command line" not in shown and "សកម្មភាព" in shown


def test_days_and_hours_have_one_form_in_both_languages(organiser):
    person = make.registration(of=make.pass_type())
    moment = f"{localtime(person.registered_at):%Y-%m-%d %H:%M}"

    for language in (KHMER, {"Accept-Language": "en"}):
        assert moment in page(organiser, LIST, headers=language)
        assert moment in page(organiser, f"{LIST}inspect/{person.pk}/", headers=language)


def test_bookkeeping_without_a_name_in_words_is_not_shown(organiser):
    person = make.registration(of=make.pass_type())

    shown = page(organiser, f"{LIST}inspect/{person.pk}/")

    assert "Form of address" in shown
    assert not re.search("Holder no|Namesake no|Merged epoch|Approved state", shown)


def test_whether_an_application_asks_for_access_is_said_and_not_agreed_to(organiser):
    row = exhibitors.application(cms.edition(), needs_access=True)

    shown = page(organiser, f"/cms/snippets/exhibitors/application/inspect/{row.pk}/", headers=KHMER)

    assert "<dt>រទេះរុញ</dt><dd>បាទ/ចាស</dd>" in re.sub(r">\s+<", "><", shown) and "យល់ព្រម" not in shown


def test_countries_are_named_and_not_left_as_codes(organiser):
    edition = cms.edition()
    agency = exhibitors.agency(country="JP")
    asked = exhibitors.account_request(edition, country="JP")
    person = make.registration(of=make.pass_type(edition))
    days = dict.fromkeys(("born_on", "expires_on", "arrives_on", "leaves_on"), edition.opens_on)
    visa = person.visa_requests.create(holder_no=1, nationality="JP", passport_number="X1", post="Tokyo", **days)

    rows = {"exhibitors/agency": agency, "exhibitors/accountrequest": asked, "visas/visarequest": visa}
    for name, row in rows.items():
        for address in (f"/cms/snippets/{name}/", f"/cms/snippets/{name}/inspect/{row.pk}/"):
            for language, country in (("km", "ជប៉ុន"), ("en", "Japan")):
                shown = page(organiser, address, headers={"Accept-Language": language})

                assert country in shown and not re.search(r">\s*JP\s*<", shown)


def test_whom_a_circular_goes_to_is_told_with_khmer_colons(organiser):
    person = make.registration(of=make.pass_type(name_en="Delegate", name_km="ប្រតិភូ"))
    address = f"/cms/registrations/write/?edition={person.edition_id}&pass_type={person.pass_type_id}"

    assert "ប្រភេទប័ណ្ណ៖ ប្រតិភូ" in page(organiser, address, headers=KHMER)
    assert "Pass: Delegate" in page(organiser, address)


def test_registrations_that_may_be_one_person_are_headed_in_khmer(organiser):
    pass_type = make.pass_type()
    for name in ("one", "two"):
        make.registration(of=pass_type, email=f"{name}@example.org", name_latin="SOK Dara", name_km="សុខ ដារ៉ា")

    shown = page(organiser, "/cms/registrations/duplicates/", headers=KHMER)

    assert "<h2>SOK Dara៖ " in shown


def test_the_position_of_a_guest_is_in_the_language_of_the_list(organiser):
    make.guest(position="Minister", position_km="រដ្ឋមន្ត្រី")

    for language, position in (("km", "រដ្ឋមន្ត្រី"), ("en", "Minister")):
        shown = page(organiser, "/cms/snippets/registration/guest/", headers={"Accept-Language": language})

        assert f"<td>{position}</td>" in re.sub(r"\s*\n\s*", "", shown)


def test_days_and_price_of_a_pass_are_shown_as_people_write_them(organiser):
    edition = cms.edition(opens_on=datetime.date(2027, 2, 9), closes_on=datetime.date(2027, 2, 10))
    some, every = (make.pass_type(edition, slug=slug, price=5_000, days=days) for slug, days in PASSES.items())

    address = "/cms/snippets/registration/passtype/inspect/{}/"
    shown = [page(organiser, address.format(row.pk), headers=KHMER) for row in (some, every)]
    values = [html.fromstring(each).xpath("//dd//text()") for each in shown]

    assert "កុម្ភៈ ២០២៧" in shown[0] and "៥០.០០" in shown[0]
    assert not [value for value in values[0] + values[1] if value.strip() in ("[]", "['2027-02-10']", "5000")]


def test_what_becomes_of_the_row_of_a_sheet_is_said_in_khmer(organiser):
    guests = make.guest_list()
    sheet = SimpleUploadedFile("guests.csv", b"Full name in Latin letters,Protocol rank\nSOK Dara,1\nCHAN Bopha,high\n")

    shown = organiser.post(f"/cms/guests/lists/{guests.pk}/sheet/", {"sheet": sheet}, headers=KHMER).content.decode()

    assert "<td>ថ្មី</td>" in shown and "<td>បានបដិសេធ</td>" in shown


def test_forums_are_named_in_the_tables_of_people(organiser):
    edition = cms.edition(short_name_en="DGF", short_name_km="វេទិកាខ្លី")
    make.pass_type(edition, needs_security=True)
    edition.circulars.create(subject_en="Doors", subject_km="ទ្វារ", body_en="x", body_km="x", chosen_by="x")

    for address in ("circulars", "security-list"):
        shown = page(organiser, f"/cms/registrations/{address}/", headers=KHMER)

        assert "វេទិកាខ្លី" in shown and not re.search(r"<td>next</td>|\(next\)", shown)


def test_money_in_a_file_is_in_the_figures_of_one_language(organiser):
    written = payments.order().amount_written  # in English, as no request has come yet
    files = [
        organiser.get("/cms/snippets/payments/order/", {"export": "csv"}, headers={"Accept-Language": language}).getvalue()
        for language in ("en", "km")
    ]

    assert all(written in content.decode() for content in files)


def test_countries_are_named_where_no_forum_is_current(organiser):
    cms.edition(is_current=False)
    exhibitors.agency(country="JP")

    assert "ជប៉ុន" in page(organiser, "/cms/snippets/exhibitors/agency/", headers=KHMER)


def test_the_digest_of_a_paper_stands_on_its_page():
    """It has a name that is the same in every language; what has none is bookkeeping."""
    view = InspectLocally(model=IssuedDocument)
    nameless = {field.name for field in IssuedDocument._meta.fields} - set(view.get_fields())

    assert "sha256" not in nameless and "says" in nameless
