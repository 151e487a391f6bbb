"""Agreeing to the privacy notice, by version; allowing further uses, and taking that back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.log_actions import registry

from cms.refusals import code_of
from forum.registration import consenting, delegating, editing, erasing, signup
from forum.registration.forms import RegistrationForm
from forum.registration.models import Consent, How, Permission, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return cms.edition()


def refusal(act, **kwargs) -> str:
    with pytest.raises(ValidationError) as refused:
        act(**kwargs)
    return code_of(refused.value)


def said(registration):
    return [(row.notice.version, row.how, row.said_by) for row in Consent.objects.of(registration).order_by("pk")]


def test_who_registers_agrees_to_the_version_in_force(edition):
    old, now = make.notice(edition, 1, ago=90), make.notice(edition, 2, ago=60)
    make.notice(edition, 3, ago=-60), make.notice(edition, 4, ago=None)
    of = make.pass_type(edition)

    assert refusal(make.registration, of=of) == "consent"
    assert refusal(make.registration, of=of, notice=old) == "outdated"
    person = make.registration(of=of, notice=now)

    assert said(person) == [(2, "page", None)]


def test_where_there_is_no_notice_nothing_is_asked(edition):
    make.notice(edition, ago=None)
    make.notice(cms.edition("other"))

    assert said(make.registration(of=make.pass_type(edition))) == []


def test_a_repeat_by_somebody_else_changes_no_consent(edition):
    use, of = make.further_use(edition), make.pass_type(edition)
    person = make.registration(of=of, name_latin="A B", email="a@example.org")
    notice = make.notice(edition)

    make.registration(of=of, name_latin="A B", email="a@example.org", notice=notice, uses=[use])

    assert (said(person), Permission.objects.count()) == ([], 0)


def test_staff_write_down_what_stands_on_paper_and_may_leave_it_open(edition):
    notice, clerk, of = make.notice(edition), accounts.user(), make.pass_type(edition)

    agreed = signup.register(edition=edition, pass_type=of, user=clerk, notice=notice, **make.person())
    not_yet = signup.register(edition=edition, pass_type=of, user=clerk, **make.person())

    assert said(agreed) == [(1, "paper", clerk)]
    assert consenting.is_due(not_yet, notice, consenting.latest(not_yet))


def test_a_focal_point_agrees_for_their_people_and_the_next_in_the_place_agrees_anew():
    delegation = make.delegation(delegate=2)
    notice = make.notice(delegation.edition)
    assert refusal(make.delegate, of=delegation) == "consent"
    person = make.delegate(delegation, notice=notice)
    (row,) = Consent.objects.of(person)
    assert (row.how, row.said_by.memberships.get().agency) == ("focal-point", delegation.agency)
    consenting.allow(registration=person, uses=[use := make.further_use(delegation.edition)])

    other = make.person()
    act = {"registration": person, "user": row.said_by, **other}
    assert refusal(delegating.swap, **act) == "consent"
    after = delegating.swap(notice=notice, **act)

    assert said(after) == [(1, "focal-point", row.said_by)]
    assert Consent.objects.filter(registration=after).count() == 2
    assert [each.is_allowed for each in consenting.allowed_uses(after)] == [False]
    assert Permission.objects.get().use == use


def test_another_name_is_another_holder_who_has_not_agreed(edition):
    notice = make.notice(edition)
    person = make.registration(of=make.pass_type(edition), notice=notice)

    after = editing.edit(
        registration=person, pass_type=person.pass_type, answers={}, needs={}, name_latin="Other Person", email=person.email
    )

    assert consenting.is_due(after, notice, consenting.latest(after))


@pytest.mark.parametrize(("is_material", "is_due"), [(True, True), (False, False)])
def test_a_new_version_is_to_be_agreed_to_where_it_differs_in_substance(edition, is_material, is_due):
    person = make.registration(of=make.pass_type(edition), notice=make.notice(edition))
    make.notice(edition, 2, ago=30, is_material=is_material)
    now = make.notice(edition, 3, ago=10)

    assert consenting.is_due(person, now, consenting.latest(person)) == is_due


def test_a_version_that_is_not_yet_in_force_asks_nobody(edition):
    now = make.notice(edition)
    person = make.registration(of=make.pass_type(edition), notice=now)
    make.notice(edition, 2, ago=-30, is_material=True)

    assert not consenting.is_due(person, now, consenting.latest(person))


def test_agreeing_on_the_own_page_once_more_changes_nothing(edition):
    person = make.registration(of=make.pass_type(edition))
    make.notice(edition)

    for _time in range(2):
        consenting.agree(registration=person, version="1")

    assert said(person) == [(1, "page", None)]


@pytest.mark.parametrize("version", ["1", "3", "", "x"])
def test_agreeing_to_another_version_than_the_one_in_force_is_refused(edition, version):
    person = make.registration(of=make.pass_type(edition))
    make.notice(edition, 1, ago=90), make.notice(edition, 2), make.notice(edition, 3, ago=None)

    assert refusal(consenting.agree, registration=person, version=version) == "outdated"
    assert said(person) == []


def test_agreeing_where_nothing_is_to_be_agreed_to_is_refused(edition):
    assert refusal(consenting.agree, registration=make.registration(of=make.pass_type(edition)), version="1") == "outdated"


def test_who_has_withdrawn_says_nothing_more(edition):
    person = make.registration(of=make.pass_type(edition))
    make.notice(edition)
    signup.withdraw(registration=person)

    assert refusal(consenting.agree, registration=person, version="1") == "withdrawn"
    assert refusal(consenting.allow, registration=person, uses=[make.further_use(edition)]) == "withdrawn"


def test_a_use_is_allowed_taken_back_and_allowed_again_and_all_of_it_stays_written(edition):
    photo, listed = make.further_use(edition), make.further_use(edition, label_en="Listed")
    person = make.registration(of=make.pass_type(edition), uses=[photo])

    consenting.allow(registration=person, uses=[photo])
    consenting.allow(registration=person, uses=[listed])
    consenting.allow(registration=person, uses=[photo, listed])

    rows = Permission.objects.of(person).order_by("pk").values_list("use", "taken_back_at")
    assert [(use, back is None) for use, back in rows] == [(photo.pk, False), (listed.pk, True), (photo.pk, True)]
    entries = registry.get_logs_for_instance(person).filter(action="registration.allow").order_by("pk")
    assert [(entry.data["allowed"], entry.data["taken_back"]) for entry in entries] == [(1, 1), (1, 0)]


def test_a_use_that_is_no_longer_asked_can_still_be_taken_back(edition):
    use = make.further_use(edition)
    person, other = (make.registration(of=edition.pass_types.first() or make.pass_type(edition)) for _each in "ab")
    consenting.allow(registration=person, uses=[use])
    type(use).objects.update(is_asked=False)

    assert [each.is_allowed for each in consenting.allowed_uses(person)] == [True]
    assert consenting.allowed_uses(other) == []


def test_the_words_of_a_use_that_somebody_allowed_stay(edition):
    use = make.further_use(edition)
    use.label_en = "Still free"
    use.clean()
    consenting.keep(make.registration(of=make.pass_type(edition)), None, [use])

    use.label_en = "Something else"
    assert refusal(use.clean) == "allowed"


def test_the_database_holds_one_consent_and_one_open_permission(edition):
    notice, use = make.notice(edition), make.further_use(edition)
    person = make.registration(of=make.pass_type(edition), notice=notice, uses=[use])

    for row in (Consent(notice=notice), Permission(use=use)):
        row.registration = person
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_erasing_keeps_the_consent_and_ends_what_was_allowed(edition):
    person = make.registration(of=make.pass_type(edition), notice=make.notice(edition), uses=[make.further_use(edition)])

    erasing.erase(registration=person)

    assert (Consent.objects.count(), Permission.objects.get().taken_back_at is None) == (1, False)


def form(edition, **typed):
    of = edition.pass_types.first() or make.pass_type(edition)
    typed = {"pass_type": of.slug, "name_latin": "Sok Dara", "email": "d@example.org"} | typed
    return RegistrationForm(typed, pass_types=[of], **consenting.asked(edition))


def test_the_tick_must_be_set_for_the_version_that_was_shown_and_uses_are_free(edition):
    notice = make.notice(edition, 2)
    use = make.further_use(edition)
    make.further_use(edition, is_asked=False)

    assert form(edition, version="2").errors == {"agrees": ["Please tick this box."]}
    assert form(edition, version="1", agrees="on").errors.as_data()["agrees"][0].code == "outdated"
    assert form(edition, agrees="on").errors.as_data()["agrees"][0].code == "outdated"
    assert list(form(edition, version="2", agrees="on", uses=["NOSUCH"]).errors) == ["uses"]
    plain, full = form(edition, version="2", agrees="on"), form(edition, version="2", agrees="on", uses=[use.code])
    assert plain.is_valid() and full.is_valid()
    assert (plain.cleaned_data["notice"], plain.cleaned_data["uses"]) == (notice, [])
    assert full.cleaned_data["uses"] == [use]
    assert "agrees" not in full.cleaned_data


def agree_at_once(code):
    consenting.agree(registration=Registration.objects.get(code=code), version="1")


def allow_at_once(code):
    person = Registration.objects.get(code=code)
    consenting.allow(registration=person, uses=consenting.allowed_uses(person))


def prepare_person():
    edition = cms.edition()
    person = make.registration(of=make.pass_type(edition))
    make.notice(edition), make.further_use(edition)
    return person.code


def written():
    return [Consent.objects.filter(how=How.PAGE).count(), Permission.objects.count()]


def test_pressing_the_buttons_many_times_at_once_says_it_once(race):
    code = race.prepare(prepare_person)

    race(agree_at_once, [{"code": code}] * 4)
    race(allow_at_once, [{"code": code}] * 4)

    assert race.inspect(written) == [1, 1]
