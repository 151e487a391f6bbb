"""A sheet of people: good rows come in, bad ones are named with their reason, and the same sheet again changes nothing."""

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import override
from post_office.models import Email

from cms import sheets
from forum.registration import delegating, enrolling, erasing, sheet_rows, signup
from forum.registration.models import Places, Quota, Registration
from tests.factories import exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegation():
    return make.delegation(delegate=5, media=2)


@pytest.fixture
def focal(delegation):
    return exhibitors.member(delegation.agency, email="focal@example.org")


@pytest.fixture
def bring(delegation, focal):
    """Plans and does; returns what became of each row."""

    def act(*people, user=focal):
        rows = [(number, {"pass_type": "delegate"} | person) for number, person in enumerate(people, start=2)]
        lines = enrolling.plan(delegation=delegation, rows=rows, user=user)
        enrolling.carry_out(delegation=delegation, lines=lines, user=user)
        return [(line.outcome.value, *line.reasons) for line in lines]

    return act


def people():
    return list(Registration.objects.live().order_by("pk").values_list("name_latin", flat=True))


DARA = {"name_latin": "SOK Dara", "email": "dara@example.org", "position": "Director"}


def test_good_rows_come_in_and_bad_ones_say_why(bring):
    outcomes = bring(
        DARA,
        {"name_latin": ""},
        {"name_latin": "សុខ ដារ៉ា"},
        {"name_latin": "=1+1"},
        {"name_latin": "CHAN Bopha", "phone": "nought"},
        {"name_latin": "KEO Vanna", "pass_type": "gold"},
        {"name_latin": "LIM Sophea", "name_km": "លីម សុភា", "pass_type": "Media"},
    )

    assert [outcome[0] for outcome in outcomes] == ["new", *["refused"] * 5, "new"]
    assert outcomes[1] == ("refused", "Full name in Latin letters: This field is required.")
    assert outcomes[2] == ("refused", "Full name in Latin letters: Write this name in Latin letters.")
    assert people() == ["SOK Dara", "LIM Sophea"]


def test_a_pass_that_the_delegation_has_not_is_told_with_those_it_has(bring):
    ((_outcome, reason),) = bring({"name_latin": "KEO Vanna", "pass_type": "100% gold"})

    assert reason == "Pass: There is no pass “100% gold” here. Your delegation has: Delegate, Media."


def test_reasons_are_in_the_readers_language(bring):
    with translation.override("km"):
        ((_outcome, reason),) = bring({"name_latin": "សុខ ដារ៉ា"})

    assert reason.startswith("ឈ្មោះ")


def test_the_same_sheet_again_changes_nothing(bring):
    sheet = [DARA, {"name_latin": "CHAN Bopha"}, {"name_latin": "", "position": "Nobody"}]
    bring(*sheet)
    before = list(Registration.objects.values())
    letters = Email.objects.count()

    assert [outcome[0] for outcome in bring(*sheet)] == ["same", "same", "refused"]
    assert list(Registration.objects.values()) == before
    assert Email.objects.count() == letters


def test_a_sheet_that_says_no_language_leaves_that_of_a_person(bring):
    sheet = {"external_key": "7"} | {name: value for name, value in DARA.items() if name != "language"}
    with override("km"):
        bring(sheet)

    assert bring(sheet | {"position": "Minister"}) == [("changed",)]
    assert Registration.objects.get().language == "km"


def test_a_reference_that_stood_there_twice_is_refused_again(bring):
    sheet = [{"external_key": "7"} | DARA, {"external_key": "7", "name_latin": "CHAN Bopha"}]
    bring(*sheet)

    assert [outcome[0] for outcome in bring(*sheet)] == ["same", "refused"]
    assert people() == ["SOK Dara"]


def test_what_people_changed_themselves_stays_when_the_sheet_comes_again(bring):
    bring({"external_key": "7"} | DARA)
    Registration.objects.update(position="Minister")

    assert bring({"external_key": "7"} | DARA) == [("same",)]
    assert Registration.objects.get().position == "Minister"


@pytest.mark.parametrize("leave", [signup.withdraw, erasing.erase])
def test_nobody_who_left_comes_back_with_the_same_sheet(bring, leave):
    bring(DARA)
    leave(registration=Registration.objects.get())

    ((outcome, reason),) = bring(DARA)

    assert (outcome, people()) == ("same", [])
    assert reason.startswith("Brought in earlier and withdrawn since.")


def test_nobody_who_was_replaced_comes_back_with_the_same_sheet(bring, focal):
    bring(DARA)
    delegating.swap(registration=Registration.objects.get(), user=focal, name_latin="CHAN Bopha")

    assert bring(DARA) == [("same",)]
    assert people() == ["CHAN Bopha"]


