"""The gate: a badge is admitted once a day, and every refusal is kept with its reason."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms import codes, dates
from cms.refusals import code_of
from forum.badges import keys, printing, tokens
from forum.checkin import admission
from forum.checkin.models import Gate, Scan
from forum.registration import signup
from forum.registration.models import AccessZone, PassType, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge():
    return printing.issue([make.registration(make.pass_type(cms.edition_under_way()))])[0]


def gate(badge, name="Main gate", **rules):
    return Gate.objects.create(edition=badge.registration.edition, name_en=name, **rules)


def zone(badge, name="Press room"):
    return AccessZone.objects.create(edition=badge.registration.edition, name_en=name)


def verdicts(badge, *scans):
    """What the gates say one after the other; each scan is a gate, or a gate and a way."""
    pairs = [scan if isinstance(scan, tuple) else (scan, "") for scan in scans]
    return [admission.scan(gate=gate, typed=badge.serial, way=way).scan.refusal for gate, way in pairs]


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


def test_it_is_admitted_again_on_the_next_day(badge, monkeypatch):
    main = gate(badge)
    admission.scan(gate=main, typed=badge.serial)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)

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
        Scan.objects.bulk_create([Scan(gate=main, badge=badge, day=first.day, once_key=first.once_key)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.bulk_create([Scan(gate=main, badge=None, day=first.day)])


def test_a_scan_costs_two_queries(badge, django_assert_num_queries):
    main = gate(badge)

    with django_assert_num_queries(2):
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


def test_a_zone_opens_to_the_passes_that_have_it_alone_and_counts_by_itself(badge):
    press = zone(badge)
    into_press = gate(badge, "Press room", zone=press)
    assert verdicts(badge, gate(badge), into_press) == ["", "zone"]

    badge.registration.pass_type.zones.add(press)

    assert verdicts(badge, into_press, into_press) == ["", "again"]
    assert Scan.objects.filter(zone=press).count() == 3


def test_two_gates_into_one_zone_count_together(badge):
    press = zone(badge)
    badge.registration.pass_type.zones.add(press)

    assert verdicts(badge, gate(badge, "Left", zone=press), gate(badge, "Right", zone=press)) == ["", "again"]


def test_a_gate_says_when_it_is_open(badge, client):
    now = timezone.now().astimezone(badge.registration.edition.zone)
    earlier, later = (now + datetime.timedelta(hours=hours) for hours in (-2, -1))
    closed = gate(badge, opens=earlier.time().replace(second=0), closes=later.time().replace(second=0))
    assert verdicts(badge, closed) == ["closed"]

    client.force_login(accounts.user("checkin.add_scan"))
    page = client.post(reverse("onsite:gate", args=[closed.code]), {"code": badge.serial}).content.decode()

    assert f"This gate is closed now: {earlier:%H:%M}–{later:%H:%M}" in page


def test_a_gate_of_other_days_is_closed(badge):
    edition = badge.registration.edition
    other = gate(badge, days=[day for day in edition.days if day != edition.today.isoformat()])

    assert verdicts(badge, other) == ["closed"]


def test_who_went_out_comes_in_again_once_for_each_time(badge):
    hall = gate(badge, passage="return", ways="both")

    said = verdicts(badge, (hall, "in"), (hall, "in"), (hall, "out"), (hall, "in"), (hall, "in"))

    assert said == ["", "again", "", "", "again"]


def test_once_a_day_going_out_brings_nobody_in_again(badge):
    main, out = gate(badge), gate(badge, "Way out", ways="out")

    assert verdicts(badge, main, out, main) == ["", "", "again"]


def test_where_one_comes_as_often_as_one_likes_every_time_is_kept(badge):
    assert verdicts(badge, *[gate(badge, passage="free")] * 3) == ["", "", ""]
    assert Scan.objects.count() == 3


def test_a_door_lets_everybody_out_and_nobody_else(badge):
    out = gate(badge, ways="out")
    signup.withdraw(registration=badge.registration)

    assert verdicts(badge, out) == [""]
    assert admission.scan(gate=out, typed="nonsense").scan.refusal == "unknown"


def test_a_way_that_the_gate_has_not_is_no_way(badge):
    assert admission.scan(gate=gate(badge), typed=badge.serial, way="out").scan.way == "in"
    assert admission.scan(gate=gate(badge, ways="both", passage="free"), typed=badge.serial, way="up").scan.way == "in"


def test_a_supervisor_lets_in_whom_the_gate_refused_and_the_history_says_why(badge):
    main, supervisor = gate(badge), accounts.user()
    verdicts(badge, main)
    refused = admission.scan(gate=main, typed=badge.serial).scan

    verdict = admission.override(scan=refused, reason="Went out to fetch her child", user=supervisor)
    again = admission.override(scan=refused, reason="Once more", user=supervisor)

    assert (verdict.is_accepted, verdict.scan.scanned_by, again.scan) == (True, supervisor, verdict.scan)
    (entry,) = ModelLogEntry.objects.filter(action="checkin.override")
    assert (entry.object_id, entry.user) == (str(badge.registration.pk), supervisor)
    assert [entry.data[name] for name in ("refusal", "gate", "reason")] == [
        "again",
        main.code,
        "Went out to fetch her child",
    ]


def test_nobody_is_let_in_without_a_reason_without_a_badge_without_a_refusal_or_long_after_it(badge):
    main = gate(badge)
    admitted, refused, unknown = (
        admission.scan(gate=main, typed=typed).scan for typed in (badge.serial, badge.serial, "nonsense")
    )

    def refusal(scan, reason="A good one"):
        with pytest.raises(ValidationError) as raised:
            admission.override(scan=scan, reason=reason, user=accounts.user())
        return code_of(raised.value)

    assert [refusal(admitted), refusal(unknown), refusal(refused, " ")] == ["nobody", "nobody", "reason"]
    Scan.objects.update(scanned_at=timezone.now() - admission.OVERRIDE_REST * 2)
    assert refusal(refused) == "late"
    assert Scan.objects.filter(refusal="").count() == 1


def test_who_was_let_in_nevertheless_has_had_their_turn(badge):
    press = zone(badge)
    into_press = gate(badge, "Press room", zone=press)
    refused = admission.scan(gate=into_press, typed=badge.serial).scan
    admission.override(scan=refused, reason="Speaks there", user=accounts.user())
    badge.registration.pass_type.zones.add(press)

    assert verdicts(badge, into_press) == ["again"]


def test_a_badge_that_was_only_held_to_the_way_out_earns_no_way_in(badge):
    hall = gate(badge, passage="return", ways="both")

    said = verdicts(
        badge, (hall, "out"), (hall, "in"), (hall, "in"), (hall, "out"), (hall, "out"), (hall, "in"), (hall, "in")
    )

    assert said == ["", "", "again", "", "", "", "again"]


def test_only_a_supervisor_is_shown_how_to_let_in_and_may(badge, client):
    main = gate(badge)
    page, act = reverse("onsite:gate", args=[main.code]), reverse("onsite:override", args=[main.code])
    verdicts(badge, main)

    client.force_login(accounts.user("checkin.add_scan"))
    assert "nevertheless" not in client.post(page, {"code": badge.serial}).content.decode()
    assert client.post(act, {"serial": badge.serial, "reason": "Because"}).status_code == 403

    client.force_login(accounts.user("checkin.add_scan", "checkin.override_scan"))
    assert "nevertheless" in client.post(page, {"code": badge.serial}).content.decode()
    empty = client.post(act, {"serial": badge.serial, "reason": ""})
    assert (empty.status_code, "verdict--no" in empty.content.decode()) == (422, True)
    done = client.post(act, {"serial": badge.serial, "reason": "The minister's guest"})
    assert (done.status_code, "verdict--yes" in done.content.decode()) == (200, True)
    assert client.post(act, {}).url == page


def test_the_form_of_address_stands_before_the_name(client):
    person = make.registration(make.pass_type(cms.edition_under_way()), honorific="excellency", name_km="សុខ ដារ៉ា")
    (badge,) = printing.issue([person])

    verdict = admission.scan(gate=gate(badge), typed=badge.serial)

    assert verdict.name_en == f"{person.honorific_in('en')} {person.name_latin}" != person.name_latin
    assert verdict.name_km == f"{person.honorific_in('km')} សុខ ដារ៉ា"
