"""How a protocol office works with guests: lists, letters, replies, originals, sheets and figures in the back office."""

import io
import zipfile

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from wagtail.models import ModelLogEntry

from forum.accounts import roles
from forum.registration import guest_figures, inviting, replying
from forum.registration.models import Guest, GuestList, Letterhead
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make
from tests.pages import Page
from tests.signing_in import Visitor
from tests.walk.world import PIXEL

pytestmark = pytest.mark.django_db
GUESTS, LISTS, HEADS = (f"wagtailsnippets_registration_{name}" for name in ("guest", "guestlist", "letterhead"))


@pytest.fixture
def protocol():
    roles.make()
    user = accounts.user(email="protocol@example.org")
    user.groups.add(Group.objects.get(name="protocol"))
    client = Visitor()
    client.force_login(user)
    return client


@pytest.fixture
def guests():
    return make.guest_list(make.pass_type(cms.edition()), companions=1)


def typed_list(of, **fields):
    values = {
        "name_en": "Embassies", "edition": of.edition.pk, "pass_type": of.pk, "reply_by": of.edition.opens_on,
        "companions": 2, "contact_name": "Protocol office", "contact_email": "protocol@example.org", "letters": "both",
    }  # fmt: skip
    return {name: str(value) for name, value in (values | fields).items()}


def typed_guest(guests, **fields):
    return {
        "guest_list": guests.pk, "name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា", "language": "km", "honorific": "excellency",
        "title": "doctor", "protocol_rank": "3",
    } | fields  # fmt: skip


def test_the_list_tells_whose_signed_original_is_kept(protocol, guests):
    kept, _other = make.guest(guests, name_latin="KEO Vanna"), make.guest(guests, name_latin="SOK Dara")
    Guest.objects.filter(pk=kept.pk).update(scan="originals/a.pdf")

    page = Page(protocol.get(reverse(f"{GUESTS}:list")))

    assert page.words("#listing-results tbody td:last-child") == ["Yes", ""]
    assert "False" not in page.tree.text_content()


def test_a_protocol_officer_makes_a_list_and_writes_guests_on_it(protocol):
    of = make.pass_type()
    agency = exhibitors.agency(name_en="Example Ministry")

    assert protocol.post(reverse(f"{LISTS}:add"), typed_list(of)).status_code == 302
    guests = GuestList.objects.get()
    assert protocol.post(reverse(f"{GUESTS}:add"), typed_guest(guests, agency_name="example ministry")).status_code == 302

    guest = Guest.objects.get()
    assert (guest.name_latin, guest.honorific, guest.protocol_rank, guest.agency, guest.edition) == (
        "SOK Dara", "excellency doctor", 3, agency, of.edition,
    )  # fmt: skip


def test_marks_that_turn_the_direction_of_letters_do_not_come_along_with_what_is_typed_of_a_guest(protocol, guests):
    typed = {
        "position": "Min\u202eister",
        "position_km": "រដ្ឋ\u200fមន្ត្រី",
        "agency_name_km": "ក្រសួង\x0b១",
        "contact_name": "\u202eX",
    }

    assert protocol.post(reverse(f"{GUESTS}:add"), typed_guest(guests, **typed)).status_code == 302

    guest = Guest.objects.get()
    assert (guest.position, guest.position_km, guest.agency_name_km, guest.contact_name) == (
        "Minister", "រដ្ឋមន្ត្រី", "ក្រសួង ១", "X",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text_en": "Dear {nmae}"}, "A letter does not know {nmae}."),
        ({"reply_by": "2099-01-01"}, "The forum is over by then."),
    ],
)
def test_a_list_that_makes_no_sense_is_refused_beside_the_field(protocol, fields, sentence):
    assert sentence in protocol.post(reverse(f"{LISTS}:add"), typed_list(make.pass_type(), **fields)).content.decode()
    assert not GuestList.objects.exists()


def test_guests_get_a_free_pass_of_the_same_edition(protocol):
    of = make.pass_type()
    elsewhere = make.pass_type(cms.edition(slug="earlier"), slug="old")
    priced = make.pass_type(of.edition, slug="priced", price=100)

    for other, sentence in ((elsewhere, "This pass belongs to another edition."), (priced, "Guests do not pay")):
        page = protocol.post(reverse(f"{LISTS}:add"), typed_list(of, pass_type=other.pk)).content.decode()
        assert sentence in page