def test_a_reference_changes_the_person(bring):
    bring({"external_key": "7"} | DARA)
    person = Registration.objects.get()
    Email.objects.all().delete()

    assert bring({"external_key": "7"} | DARA | {"position": "Minister", "email": "sok@example.org"}) == [("changed",)]

    person.refresh_from_db()
    assert (person.position, person.email, person.holder_no, person.epoch) == ("Minister", "sok@example.org", 1, 2)
    assert [letter.to for letter in Email.objects.order_by("pk")] == [["dara@example.org"], ["sok@example.org"]]
    assert Places.objects.get(pass_type__slug="delegate").taken == 1


def test_another_name_under_a_reference_is_another_person_in_the_place(bring):
    bring({"external_key": "7"} | DARA)

    assert bring({"external_key": "7", "name_latin": "CHAN Bopha"}) == [("changed",)]
    person = Registration.objects.get()
    assert (person.name_latin, person.holder_no, person.epoch, person.external_key) == ("CHAN Bopha", 2, 2, "7")


def test_another_pass_under_a_reference_is_refused(bring):
    bring({"external_key": "7"} | DARA)

    ((outcome, reason),) = bring({"external_key": "7", "pass_type": "media"} | DARA)

    assert (outcome, reason) == (
        "refused",
        "This person has another pass. Withdraw them and register them anew with this one.",
    )


def test_another_focal_point_may_bring_the_people_of_the_first(bring, delegation):
    row = {"external_key": "7", "name_latin": "SOK Dara"}
    bring(row)

    other = exhibitors.member(delegation.agency)
    assert bring(row | {"position": ""}, {"name_latin": "Dara Sok", "phone": "012 345 678"}, user=other) == [
        ("same",),
        ("same", "Registered already."),
    ]


def test_what_stands_there_twice_comes_in_once(bring):
    outcomes = bring(
        {"external_key": "7"} | DARA,
        {"external_key": "7"} | DARA,
        {"external_key": "7", "name_latin": "CHAN Bopha"},
        {"name_latin": "Dara SOK", "email": "DARA@example.org"},
    )

    assert outcomes == [
        ("new",),
        ("same", "The same stands in row 2."),
        ("refused", "The same reference stands in row 2."),
        ("refused", "The same person stands in row 2."),
    ]


def test_who_registered_elsewhere_is_refused(bring, delegation, focal):
    make.registration(of=make.PassType.objects.get(slug="delegate"), **DARA)
    make.registration(of=make.PassType.objects.get(slug="delegate"), name_latin="CHAN Bopha", email=focal.email)

    outcomes = bring(DARA, {"name_latin": "CHAN Bopha"})

    assert {outcome[0] for outcome in outcomes} == {"refused"}
    assert Places.objects.filter(taken__gt=0).count() == 0


def test_rows_beyond_the_places_are_refused_and_those_before_come_in(bring):
    outcomes = bring(*({"name_latin": f"SOK {letter}"} for letter in "ABCDEFG"))

    assert outcomes == [("new",)] * 5 + [("refused", "Your delegation has no place of this pass left.")] * 2


def test_the_forums_own_places_are_known_before_too(delegation, focal):
    Quota.objects.filter(name="delegate places").update(size=1)
    rows = [(2, {"name_latin": "SOK A", "pass_type": "delegate"}), (3, {"name_latin": "SOK B", "pass_type": "delegate"})]

    lines = enrolling.plan(delegation=delegation, rows=rows, user=focal)

    assert [(line.outcome, line.reasons) for line in lines] == [
        ("new", []),
        ("refused", ["All places of this pass are taken."]),
    ]


def test_what_was_taken_meanwhile_is_refused_when_it_is_done(delegation, focal):
    rows = [(2, {"name_latin": "SOK A", "pass_type": "media"}), (3, {"name_latin": "SOK B", "pass_type": "media"})]
    lines = enrolling.plan(delegation=delegation, rows=rows, user=focal)
    make.delegate(delegation, focal, slug="media")

    enrolling.carry_out(delegation=delegation, lines=lines, user=focal)

    assert [line.outcome.value for line in lines] == ["new", "refused"]


