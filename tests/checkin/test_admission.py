"""The gate: a badge is admitted once a day, and every refusal is kept with its reason."""

import datetime
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cms import codes, dates
from forum.badges import keys, printing, tokens
from forum.checkin import admission
from forum.checkin.models import Gate, Scan
from forum.registration import signup
from forum.registration.models import PassType, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge():
    return printing.issue([make.registration(make.pass_type(cms.edition_under_way()))])[0]


def gate(badge, name="Main gate"):
    return Gate.objects.create(edition=badge.registration.edition, name_en=name)


def test_a_badge_is_admitted_by_scan_and_as_it_is_read_aloud(badge):
    clerk = accounts.user()

    verdict = admission.scan(gate=gate(badge), typed=badge.spoken.lower(), user=clerk)

    assert verdict.is_accepted
    assert (verdict.scan.badge, verdict.scan.scanned_by) == (badge, clerk)


def test_the_second_time_it_says_when_and_where_it_was_admitted(badge):
    main, side = gate(badge), gate(badge, "Side gate")
    first = admission.scan(gate=main, typed=badge.serial)

    second = admission.scan(gate=side, typed=badge.serial)

    assert (second.is_accepted, second.scan.refusal, second.before) == (False, "again", first.scan)
    assert Scan.objects.count() == 2


def test_it_is_admitted_again_on_the_next_day(badge):
    main = gate(badge)
    admission.scan(gate=main, typed=badge.serial)
    Scan.objects.update(day=badge.registration.edition.today - datetime.timedelta(days=1))

    assert admission.scan(gate=main, typed=badge.serial).is_accepted


def test_the_badge_of_a_withdrawn_person_or_an_earlier_holder_is_refused(badge):
    main = gate(badge)
    Registration.objects.update(holder_no=2)
    assert admission.scan(gate=main, typed=badge.serial).scan.refusal == "invalid"

    Registration.objects.update(holder_no=1)
    signup.withdraw(registration=badge.registration)
    assert admission.scan(gate=main, typed=badge.serial).scan.refusal == "invalid"


def test_what_is_no_badge_of_this_edition_is_refused(badge):
    elsewhere = Gate.objects.create(edition=cms.edition(slug="other"), name_en="Other")

    typed = [(elsewhere, badge.serial), (gate(badge), badge.registration.code), (gate(badge), "nonsense ' \" %")]

    assert [admission.scan(gate=g, typed=t).scan.refusal for g, t in typed] == ["edition", "desk", "unknown"]


def test_a_scanned_qr_is_admitted(badge):
    assert admission.scan(gate=gate(badge), typed=str(badge.token)).is_accepted


def test_the_badge_of_last_year_is_told_from_a_forged_one_and_shows_nobody(badge):
    elsewhere = Gate.objects.create(edition=cms.edition(slug="other"), name_en="Other")

    verdict = admission.scan(gate=elsewhere, typed=str(badge.token))

    assert (verdict.scan.refusal, verdict.badge) == ("edition", None)


def test_a_signature_that_is_not_ours_is_refused_whatever_it_is_put_on(badge):
    (other,) = printing.issue([make.registration(badge.registration.pass_type)])
    unknown = replace(badge.token, key="ZZZ")
    borrowed = replace(badge.token, serial=other.serial)
    widened = replace(badge.token, pass_type=codes.six())
    none = replace(badge.token, signature="A" * tokens.SIGNATURE)

    verdicts = [admission.scan(gate=gate(badge), typed=str(token)) for token in (unknown, borrowed, widened, none)]

    assert [(verdict.scan.refusal, verdict.badge) for verdict in verdicts] == [("forged", None)] * 4


def test_a_key_that_is_revoked_opens_no_gate_and_its_badges_are_printed_anew(badge):
    registration = badge.registration
    keys.revoke(key=badge.key, reason="A copy was found")

    assert admission.scan(gate=gate(badge), typed=str(badge.token)).scan.refusal == "invalid"
    assert admission.scan(gate=gate(badge), typed=badge.serial).scan.refusal == "invalid"
    (again,) = printing.issue([registration])
    assert admission.scan(gate=gate(badge), typed=str(again.token)).is_accepted


def test_a_badge_that_was_printed_again_opens_no_gate(badge):
    printing.print_badges(registrations=[badge.registration])
    printing.print_badges(registrations=[badge.registration], reason="lost")

    assert admission.scan(gate=gate(badge), typed=str(badge.token)).scan.refusal == "invalid"


def test_a_badge_of_somebody_erased_since_is_ours_and_no_longer_valid(badge):
    token = str(badge.token)
    badge.delete()

    assert admission.scan(gate=gate(badge), typed=token).scan.refusal == "invalid"


def test_a_slip_of_the_finger_is_called_one(badge):
    slip = ("C" if badge.serial[0] != "C" else "D") + badge.serial[1:]

    assert admission.scan(gate=gate(badge), typed=slip).scan.refusal == "mistyped"


def test_the_database_admits_a_badge_once_whoever_writes(badge):
    main = gate(badge)
    first = admission.scan(gate=main, typed=badge.serial).scan

    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.bulk_create([Scan(gate=main, badge=badge, day=first.day)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.bulk_create([Scan(gate=main, badge=None, day=first.day)])


def test_a_scan_costs_two_queries(badge, django_assert_num_queries):
    main = gate(badge)

    with django_assert_num_queries(4):  # two of them open and close the savepoint of the test
        admission.scan(gate=main, typed=badge.serial)


@pytest.mark.parametrize(("opens_in", "is_admitted"), [(-3, False), (-2, True), (0, True), (1, False)])
def test_nobody_is_admitted_outside_the_days_of_the_forum(opens_in, is_admitted):
    opens_on = timezone.localdate() + datetime.timedelta(days=opens_in)
    edition = cms.edition(opens_on=opens_on, closes_on=opens_on + datetime.timedelta(days=2), day_begins_at=0)
    (badge,) = printing.issue([make.registration(make.pass_type(edition))])

    verdict = admission.scan(gate=gate(badge), typed=badge.serial)

    assert (verdict.is_accepted, verdict.scan.refusal) == (is_admitted, "" if is_admitted else "day")


def test_a_demonstration_is_tried_before_its_days():
    (badge,) = printing.issue([make.registration(make.pass_type(cms.edition(is_demonstration=True)))])

    assert admission.scan(gate=gate(badge), typed=badge.serial).is_accepted


def test_a_pass_for_other_days_is_stopped_and_says_which(badge, client):
    edition = badge.registration.edition
    PassType.objects.update(days=[edition.closes_on.isoformat()])
    main = gate(badge)

    verdict = admission.scan(gate=main, typed=badge.serial)

    assert (verdict.is_accepted, verdict.scan.refusal) == (False, "pass-day")
    client.force_login(accounts.user("checkin.add_scan"))
    page = client.post(reverse("onsite:gate", args=[main.code]), {"code": badge.serial}).content.decode()
    assert f"This pass is for other days: {dates.day(edition.closes_on)}" in page


def test_a_pass_for_this_day_among_others_is_admitted(badge):
    edition = badge.registration.edition
    PassType.objects.update(days=[edition.opens_on.isoformat(), edition.today.isoformat()])

    assert admission.scan(gate=gate(badge), typed=badge.serial).is_accepted


def test_a_demonstration_lets_every_pass_be_tried_before_its_days():
    edition = cms.edition(is_demonstration=True)
    (badge,) = printing.issue([make.registration(make.pass_type(edition, days=[edition.opens_on.isoformat()]))])

    assert admission.scan(gate=gate(badge), typed=badge.serial).is_accepted
