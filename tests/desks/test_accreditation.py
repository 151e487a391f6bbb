"""The accreditation on the pages: its owner gives it, few see it, a focal point sees only whether it is whole."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from wagtail.log_actions import registry

from forum.accounts import roles
from forum.registration import accrediting
from forum.registration.models import Accreditation, Registration
from tests.factories import accounts, exhibitors
from tests.factories import registration as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

QUEUE = "/cms/registrations/approvals/?step=security"
TYPED = {
    "sex": "F",
    "born_on": "1980-05-17",
    "nationality": "KH",
    "document_kind": "passport",
    "document_number": "N0123456",
}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


@pytest.fixture
def opening():
    return make.pass_type(slug="opening", name_en="Opening", needs_security=True)


@pytest.fixture
def person(opening):
    return make.registration(opening, name_latin="SOK Dara", name_km="សុខ ដារ៉ា")


@pytest.fixture
def staff(client):
    roles.make()

    def sign_in(role):
        user = accounts.user()
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return user

    return sign_in


def own(name, registration):
    return reverse(f"registration:{name}", args=[registration.token])


def picture(**fields):
    return SimpleUploadedFile("minister at home.jpg", make.picture(**fields), "image/jpeg")


def test_who_registers_is_asked_on_the_own_page_and_told_when_it_is_whole(client, person):
    page = client.get(own("own", person)).content.decode()
    assert "We still need from you: identity document, photo." in page
    assert own("accredit", person) in page

    answer = client.post(own("accredit", person), TYPED | {"photo": picture(), "keep": "top"}, follow=True)

    page = answer.content.decode()
    assert "We still need" not in page and "complete" in page
    assert own("photo", person) in page
    shown = client.get(own("photo", person))
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store, private")
    assert Image.open(BytesIO(shown.content)).size == (480, 640)


def test_the_form_says_who_reads_it_and_is_filled_with_what_was_given(client, person):
    make.accredit(person)

    page = Page(client.get(own("accredit", person)))

    assert "Only the officers of security" in page.tree.text_content()
    assert page.all("#id_document_number")[0].get("value") == "N0123456"
    assert "សម្រាប់" in client.get(own("accredit", person).replace("/en/", "/km/")).content.decode()


def test_a_photo_that_is_still_needed_is_not_called_optional(client, person):
    def label():
        return Page(client.get(own("accredit", person))).words("label[for=id_photo]")

    assert "photo" in accrediting.lacks(person)
    assert label() == ["Photo"]

    make.accredit(person)
    assert label() == ["Photo (optional)"]


def test_bad_input_is_told_beside_the_field_and_kept(client, person):
    answer = client.post(own("accredit", person), TYPED | {"born_on": "soon", "photo": picture()})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["born_on", "photo"]
    assert 'value="N0123456"' in answer.content.decode()
    assert not Accreditation.objects.exists()


def test_a_pass_that_asks_nothing_leads_back_and_its_page_is_silent(client):
    person = make.registration(make.pass_type(slug="open"))

    assert client.get(own("accredit", person)).status_code == 302
    assert client.get(own("photo", person)).status_code == 404
    assert own("accredit", person) not in client.get(own("own", person)).content.decode()


def test_the_photo_opens_to_the_right_link_alone(client, person):
    other = make.accredit(make.registration(person.pass_type))
    make.accredit(person)
    url = own("photo", person)

    assert client.get(url).status_code == 200
    assert client.get(url.replace(person.token[-5:], "AAAAA")).status_code == 404
    renewed = own("photo", other)
    Registration.objects.filter(pk=other.pk).update(epoch=2)
    assert client.get(renewed).status_code == 404
    assert client.get(f"/media/{Accreditation.objects.get(pk=person.pk).photo.name}").status_code == 404


@pytest.mark.parametrize("role", ["organiser", "auditor", "protocol", "finance", "gate", "badge desk", "exhibition manager"])
def test_staff_without_the_right_see_neither_photo_nor_form_nor_list(client, staff, person, role):
    make.accredit(person)
    staff(role)

    for name, args in (("registration_photo", [person.pk]), ("registration_accredit", [person.pk]),
                       ("registration_security_list", [])):  # fmt: skip
        answer = client.get(reverse(name, args=args))
        assert answer.status_code in {302, 403}, name
        assert b"N0123456" not in answer.content


def test_a_stranger_is_asked_to_sign_in_for_the_photo_at_the_desk(client, person):
    make.accredit(person)

    for name, args in (("registration_photo", [person.pk]), ("onsite:photo", [person.code])):
        assert client.get(reverse(name, args=args)).status_code == 302


def test_the_badge_desk_sees_the_photo_and_not_the_document(client, staff, person):
    staff("badge desk")
    desk = reverse("onsite:person", args=[person.code])
    assert "there is none" in client.get(desk).content.decode()

    make.accredit(person)

    page = client.get(desk).content.decode()
    assert reverse("onsite:photo", args=[person.code]) in page
    assert "N0123456" not in page
    assert client.get(reverse("onsite:photo", args=[person.code]))["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("role", ["security", "accreditation"])
def test_staff_with_the_right_complete_it_for_somebody(client, staff, person, role):
    user = staff(role)

    answer = client.post(reverse("registration_accredit", args=[person.pk]), TYPED | {"photo": picture()})

    assert answer.status_code == 302
    assert Accreditation.objects.get().document_number == "N0123456"
    entry = next(row for row in registry.get_logs_for_instance(person) if row.action == "registration.accredit")
    assert entry.user == user


def test_staff_look_at_the_photo_that_is_kept_before_they_give_another(client, staff, person):
    staff("accreditation")
    address, photo = (reverse(name, args=[person.pk]) for name in ("registration_accredit", "registration_photo"))
    assert photo not in client.get(address).content.decode()

    client.post(address, TYPED | {"photo": picture()})

    assert Page(client.get(address)).all(f"main a[href='{photo}']")


def test_the_frame_waits_for_a_script_and_sends_nothing_without(client, staff, person):
    staff("accreditation")

    for address in (own("accredit", person), reverse("registration_accredit", args=[person.pk])):
        page = Page(client.get(address))
        assert [field.get("value") for field in page.all("input[name^=frame_]")] == [None] * 3
        assert all("hidden" in part.attrib for part in page.all(".cutter, .cutter-hint, .cutter-small"))
        assert not [field.get("name") for field in page.all(".cutter input") if field.get("name")]
        assert [script.get("type") for script in page.all("script[src*='photo']")] == ["module"]


def test_security_reads_what_it_decides_about_and_says_no_yes_to_what_is_incomplete(client, staff, opening, person):
    whole = make.accredit(make.registration(opening, name_latin="KEO Vanna"))
    staff("security")

    page = client.get(QUEUE).content.decode()
    assert "1980-05-17" in page and "N0123456" in page and "Cambodia" in page
    assert "Incomplete:" in page
    assert reverse("registration_photo", args=[whole.pk]) in page

    typed = {"people": [person.code, whole.code], "seen": [f"{whole.code}:1"], "verdict": "yes"}
    said = client.post(QUEUE, typed, follow=True).content.decode()
    assert "incomplete: nobody is cleared so" in said and person.short_code in said
    states = dict(Registration.objects.values_list("pk", "state"))
    assert states == {person.pk: "applied", whole.pk: "confirmed"}


@pytest.mark.parametrize("seen", [[], ["{code}:1"], ["{code}:x"], ["rubbish", ":", "{code}:99999999999999999999"]])
def test_a_yes_to_what_the_page_did_not_show_is_none(client, staff, opening, seen):
    whole = make.accredit(make.registration(opening))
    make.accredit(whole, document_number="N777")
    staff("security")

    client.post(QUEUE, {"people": [whole.code], "seen": [words.format(code=whole.code) for words in seen], "verdict": "yes"})

    assert Registration.objects.get().state == "applied"


def test_other_offices_read_nothing_of_it(client, staff):
    of = make.pass_type(slug="guarded", needs_organiser=True, needs_security=True)
    make.accredit(make.registration(of))
    staff("accreditation")

    page = client.get("/cms/registrations/approvals/?step=organiser").content.decode()

    assert "N0123456" not in page and "1980-05-17" not in page


def test_no_list_no_search_and_no_export_of_registrations_holds_it(client, staff, person):
    make.accredit(person)
    staff("organiser")

    for query in ("", "?q=N0123456", "?export=csv"):
        answer = client.get("/cms/snippets/registration/registration/" + query)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"1980-05-17" not in content
        assert person.code.encode() in content or "q=" in query  # found by nobody's number
        assert ("q=" in query) or b"N0123456" not in content
    inspected = client.get(f"/cms/snippets/registration/registration/inspect/{person.pk}/").content
    assert b"N0123456" not in inspected


def test_the_queue_of_security_costs_the_same_with_one_and_with_three_people(client, staff, opening):
    make.accredit(make.registration(opening))
    staff("security")
    client.get(QUEUE)

    with CaptureQueriesContext(connection) as first:
        client.get(QUEUE)
    for _number in range(2):
        make.accredit(make.registration(opening))
    with CaptureQueriesContext(connection) as second:
        client.get(QUEUE)

    assert len(first) == len(second)


def test_a_focal_point_sees_whether_it_is_whole_and_not_what_it_is(client):
    delegation = make.delegation(exhibitors.agency(), delegate=3)
    delegation.edition.pass_types.update(needs_security=True)
    focal = exhibitors.member(delegation.agency)
    people = [make.delegate(delegation, user=focal) for _number in range(2)]
    make.accredit(people[0])
    client.force_login(focal)
    url = reverse("desks:delegation:desk", args=[delegation.agency.code, delegation.edition.slug])

    page = get(client, url).tree.text_content()

    assert page.count("details complete") == page.count("details missing") == 1
    assert "N0123456" not in page
    with CaptureQueriesContext(connection) as first:
        client.get(url)
    make.delegate(delegation, user=focal)
    with CaptureQueriesContext(connection) as second:
        client.get(url)
    assert len(first) == len(second)


LISTS = "/cms/registrations/security-list/"


def taken(client, **typed):
    answer = client.post(LISTS, typed)
    assert answer.status_code == 200
    return BytesIO(b"".join(answer.streaming_content)), answer


def rows_of(file):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(file).active.iter_rows()]


def test_the_list_for_security_holds_everybody_with_real_dates_khmer_and_no_formula(client, staff, opening, person):
    make.accredit(person, document_number="0012345")
    evil = make.registration(opening, name_latin="KEO Vanna", agency_name='=HYPERLINK("http://x")', position="+1")
    staff("security")

    file, answer = taken(client, pass_type=opening.pk)

    headings, *rows = rows_of(file)
    first, second = (dict(zip(headings, row, strict=True)) for row in rows)
    assert (first["Code"], first["Agency"]) == (evil.code, '=HYPERLINK("http://x")')
    assert first["Missing"] == "identity document, photo"
    assert (second["Name in Khmer"], second["Document number"], second["Country"]) == ("សុខ ដារ៉ា", "0012345", "Cambodia")
    assert second["Birth date"].date() == make.DOCUMENT["born_on"]
    assert second["Missing"] in (None, "")
    sheet = openpyxl.load_workbook(file).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "d", "n", "inlineStr"}
    assert answer["Content-Disposition"] == 'attachment; filename="security-next-opening.xlsx"'
    assert answer["Cache-Control"].startswith("no-store, private")


def test_every_taking_out_stands_in_the_history(client, staff, opening, person):
    make.accredit(person)
    make.registration(opening)
    user = staff("security")

    client.get(LISTS)
    assert not registry.get_logs_for_instance(opening)
    taken(client, pass_type=opening.pk)
    file, _answer = taken(client, pass_type=opening.pk, with_photos="on")

    entries = [row for row in registry.get_logs_for_instance(opening) if row.action == "registration.security_list"]
    assert [(row.user, row.data["rows"], row.data["photos"]) for row in reversed(entries)] == [(user, 2, 0), (user, 2, 1)]
    assert "2 people, 1 photos" in entries[0].formatter.format_message(entries[0])
    assert sorted(zipfile.ZipFile(file).namelist()) == [f"photos/{person.code}.jpg", "security-next-opening.xlsx"]


def test_who_has_left_stands_in_no_list_and_a_pass_without_clearance_has_none(client, staff, opening):
    open_pass = make.pass_type(opening.edition, slug="open")
    Registration.objects.filter(pk=make.registration(opening).pk).update(state="refused")
    staff("security")

    file, _answer = taken(client, pass_type=opening.pk)
    assert len(rows_of(file)) == 1
    for typed in ({"pass_type": open_pass.pk}, {}, {"pass_type": "x"}):
        assert client.post(LISTS, typed).status_code == 422


def test_the_page_of_lists_tells_how_far_each_pass_is_at_the_same_cost(client, staff, opening):
    make.accredit(make.registration(opening))
    make.registration(opening)
    staff("security")

    page = get(client, LISTS)
    assert page.words("table.listing td")[2:4] == ["2", "1"]
    with CaptureQueriesContext(connection) as first:
        client.get(LISTS)
    for slug in ("a", "b"):
        make.registration(make.pass_type(opening.edition, slug=slug, needs_security=True))
    with CaptureQueriesContext(connection) as second:
        client.get(LISTS)
    assert len(first) == len(second)


def test_a_list_of_many_costs_as_many_queries_as_one_of_few(client, staff, opening):
    staff("security")
    make.accredit(make.registration(opening))
    taken(client, pass_type=opening.pk)
    with CaptureQueriesContext(connection) as first:
        taken(client, pass_type=opening.pk)
    for _number in range(3):
        make.accredit(make.registration(opening))
    with CaptureQueriesContext(connection) as second:
        taken(client, pass_type=opening.pk)
    assert len(first) == len(second)