def test_people_with_an_address_are_written_to_and_the_focal_point_of_the_others_once(bring):
    bring(DARA, {"name_latin": "CHAN Bopha"}, {"name_latin": "KEO Vanna"})

    letters = {letter.to[0]: letter.message for letter in Email.objects.all()}
    assert sorted(letters) == ["dara@example.org", "focal@example.org"]
    assert "2 people without an e-mail address" in letters["focal@example.org"]
    assert "/delegation/" in letters["focal@example.org"]
    assert Email.objects.count() == 2


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("honorific", "H.E.", "excellency"),
        ("honorific", "លោកជំទាវ", "lok-chumteav"),
        ("honorific", "mr", "mr"),
        ("honorific", "H.E. Dr.", "excellency doctor"),
        ("honorific", "បណ្ឌិត លោកជំទាវ", "lok-chumteav doctor"),
        ("honorific", "Samdech Techo", "samdech techo"),
        ("honorific", "oknha", "oknha"),
        ("honorific", "", ""),
        ("language", "ខ្មែរ", "km"),
        ("language", "Khmer", "km"),
        ("language", "English", "en"),
        ("language", "", "en"),
    ],
)
def test_choices_are_understood_as_people_write_them(bring, column, written, kept):
    assert bring({"name_latin": "SOK Dara", column: written}) == [("new",)]

    assert getattr(Registration.objects.get(), column) == kept


@pytest.mark.parametrize("written", ["ប្រតិភូ", "Delegate", "DELEGATE"])
def test_a_pass_is_known_by_its_name_in_either_language(bring, written):
    Places.objects.filter(pass_type__slug="media").delete()

    assert bring({"name_latin": "SOK Dara", "pass_type": written}, {"name_latin": "SOK Bopha", "pass_type": ""}) == [
        ("new",),
        ("new",),
    ]


def test_headings_may_be_in_either_language_and_in_any_order(delegation):
    with translation.override("km"):
        in_khmer = enrolling.headings(delegation)
    table = [(1, ["Remarks", in_khmer["name_latin"], "e-mail  ADDRESS"]), (3, ["x", "SOK Dara", "dara@example.org"])]

    rows, ignored = enrolling.understand(table, delegation)

    assert rows == [(3, {"name_latin": "SOK Dara", "email": "dara@example.org"})]
    assert ignored == ["Remarks"]


@pytest.mark.parametrize("table", [[], [(1, ["Name"])], [(1, ["Full name in Latin letters", "full name in latin letters"])]])
def test_a_sheet_without_headings_is_refused_as_a_whole(delegation, table):
    with pytest.raises(ValidationError) as refusal:
        enrolling.understand(table, delegation)

    assert refusal.value.code == "columns"


def test_planning_asks_as_much_for_three_rows_as_for_one(delegation, focal, django_assert_num_queries):
    for count in (1, 3):
        rows = [(number, {"name_latin": f"SOK {'ABC'[number]}", "pass_type": "media"}) for number in range(count)]
        with django_assert_num_queries(5):
            enrolling.plan(delegation=delegation, rows=rows, user=focal)


def sheet_of(size, bad) -> bytes:
    """So many people, of whom the last are bad in turn in five ways."""
    book = openpyxl.Workbook()
    names = ["Your reference", "Full name in Latin letters", "Full name in Khmer", "Position", "E-mail address", "Telephone"]
    book.active.append(names)
    letters = [f"{a}{b}" for a in "ABCDEFGHIJKLMNOPQRST" for b in "ABCDEFGHIJKLMNOPQRST"]
    for number in range(size):
        row = [number + 1, f"SOK {letters[number]}", "សុខ ដារ៉ា", "Director", f"p{number}@example.org", f"012 3{number:05}"]
        if number >= size - bad:
            column, value = [(1, ""), (1, "សុខ"), (2, "Sok"), (4, "no address"), (5, "nought")][number % 5]
            row[column] = value
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_of_three_hundred_rows_with_twenty_bad_ones_280_come_in_once():
    delegation = make.delegation(delegate=300)
    Quota.objects.update(size=1000)
    focal = exhibitors.member(delegation.agency)
    content = sheet_of(300, bad=20)

    def bring():
        table = sheets.read(SimpleUploadedFile("names.xlsx", content), most_rows=sheet_rows.MOST_ROWS)
        rows, _ignored = enrolling.understand(table, delegation)
        lines = enrolling.plan(delegation=delegation, rows=rows, user=focal)
        return enrolling.carry_out(delegation=delegation, lines=lines, user=focal)

    lines = bring()

    assert [line.outcome for line in lines] == ["new"] * 280 + ["refused"] * 20
    assert [line.number for line in lines if line.reasons] == list(range(282, 302))
    assert (Registration.objects.count(), Places.objects.get().taken, Quota.objects.get().taken) == (280, 280, 280)
    before = list(Registration.objects.values())
    letters = Email.objects.count()

    assert {line.outcome for line in bring()} == {"same", "refused"}
    assert list(Registration.objects.values()) == before
    assert Email.objects.count() == letters == 280


@pytest.mark.parametrize("written", ["Count", "Mr Mrs"])
def test_a_form_of_address_that_is_none_is_refused_beside_its_heading(bring, written):
    assert bring({"name_latin": "SOK Dara", "honorific": written}) == [
        ("refused", f"Form of address: Select a valid choice. {written} is not one of the available choices.")
    ]
