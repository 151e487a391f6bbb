"""Printed is not handed over: each badge is with one person at a time, and what was written down wrongly is taken back."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.badges import handing, printing
from forum.badges.models import Handover
from forum.registration import erasing, signup
from forum.registration.models import Registration
from tests.factories import accounts, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def printed(**fields):
    """Somebody's badge on paper."""
    person = make.registration(**fields)
    printing.print_badges(registrations=[person])
    return printing.issue([person])[0]


def refusal(act, **options):
    with pytest.raises(ValidationError) as refused:
        act(**options)
    return code_of(refused.value)


def logged(action):
    entries = ModelLogEntry.objects.filter(action=action).order_by("timestamp")
    return [{name: value for name, value in entry.data.items() if name != "from"} for entry in entries]


def test_a_badge_is_handed_over_once_with_who_when_and_to_whom():
    badge, clerk = printed(), accounts.user()

    made = handing.hand_over(badge=badge, to="An aide", user=clerk, desk="badges")

    assert (handing.standing(badge), made.to, made.handed_by, made.desk) == (made, "An aide", clerk, "badges")
    assert logged("badges.hand_over") == [{"is_to_other": True, "desk": "badges"}]
    assert refusal(handing.hand_over, badge=badge) == "handed"
    assert Handover.objects.count() == 1


def test_beneath_a_badge_is_with_one_person_at_a_time():
    badge = printed()
    Handover.objects.create(badge=badge)

    with pytest.raises(IntegrityError, match=r"one_handover_per_badge|badge_id"):
        Handover.objects.create(badge=badge)


def test_a_badge_that_is_not_printed_is_not_handed_over():
    (badge,) = printing.issue([make.registration()])

    assert refusal(handing.hand_over, badge=badge) == "not-printed"


def test_a_badge_that_was_printed_again_is_not_handed_over_and_the_new_one_is():
    before = printed()
    printing.print_badges(registrations=[before.registration], reason="lost")

    assert refusal(handing.hand_over, badge=before) == "invalid"
    (now,) = printing.issue([before.registration])
    assert handing.hand_over(badge=now).badge == now


def test_the_badge_of_somebody_who_withdrew_is_not_handed_over():
    badge = printed()
    signup.withdraw(registration=badge.registration)

    assert refusal(handing.hand_over, badge=badge) == "invalid"


def test_what_was_written_down_wrongly_is_taken_back_with_a_reason_once():
    badge, clerk = printed(), accounts.user()
    made = handing.hand_over(badge=badge)

    assert [handing.undo(handovers=[made], reason="Wrong person", user=clerk) for _time in range(2)] == [1, 0]

    made.refresh_from_db()
    assert (made.undone_by, made.undone_because, handing.standing(badge)) == (clerk, "Wrong person", None)
    assert logged("badges.undo_handover") == [{"reason": "Wrong person"}]
    assert handing.hand_over(badge=badge).badge == badge


def test_a_focal_point_gets_all_that_wait_for_the_agency_and_nobody_elses():
    agency, clerk, delegate = exhibitors.agency(), accounts.user(), make.pass_type()
    ours = [printed(of=delegate, agency=agency, name_latin=f"OURS {letter}") for letter in "ABC"]
    handing.hand_over(badge=ours[0])
    make.registration(delegate, agency=agency, name_latin="NOT PRINTED")
    other = printed(of=delegate, agency=exhibitors.agency())

    code = handing.hand_over_many(edition=delegate.edition, agency=agency, to="A focal point", user=clerk)

    assert [row.badge for row in handing.of_list(code)] == ours[1:]
    assert {row.to for row in handing.of_list(code)} == {"A focal point"}
    assert handing.standing(other) is None
    (entry,) = logged("badges.hand_over_many")
    assert (entry["count"], entry["agency"], entry["list"]) == (2, agency.code, code)
    again = {"edition": delegate.edition, "agency": agency, "to": "A focal point"}
    assert refusal(handing.hand_over_many, **again) == "none"


def test_a_whole_list_is_taken_back_with_one_entry_in_the_history():
    agency, delegate = exhibitors.agency(), make.pass_type()
    for letter in "AB":
        printed(of=delegate, agency=agency, name_latin=f"OURS {letter}")
    code = handing.hand_over_many(edition=delegate.edition, agency=agency, to="A focal point")

    assert handing.undo(handovers=handing.of_list(code), reason="Came back") == 2

    assert logged("badges.undo_handover_list") == [{"count": 2, "reason": "Came back", "list": code}]
    assert handing.waiting(delegate.edition, agency).count() == 2


def test_no_list_has_no_code():
    handing.hand_over(badge=printed())

    assert list(handing.of_list("")) == []


def test_who_takes_the_place_of_another_is_not_taken_for_having_the_badge():
    badge = printed()
    handing.hand_over(badge=badge)
    Registration.objects.update(holder_no=2)

    (another,) = printing.issue(Registration.objects.with_names())

    assert handing.standing(another) is None


def test_who_took_a_badge_is_forgotten_with_the_person_whose_it_was():
    badge = printed()
    other = printed(of=badge.registration.pass_type, name_latin="KEO Other")
    for each in (badge, other):
        handing.hand_over(badge=each, to="An aide")
    erasing.erase(registration=badge.registration)

    call_command("purge_personal_data", dry_run=True)
    assert set(Handover.objects.values_list("badge", "to")) == {(badge.pk, "An aide"), (other.pk, "An aide")}
    call_command("purge_personal_data")
    assert set(Handover.objects.values_list("badge", "to")) == {(badge.pk, ""), (other.pk, "An aide")}