def test_the_pass_stays_when_guests_have_replied(protocol, guests):
    replying.reply(guest=make.guest(guests), reply="attending")
    other = make.pass_type(guests.edition, slug="other")

    page = protocol.post(reverse(f"{LISTS}:edit", args=[guests.pk]), typed_list(guests.pass_type, pass_type=other.pk))

    assert "Guests have replied: the pass stays." in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name_latin": "សុខ"}, "Write this name in Latin letters."),
        ({"name_km": "Sok"}, "Write this name in Khmer letters."),
        ({"phone": "nought"}, "This does not look like a telephone number."),
        ({"name_latin": "Dara SOK", "email": "dara@example.org"}, "This person stands on the list already."),
        ({"external_key": "7"}, "Somebody of this list has this reference already."),
    ],
)
def test_a_guest_who_is_typed_wrongly_is_refused(protocol, guests, fields, sentence):
    make.guest(guests, name_latin="SOK Dara", email="dara@example.org", external_key="7")

    page = protocol.post(reverse(f"{GUESTS}:add"), typed_guest(guests, **fields)).content.decode()

    assert sentence in page
    assert Guest.objects.count() == 1


def test_an_emblem_is_a_picture_and_stands_on_the_letters(protocol, guests):
    typed = {name: getattr(Letterhead(), name) for name in ("place_en", "place_km", "number_form_en", "number_form_km",
             "first_number", "subject_en", "subject_km", "text_en", "text_km")} | {"edition": guests.edition.pk}  # fmt: skip
    wrong = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")
    right = SimpleUploadedFile("a.png", PIXEL)

    assert "pictures are taken" in protocol.post(reverse(f"{HEADS}:add"), typed | {"emblem": wrong}).content.decode()
    assert protocol.post(reverse(f"{HEADS}:add"), typed | {"emblem": right}).status_code == 302

    assert default_storage.exists(Letterhead.objects.get().emblem.name)
    make.guest(guests)
    assert protocol.get(reverse("guests_letters", args=["docx"])).content.startswith(b"PK")
    assert protocol.get(reverse("guests_letters", args=["pdf"])).content.startswith(b"%PDF")


def test_staff_record_a_reply_that_came_by_telephone(protocol, guests):
    guest = make.guest(guests)
    typed = {
        "reply": "represented",
        "name_latin": "CHAN Bopha",
        "protocol_rank": "7",
        "companion_1_name_latin": "LIM Sophea",
    }

    assert protocol.get(reverse("guest_reply", args=[guest.pk])).status_code == 200
    assert protocol.post(reverse("guest_reply", args=[guest.pk]), typed).status_code == 302

    holder = replying.holder_of(guest)
    assert (holder.name_latin, holder.protocol_rank) == ("CHAN Bopha", 7)
    assert Guest.objects.get().replied_by.email == "protocol@example.org"
    page = protocol.get(reverse(f"{GUESTS}:list")).content.decode()
    assert "CHAN Bopha +1" in page
    assert "Represented" in page


def test_a_reply_that_is_refused_says_why_and_keeps_what_was_typed(protocol, guests):
    guests.pass_type.quotas.update(size=0)
    guest = make.guest(guests)

    page = protocol.post(reverse("guest_reply", args=[guest.pk]), {"reply": "represented", "name_latin": "CHAN Bopha"})

    assert "All places kept for guests are taken" in page.content.decode()
    assert "CHAN Bopha" in page.content.decode()


def test_letters_of_the_filtered_list_come_as_one_file_and_are_in_the_history(protocol, guests):
    for number, rank in enumerate((5, 1, None)):
        make.guest(guests, name_latin=f"GUEST {'ABC'[number]}", protocol_rank=rank)
    address = reverse("guests_letters", args=["docx"]) + "?protocol_rank=5"

    answer = protocol.get(address)

    said = [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]
    assert [line for line in said if line in {"GUEST A", "GUEST B", "GUEST C"}] == [
        "GUEST B",
        "GUEST B",
        "GUEST A",
        "GUEST A",
    ]
    entry = ModelLogEntry.objects.get(action="cms.export")
    assert (entry.data["format"], entry.data["rows"]) == ("docx", 2)


def test_a_zip_holds_the_letters_one_by_one(protocol, guests):
    one = make.guest(guests)
    make.guest(guests)

    answer = protocol.get(reverse("guests_letters", args=["zip"]) + f"?q={one.code}")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"invitation-{one.code}.docx"]


def test_where_no_letter_can_be_made_the_list_says_why(protocol, guests):
    assert "No guest is left" in protocol.get(reverse("guests_letters", args=["pdf"]), follow=True).content.decode()
    make.guest(guests)
    make.guest(make.guest_list(make.pass_type(cms.edition(slug="other"), slug="x")))
    assert "several forums" in protocol.get(reverse("guests_letters", args=["pdf"]), follow=True).content.decode()
    assert protocol.get(reverse("guests_letters", args=["exe"]), follow=True).status_code == 404


