"""Who may choose a pass: windows, invitations, and codes with so many uses."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from forum.registration import access, signup
from forum.registration.models import AccessCode, PassType, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
PERSON = {"name_latin": "SOK Dara", "email": "d@example.org"}


def register(pass_type, code="", **person):
    return signup.register(edition=pass_type.edition, pass_type=pass_type, code=code, **make.person(**person))


def refusal_of(act, *arguments, **options) -> tuple[str, str]:
    with pytest.raises(ValidationError) as refusal:
        act(*arguments, **options)
    ((field, (error,)),) = refusal.value.error_dict.items()
    return field, error.code


@pytest.mark.parametrize(("opens", "closes"), [(HOUR, None), (None, -HOUR), (HOUR, 2 * HOUR)])
def test_outside_its_window_a_pass_is_refused_to_people_and_given_by_staff(opens, closes):
    now = timezone.now()
    early = make.pass_type(opens_at=opens and now + opens, closes_at=closes and now + closes)

    assert refusal_of(register, early) == ("pass_type", "pass_closed")
    assert signup.register(edition=early.edition, pass_type=early, user=accounts.user(), **PERSON).pk


def test_within_its_window_a_pass_is_given():
    now = timezone.now()

    assert register(make.pass_type(opens_at=now - HOUR, closes_at=now + HOUR)).pk


def test_a_code_opens_its_pass_however_it_is_typed():
    code = make.access_code(code="PRESS2027")

    registration = register(code.pass_type, " press-2027 ")

    assert registration.access_code == code
    assert AccessCode.objects.get().taken == 1


@pytest.mark.parametrize(
    ("fields", "typed", "reason"),
    [
        ({}, "", "code_needed"),
        ({}, "NOTHING22", "code_unknown"),
        ({}, "x" * 200, "code_unknown"),
        ({"valid_until": timezone.now() - HOUR}, "SPEAKER27", "code_expired"),
        ({"uses": 1, "taken": 1}, "SPEAKER27", "code_used"),
        ({"uses": 0}, "SPEAKER27", "code_used"),
    ],
)
def test_a_code_that_opens_nothing_is_refused_beside_the_code(fields, typed, reason):
    code = make.access_code(**fields)

    assert refusal_of(register, code.pass_type, typed) == ("code", reason)
    assert Registration.objects.count() == 0


def test_a_code_of_another_pass_or_another_edition_opens_nothing():
    code = make.access_code()
    here = make.pass_type(code.pass_type.edition, slug="vip", access="code")
    elsewhere = make.pass_type(cms.edition(slug="other"), access="code")

    assert refusal_of(register, here, code.code) == ("code", "code_other")
    assert refusal_of(register, elsewhere, code.code) == ("code", "code_unknown")


def test_the_use_taken_last_decides_even_when_it_looked_free_before():
    code = make.access_code()
    AccessCode.objects.update(taken=1)

    assert refusal_of(access.take_use, code) == ("code", "code_used")


def test_who_withdraws_gives_the_use_back_once():
    code = make.access_code()
    registration = register(code.pass_type, code.code)

    for _time in range(2):
        signup.withdraw(registration=registration)

    assert AccessCode.objects.get().taken == 0
    assert register(code.pass_type, code.code).pk


def test_the_same_person_again_with_the_same_code_is_sent_the_link_and_takes_no_second_use():
    code = make.access_code()
    first = register(code.pass_type, code.code, **PERSON)

    assert register(code.pass_type, code.code, **PERSON) == first
    assert AccessCode.objects.get().taken == 1


def test_a_full_pass_takes_no_use():
    speaker = make.pass_type(slug="speaker", access="code", size=0)
    make.access_code(speaker)

    assert refusal_of(register, speaker, "SPEAKER27") == ("pass_type", "full")
    assert AccessCode.objects.get().taken == 0


def test_many_codes_are_made_at_once_and_noted():
    speaker = make.pass_type(access="code")

    made = access.issue_codes(pass_type=speaker, number=25, uses=2, note="Ministries", user=accounts.user())

    assert len({code.code for code in made}) == 25
    assert set(AccessCode.objects.values_list("uses", "note", "pass_type")) == {(2, "Ministries", speaker.pk)}
    assert ModelLogEntry.objects.get().data.items() >= {"number": 25, "uses": 2}.items()


@pytest.mark.parametrize(
    ("wanted", "field", "reason"),
    [
        ({"number": 0}, "number", "too_many"),
        ({"number": 1001}, "number", "too_many"),
        ({"number": 2, "word": "PRESS2027"}, "word", "one_word"),
        ({"word": "ab-c"}, "word", "word"),
        ({"word": "x" * 21}, "word", "word"),
        ({"word": "speaker-27"}, "word", "taken"),
    ],
)
def test_codes_that_cannot_be_made_are_refused(wanted, field, reason):
    code = make.access_code()

    assert refusal_of(access.issue_codes, pass_type=code.pass_type, **wanted) == (field, reason)
    assert AccessCode.objects.count() == 1


def test_no_codes_are_made_for_a_pass_that_needs_none():
    with pytest.raises(ValidationError, match="Nobody needs a code"):
        access.issue_codes(pass_type=make.pass_type(), number=1)


# The form


def form_of(edition) -> str:
    return reverse("register:form", args=[edition.slug])


def test_a_link_with_a_code_fills_it_in_and_chooses_its_pass(client):
    code = make.access_code()
    edition = make.pass_type(code.pass_type.edition).edition

    page = client.get(form_of(edition), {"code": "speaker-27"})

    assert (page.context["form"]["code"].value(), page.context["form"]["pass_type"].value()) == ("speaker-27", "speaker")
    assert page.context["warning"] == ""
    typed = PERSON | {"pass_type": "speaker", "code": "speaker-27"}
    assert client.post(form_of(edition), typed).status_code == 302
    assert Registration.objects.get().access_code == code


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "OTHER2345"}, "We do not know this code"),
        ({"valid_until": timezone.now() - HOUR}, "This code has expired."),
        ({"taken": 1}, "This code has been used as often as it may be."),
    ],
)
def test_a_link_with_a_spent_code_says_so_before_anything_is_typed(client, fields, sentence):
    code = make.access_code(**fields)

    assert sentence in client.get(form_of(code.pass_type.edition), {"code": "SPEAKER27"}).content.decode()


def test_a_refused_code_stands_beside_its_field_and_all_is_kept(client):
    code = make.access_code(taken=1)

    answer = client.post(form_of(code.pass_type.edition), PERSON | {"pass_type": "speaker", "code": "SPEAKER27"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"code": ["This code has been used as often as it may be."]}
    assert 'value="SOK Dara"' in answer.content.decode()


def test_the_form_asks_for_a_code_only_where_a_pass_needs_one(client):
    edition = make.pass_type().edition

    assert "code" not in client.get(form_of(edition)).context["form"].fields


def test_passes_to_open_later_are_told_and_those_by_invitation_are_not(client):
    edition = make.pass_type(name_en="Delegate").edition
    make.pass_type(edition, slug="later", name_en="Latecomer", opens_at=timezone.now() + HOUR)
    make.pass_type(edition, slug="over", name_en="Early bird", closes_at=timezone.now() - HOUR)
    make.pass_type(edition, slug="vip", name_en="Guest of honour", access="invitation")

    page = client.get(form_of(edition))

    assert list(page.context["form"].pass_types) == ["delegate"]
    assert [row.slug for row in page.context["later"]] == ["later"]
    assert "Latecomer: may be chosen from" in page.content.decode()
    assert "Guest of honour" not in page.content.decode()


def test_where_no_pass_can_be_chosen_the_page_says_so(client):
    edition = make.pass_type(access="invitation").edition

    page = client.get(form_of(edition)).content.decode()

    assert "No pass can be chosen at this moment." in page
    assert '<form method="post"' not in page


def test_a_pass_on_offer_is_one_that_people_may_choose_now():
    edition = make.pass_type().edition
    make.pass_type(edition, slug="speaker", access="code")
    make.pass_type(edition, slug="vip", access="invitation")
    make.pass_type(edition, slug="later", opens_at=timezone.now() + HOUR)
    make.pass_type(edition, slug="over", closes_at=timezone.now() - HOUR)

    assert [row.slug for row in PassType.objects.on_offer(edition)] == ["delegate", "speaker"]


@pytest.mark.parametrize(
    ("days", "written"),
    [
        ([], ""),
        (["2027-03-12"], "12 March 2027"),
        (["2027-03-11", "2027-03-12"], "11–12 March 2027"),
        (["2027-03-11", "2027-03-13", "2027-03-14"], "11 March 2027, 13–14 March 2027"),
    ],
)
def test_days_in_a_row_are_written_as_one_span(days, written):
    assert PassType(days=days).days_written == written
