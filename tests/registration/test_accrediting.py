"""What security needs to know: given whole, changed with a new round, required before a yes, forgotten soon."""

import datetime
import io
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from PIL import Image
from post_office.models import Email
from wagtail.log_actions import registry

from cms import images
from cms.refusals import code_of
from forum.desks import own_data
from forum.registration import accrediting, approving, delegating, editing, erasing, signup
from forum.registration.accreditation_forms import AccreditationForm
from forum.registration.back_office_passes import PassTypeViewSet
from forum.registration.models import Accreditation, PassType, Registration
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }
    return tmp_path


@pytest.fixture
def person():
    return make.registration(make.pass_type(needs_security=True))


@pytest.fixture
def officer():
    return accounts.user()


def files():
    return default_storage.listdir("accreditation")[1] if default_storage.exists("accreditation") else []


def refused(act, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        act(**kwargs)
    return code_of(refusal.value)


def clear(person, **kwargs):
    return approving.decide(registration=person, step="security", is_yes=True, user=None, **kwargs)


def now(person):
    row = Registration.objects.get(pk=person.pk)
    return row.state, row.awaits, row.round


def lacks(person):
    return [str(words) for words in accrediting.lacks(Registration.objects.with_names().get(pk=person.pk))]


def test_what_is_missing_is_said_until_nothing_is(person):
    assert lacks(person) == ["identity document", "photo"]

    accrediting.give(registration=person, **make.DOCUMENT)
    assert lacks(person) == ["photo"]

    accrediting.give(registration=person, photo=make.photo())
    assert lacks(person) == []
    kept = Accreditation.objects.get()
    assert {name: getattr(kept, name) for name in make.DOCUMENT} == make.DOCUMENT
    assert (kept.version, kept.nationality_in("en"), kept.nationality_in("km")) == (2, "Cambodia", "កម្ពុជា")


@pytest.mark.parametrize(
    ("needs", "missing"),
    [
        ({"needs_photo": True}, ["photo"]),
        ({"needs_security": True}, ["identity document", "photo"]),
        ({"needs_organiser": True}, []),
        ({}, []),
    ],
)
def test_a_pass_asks_only_what_it_needs(needs, missing):
    assert lacks(make.registration(make.pass_type(**needs))) == missing


def test_a_pass_that_asks_a_photo_alone_keeps_no_document():
    person = make.registration(make.pass_type(needs_photo=True))

    make.accredit(person)

    kept = Accreditation.objects.get()
    assert (kept.document_number, kept.born_on, bool(kept.photo)) == ("", None, True)
    assert now(person)[0] == "confirmed"


def test_who_is_not_asked_gives_nothing():
    person = make.registration(make.pass_type(needs_organiser=True))

    assert refused(make.accredit, person=person) == "not_asked"
    assert not Accreditation.objects.exists()


def test_who_has_left_or_comes_too_late_gives_nothing(person):
    edition = person.edition
    day = datetime.timedelta(days=40)
    type(edition).objects.update(opens_on=edition.opens_on - 2 * day, closes_on=edition.closes_on - 2 * day)
    assert refused(make.accredit, person=person) == "over"
    signup.withdraw(registration=person)
    assert refused(make.accredit, person=person) == "withdrawn"


def test_the_history_names_what_changed_and_never_to_what(person, officer):
    make.accredit(person, user=officer)
    make.accredit(person, photo=None)
    accrediting.give(registration=person, **make.DOCUMENT | {"document_number": "N999"})

    entries = [entry for entry in registry.get_logs_for_instance(person) if entry.action == "registration.accredit"]
    assert [(entry.user, entry.data["changed"]) for entry in reversed(entries)] == [
        (officer, sorted([*make.DOCUMENT, "photo"])),
        (None, ["document_number"]),
    ]
    assert "N999" not in str([entry.data for entry in entries])


def test_a_photo_takes_the_place_of_the_one_before(person, django_capture_on_commit_callbacks):
    for colour in ("teal", "navy"):
        with django_capture_on_commit_callbacks(execute=True):
            make.accredit(person, photo=make.photo(colour=colour))

    assert len(files()) == 1
    shown = Image.open(BytesIO(accrediting.photo_of(person)))
    assert (shown.format, shown.size) == ("JPEG", images.PORTRAIT)
    assert shown.getpixel((9, 9))[2] > 100  # navy


def test_the_file_is_named_after_nobody(person):
    make.accredit(person)

    (name,) = files()
    assert person.code.lower() not in name and len(name) == len("0123456789abcdef.jpg")


def test_security_says_no_yes_to_what_is_incomplete_and_one_to_what_is_whole(person):
    assert refused(clear, person=person) == "incomplete"
    accrediting.give(registration=person, **make.DOCUMENT)
    assert refused(clear, person=person) == "incomplete"
    assert now(person) == ("applied", "security", 1)

    accrediting.give(registration=person, photo=make.photo())
    clear(person)
    assert now(person) == ("confirmed", "", 1)


def test_security_may_refuse_what_is_incomplete_and_keeps_nothing_of_it(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make.accredit(person)
        approving.decide(registration=person, step="security", is_yes=False, reason="Not on our list.", user=None)

    assert now(person)[0] == "refused"
    assert (Accreditation.objects.count(), files()) == (0, [])


def test_a_yes_to_what_has_changed_meanwhile_is_none(person):
    make.accredit(person)
    accrediting.give(registration=person, **make.DOCUMENT | {"document_number": "N777"})

    assert refused(clear, person=person, seen=1) == "changed"
    assert now(person) == ("applied", "security", 1)
    clear(person, seen=2)
    assert now(person)[0] == "confirmed"


def test_those_incomplete_are_named_apart_from_those_changed(person):
    second, third = (make.registration(person.pass_type) for _number in range(2))
    make.accredit(second)
    make.accredit(third)

    done, others = approving.decide_many(
        registrations=[person, second, third], step="security", is_yes=True, seen={second.code: 1, third.code: 7}, user=None
    )

    assert done == 1
    assert {words.split(":")[0].split(".")[0]: codes for words, codes in others.items()} == {
        "What security needs to know is incomplete": [person.short_code],
        "The person has changed what you saw": [third.short_code],
    }


def test_a_change_of_what_security_saw_begins_a_new_round_for_security_alone():
    of = make.pass_type(needs_organiser=True, needs_security=True)
    person = make.accredit(make.registration(of))
    for step in ("organiser", "security"):
        approving.decide(registration=person, step=step, is_yes=True, user=None)
    letters = Email.objects.count()

    accrediting.give(registration=person, photo=make.photo(colour="navy"))

    assert now(person) == ("applied", "security", 2)
    assert Email.objects.count() == letters + 1
    clear(person)
    assert now(person) == ("confirmed", "", 2)


def test_the_same_once_more_changes_nothing(person):
    make.accredit(person)
    clear(person)

    accrediting.give(registration=person, **make.DOCUMENT)

    assert now(person) == ("confirmed", "", 1)
    assert Accreditation.objects.get().version == 1


def test_the_letters_say_what_is_missing_in_the_language_of_the_person():
    of = make.pass_type(needs_security=True)
    make.registration(of)
    make.registration(of, language="km")

    english, khmer = Email.objects.order_by("pk")
    for text in (english.message, english.html_message):
        assert "We still need from you: identity document and photo." in text
    assert "identity document" not in khmer.message and "ឯកសារអត្តសញ្ញាណ និង រូបថត" in khmer.message


def test_a_letter_to_somebody_complete_asks_for_nothing(person):
    make.accredit(person)
    clear(person)

    assert "We still need" not in Email.objects.order_by("pk").last().message


@pytest.mark.parametrize("act", ["withdraw", "erase"])
def test_who_leaves_or_is_erased_is_forgotten_at_once(person, act, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make.accredit(person)
        {"withdraw": signup.withdraw, "erase": erasing.erase}[act](registration=person)

    assert (Accreditation.objects.count(), files()) == (0, [])


def test_another_person_in_the_place_starts_anew(django_capture_on_commit_callbacks):
    make.pass_type(needs_security=True)
    delegation = make.delegation(exhibitors.agency(), delegate=1)
    person = make.accredit(make.delegate(delegation))

    with django_capture_on_commit_callbacks(execute=True):
        delegating.swap(registration=person, user=accounts.user(), **make.person())

    assert (Accreditation.objects.count(), files()) == (0, [])


def edit(person, user=None, **changes):
    facts = {"name_latin": person.name_latin, "email": person.email} | changes
    pass_type = facts.pop("pass_type", person.pass_type)
    return editing.edit(registration=person, pass_type=pass_type, answers={}, needs={}, user=user, **facts)


def test_another_name_is_another_person_unless_staff_corrects_it(person, officer):
    make.accredit(person)

    edit(person, position="Minister")
    edit(person, user=officer, name_latin="SOK Dara Rith")
    assert Accreditation.objects.count() == 1

    edit(person, name_latin="KEO Vanna")
    assert Accreditation.objects.count() == 0


def test_a_pass_that_asks_nothing_keeps_nothing(person):
    make.accredit(person)

    edit(person, pass_type=make.pass_type(person.edition, slug="open"))

    assert Accreditation.objects.count() == 0


def test_a_document_is_kept_whole_or_not_at_all_whoever_writes_it(person):
    for row in (
        Accreditation(registration=person, document_number="N1"),
        Accreditation(registration=person, **make.DOCUMENT | {"born_on": None}),
        Accreditation(registration=person),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def purge(**options) -> str:
    written = io.StringIO()
    call_command("purge_personal_data", stdout=written, **options)
    return written.getvalue()


def test_it_is_purged_after_the_forum_which_a_dry_run_tells_first(person, django_capture_on_commit_callbacks):
    make.accredit(person)
    running = make.accredit(make.registration(make.pass_type(cms.edition("later"), needs_security=True)))
    today = cms.timezone.localdate()
    day = datetime.timedelta(days=1)
    type(person.edition).objects.filter(pk=person.edition_id).update(
        opens_on=today - 3 * day, closes_on=today - 2 * day, day_begins_at=0
    )

    assert purge(dry_run=True) == "would delete 1: next: accreditations, with their photos\n"
    assert (Accreditation.objects.count(), len(files())) == (2, 2)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge() == "deleting 1: next: accreditations, with their photos\n"

    assert list(Accreditation.objects.values_list("pk", flat=True)) == [running.pk]
    assert len(files()) == 1
    assert purge() == "Nothing is past its time.\n"


def test_a_person_takes_along_what_is_kept_of_them(person):
    assert own_data.gather(person)["accreditation"] is None

    make.accredit(person)

    told = own_data.gather(person)["accreditation"]
    assert {name: told[name] for name in make.DOCUMENT} == make.DOCUMENT
    assert len(told["photo_base64"]) > 500


TYPED = {"sex": "F", "born_on": "1980-05-17", "nationality": "KH", "document_kind": "passport", "document_number": "n012 34"}


def form(person, given=None, photo=None, **typed):
    files = {"photo": ContentFile(photo, name="me.jpg")} if photo else {}
    return AccreditationForm(TYPED | typed, files, registration=person, given=given)


@pytest.mark.parametrize("born_on", ["1980-05-17", "17/05/1980", "១៧/០៥/១៩៨០", "17.05.1980"])
def test_what_is_typed_is_read_in_either_script(person, born_on):
    said = form(person, born_on=born_on, document_number=" n០១២៣ ")

    assert said.is_valid(), said.errors
    assert (said.cleaned_data["born_on"], said.cleaned_data["document_number"]) == (datetime.date(1980, 5, 17), "N0123")


@pytest.mark.parametrize(
    "typed",
    [
        {"sex": ""}, {"sex": "Z"}, {"born_on": ""}, {"born_on": "soon"}, {"born_on": "2999-01-01"},
        {"born_on": "1800-01-01"}, {"nationality": ""}, {"nationality": "Atlantis"},
        {"document_kind": "library"}, {"document_number": ""},
        {"document_number": "=1+1"}, {"document_number": "N" * 31}, {"document_number": "<b>"},
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_beside_its_field(person, typed):
    assert list(form(person, **typed).errors) == list(typed)


def test_a_picture_that_is_none_is_refused_and_a_good_one_asked_for_again_where_something_else_is_wrong(person):
    assert list(form(person, photo=b"%PDF-").errors) == ["photo"]
    said = form(person, photo=make.picture(), sex="")
    assert list(said.errors) == ["sex", "photo"]
    assert "choose the file again" in said.errors["photo"][0]


def test_countries_are_those_of_the_edition(person):
    row = person.edition.countries.get(code="LA")
    row.name_en = "Laos"
    row.save()

    assert ("LA", "Laos") in form(person).fields["nationality"].choices


def test_what_all_lack_is_found_in_one_query_and_in_none_where_no_pass_asks(person, django_assert_num_queries):
    people = [person, *(make.registration(person.pass_type) for _number in range(2))]
    make.accredit(people[1])
    free = make.registration(make.pass_type(person.edition, slug="open"))

    with django_assert_num_queries(1):
        assert set(Accreditation.objects.lacking(people)) == {people[0].pk, people[2].pk}
    with django_assert_num_queries(0):
        assert Accreditation.objects.lacking([free]) == {}


def test_the_form_of_a_pass_in_the_back_office_asks_for_the_photo():
    form = PassTypeViewSet().get_edit_handler().get_form_class()(instance=PassType())

    assert {"needs_photo", "needs_security"} <= form.fields.keys()


def test_a_photo_may_follow_later_where_security_asks_and_not_where_it_is_all_that_is_asked(person):
    badge_only = make.registration(make.pass_type(person.edition, slug="badge", needs_photo=True))

    assert "You may add it later" in form(person).fields["photo"].help_text
    said = AccreditationForm({}, {}, registration=badge_only, given=None)
    assert ("later" in said.fields["photo"].help_text, list(said.errors)) == (False, ["photo"])


NO_FRAME = "The frame does not lie in the picture. Please choose the file again, and the part of it that is kept."


def framed(left, top, width) -> dict:
    return {"frame_left": left, "frame_top": top, "frame_width": width}


def shown(form):
    assert form.is_valid(), form.errors
    return Image.open(form.cleaned_data["photo"]).getpixel((240, 320))


def test_the_part_that_was_framed_is_kept_and_without_a_frame_the_middle_or_the_top(person):
    picture, written = Image.new("RGB", (1200, 1600), "white"), BytesIO()
    picture.paste("red", (900, 1200, 1200, 1600))
    picture.paste("lime", (300, 0, 900, 400))
    picture.save(written, "PNG")
    wide = Image.new("RGB", (600, 2400), "white"), BytesIO()
    wide[0].paste("lime", (0, 0, 600, 800))
    wide[0].save(wide[1], "PNG")

    red = shown(form(person, photo=written.getvalue(), keep="top", **framed("0.75", "0.75", "0.25")))

    assert (red[0] > 250, red[1] < 5) == (True, True)
    assert shown(form(person, photo=wide[1].getvalue(), **framed("", "", "")))[0] > 250
    assert shown(form(person, photo=wide[1].getvalue(), keep="top", **framed("", "", "")))[0] < 5


@pytest.mark.parametrize(
    "shares",
    [
        ("0", "0", ""), ("", "0", "0.5"), ("0", "", "0.5"), ("x", "0", "0.5"), ("0", "0", "0,5"), ("nan", "0", "0.5"),
        ("0", "inf", "0.5"), ("0", "0", "-inf"), ("0", "0", "0"), ("0", "0", "-1"), ("-0.1", "0", "0.5"), ("0", "2", "0.5"),
        ("0", "0", "1.5"), ("0", "0", "9" * 400), ("\0", "0", "0.5"), ("0", "០.", "<b>"),
    ],
)  # fmt: skip
def test_a_frame_in_no_picture_is_refused_beside_the_photo(person, shares):
    said = form(person, photo=make.picture(), **framed(*shares))

    assert said.errors == {"photo": [NO_FRAME]}
    assert "photo" not in said.cleaned_data


def test_a_frame_with_too_little_in_it_is_refused_as_a_small_picture_is(person):
    said = form(person, photo=make.picture(size=(1000, 1000)), **framed("0.5", "0.5", "0.2"))

    assert said.errors == {"photo": ["This picture is too small for a badge: at least 240 by 320 pixels."]}


def test_a_frame_without_a_picture_means_nothing(person):
    said = form(person, **framed("x", "0", "0.5"))

    assert said.is_valid(), said.errors
    assert said.cleaned_data.keys() == TYPED.keys() | {"photo"}


def test_a_frame_is_not_written_into_the_form_that_comes_back(person):
    """The browser does not send the picture twice, and the next may be another."""
    said = form(person, photo=make.picture(), sex="", **framed("0.123456", "0", "0.5"))

    assert list(said.errors) == ["sex", "photo"]
    assert 'name="frame_left"' in str(said["frame"]) and "0.123456" not in str(said["frame"])