def test_the_filtered_list_is_numbered_by_rank_and_sent(protocol, guests):
    low, high = make.guest(guests, protocol_rank=9), make.guest(guests, protocol_rank=1)
    paper, done = make.guest(guests, email=""), make.guest(guests)
    replying.reply(guest=done, reply="regrets")

    protocol.post(reverse("guests_number") + f"?guest_list={guests.pk}", {"on": "2027-01-04"})
    protocol.post(reverse("guests_send") + f"?guest_list={guests.pk}")

    rows = {guest.pk: guest for guest in Guest.objects.all()}
    assert [rows[each.pk].letter_number for each in (high, low)] == [1, 2]
    assert {str(guest.letter_date) for guest in rows.values()} == {"2027-01-04"}
    assert {pk for pk, guest in rows.items() if guest.to_send_at} == {low.pk, high.pk}
    assert paper.pk in rows


def test_the_signed_original_is_taken_by_what_is_in_it_and_handed_out_to_be_saved(protocol, guests):
    guest = make.guest(guests)
    address = reverse("guest_scan", args=[guest.pk])

    page = protocol.post(address, {"scan": SimpleUploadedFile("letter.pdf", b"<html>")})
    assert "Only PDF files and pictures" in page.content.decode()
    assert protocol.post(address, {"scan": SimpleUploadedFile("letter.exe", b"%PDF-1.7 signed")}).status_code == 302

    answer = protocol.get(reverse("guest_original", args=[guest.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 signed"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert set(ModelLogEntry.objects.values_list("action", flat=True)) == {"registration.keep_scan", "registration.scan"}


def test_a_guest_is_taken_off_or_erased(protocol, client, guests):
    gone, stays = make.guest(guests), make.guest(guests)
    inviting.number(guest=stays)

    assert protocol.post(reverse("guest_take_off", args=[gone.pk])).status_code == 302
    assert "it stays on the list" in protocol.post(reverse("guest_take_off", args=[stays.pk])).content.decode()
    assert protocol.post(reverse("guest_erase", args=[stays.pk]), {"reason": "letter 7"}).status_code in {302, 403}
    client.force_login(accounts.user(is_superuser=True))
    assert client.post(reverse("guest_erase", args=[stays.pk]), {"reason": "letter 7"}).status_code == 302
    assert Guest.objects.get().name_latin == "–"


def test_figures_are_drawn_with_words(protocol, guests):
    for number, what in enumerate(["attending", "attending", "regrets", "silent"]):
        guest = make.guest(guests, name_latin=f"GUEST {'ABCD'[number]}")
        if what != "silent":
            along = [{"name_latin": "LIM Sophea"}] if number == 0 else []
            replying.reply(guest=guest, reply=what, companions=along)

    figures = guest_figures.of(guests)
    page = protocol.get(reverse("guests_overview", args=[guests.pk])).content.decode()

    assert [(share.reply, share.number, share.start, share.width) for share in figures.shares] == [
        ("attending", 2, 0, 500), ("represented", 0, 500, 0), ("regrets", 1, 500, 250), ("silent", 1, 750, 250),
    ]  # fmt: skip
    assert (figures.guests, figures.people, figures.companions) == (4, 3, 1)
    assert 'aria-label="Attending: 2, Represented: 0, Sends regrets: 1, No reply yet: 1"' in page


def test_figures_of_nobody_are_nothing(guests):
    assert {(share.number, share.width) for share in guest_figures.of(guests).shares} == {(0, 0)}


def test_the_list_asks_as_much_for_three_guests_as_for_one(protocol, guests, django_assert_max_num_queries):
    counts = []
    for wanted in (1, 3):
        while Guest.objects.count() < wanted:
            replying.reply(guest=make.guest(guests, agency_name="Ministry"), reply="attending")
        with django_assert_max_num_queries(200) as seen:
            protocol.get(reverse(f"{GUESTS}:list"))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_list_as_a_file_holds_what_is_filtered(protocol, guests):
    make.guest(guests, name_latin="SOK Dara")
    replying.reply(guest=make.guest(guests, name_latin="CHAN Bopha"), reply="regrets")

    answer = protocol.get(reverse(f"{GUESTS}:list") + "?export=csv&reply=regrets")
    content = b"".join(answer.streaming_content).decode()

    assert "CHAN Bopha" in content
    assert "SOK Dara" not in content


SHEET = [
    ["Your reference", "Protocol rank", "Form of address", "Full name in Latin letters", "Full name in Khmer", "Position",
     "Position in Khmer", "E-mail address", "Language of messages"],
    ["1", "1", "H.E. Dr", "SOK Dara", "សុខ ដារ៉ា", "Minister", "រដ្ឋមន្ត្រី", "dara@example.org", "ខ្មែរ"],
    ["2", "x", "", "CHAN Bopha", "", "", "", "", ""],
    ["3", "", "", "LIM Sophea", "", "", "", "", "English"],
    ["3", "", "", "KEO Vanna", "", "", "", "", ""],
]  # fmt: skip


def xlsx(rows) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("guests.xlsx", target.getvalue())


def bring_in(protocol, guests, rows):
    """Both steps; what became of each row."""
    address = reverse("guests_sheet", args=[guests.pk])
    before = list(Guest.objects.values())
    dry = protocol.post(address, {"sheet": xlsx(rows)})
    assert list(Guest.objects.values()) == before
    if not dry.context["held"] or not dry.context["todo"]:
        return [str(line.outcome) for line in dry.context["lines"]]
    wet = protocol.post(address, {"rows": dry.context["held"]["rows"].value()})
    assert [str(line.outcome) for line in wet.context["lines"]] == [str(line.outcome) for line in dry.context["lines"]]
    return [str(line.outcome) for line in wet.context["lines"]]


def test_a_sheet_brings_guests_in_and_says_which_rows_it_could_not(protocol, guests):
    assert bring_in(protocol, guests, SHEET) == ["new", "refused", "new", "refused"]

    first, second = Guest.objects.all()
    assert (first.honorific, first.name_km, first.position_km, first.protocol_rank, first.language) == (
        "excellency doctor", "សុខ ដារ៉ា", "រដ្ឋមន្ត្រី", 1, "km",
    )  # fmt: skip
    assert (second.name_latin, second.email) == ("LIM Sophea", "")


def test_the_same_sheet_again_changes_nothing_and_a_reference_corrects(protocol, guests):
    bring_in(protocol, guests, SHEET)
    before = list(Guest.objects.values())

    assert bring_in(protocol, guests, SHEET) == ["same", "refused", "same", "refused"]
    assert list(Guest.objects.values()) == before
    changed = [SHEET[0], [*SHEET[1][:5], "Senior Minister", *SHEET[1][6:]], ["9", "", "", "Sophea LIM"]]
    assert bring_in(protocol, guests, changed) == ["changed", "same"]
    assert Guest.objects.get(external_key="1").position == "Senior Minister"


def test_a_sheet_that_says_no_language_leaves_that_of_a_guest(protocol, guests):
    heads = ["Your reference", "Full name in Latin letters", "Position"]
    bring_in(protocol, guests, [heads, ["r1", "SOK Dara", "Minister"]])
    written_in = Guest.objects.get().language

    protocol.cookies["django_language"] = "km" if written_in == "en" else "en"

    assert bring_in(protocol, guests, [heads, ["r1", "SOK Dara", "Senior Minister"], ["r2", "LIM Sophea", ""]]) == [
        "changed",
        "new",
    ]
    assert [guest.language for guest in Guest.objects.order_by("external_key")] == [
        written_in,
        protocol.cookies["django_language"].value,
    ]


def test_a_guest_who_was_erased_does_not_come_back_with_the_same_sheet(protocol, client, guests):
    bring_in(protocol, guests, SHEET[:2])
    client.force_login(accounts.user(is_superuser=True))
    client.post(reverse("guest_erase", args=[Guest.objects.get().pk]), {"reason": "letter 7"})

    assert bring_in(protocol, guests, SHEET[:2]) == ["same"]
    assert Guest.objects.get().name_latin == "–"


def test_the_sheet_to_fill_in_is_understood(protocol, guests):
    content = protocol.get(reverse("guests_template", args=[guests.pk])).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    headings = [cell.value for cell in sheet[1]]

    row = ["SOK Dara" if heading == "Full name in Latin letters" else "" for heading in headings]
    assert bring_in(protocol, guests, [headings, row]) == ["new"]


def test_what_the_page_holds_between_both_steps_is_looked_at(protocol, guests):
    page = protocol.post(reverse("guests_sheet", args=[guests.pk]), {"rows": '[[1, {"letter_number": "7"}]]'})

    assert page.status_code == 422
    assert not Guest.objects.exists()


def test_the_list_leads_to_each_guest_and_to_what_may_be_done(protocol, guests):
    guest = make.guest(guests)

    page = protocol.get(reverse(f"{GUESTS}:list")).content.decode()

    assert reverse(f"{GUESTS}:edit", args=[guest.pk]) in page
    assert all(reverse(f"guest_{act}", args=[guest.pk]) in page for act in ("reply", "scan", "take_off"))
