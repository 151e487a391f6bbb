"""What holds for one person whatever their pass says: at the gates, in the history, with the badge they have."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.badges import printing
from forum.checkin import admission, carrying, devices, excepting
from forum.checkin.models import Gate, PassException
from forum.desks import merging
from forum.registration import erasing, signup
from forum.registration.models import AccessZone, PassType, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge():
    return printing.issue([make.registration(make.pass_type(cms.edition_under_way()))])[0]


def zone(badge, name="Press room"):
    return AccessZone.objects.create(edition=badge.registration.edition, name_en=name)


def gate(badge, name="Main gate", **rules):
    return Gate.objects.create(edition=badge.registration.edition, name_en=name, **rules)


def said(badge, gate):
    return admission.scan(gate=gate, typed=str(badge.token)).scan.refusal


def test_a_zone_opens_to_one_person_with_the_badge_they_have(badge):
    press = zone(badge)
    into_press, user = gate(badge, zone=press), accounts.user()
    (other,) = printing.issue([make.registration(badge.registration.pass_type)])
    assert said(badge, into_press) == "zone"

    excepting.make(registration=badge.registration, zone=press, is_open=True, reason=" Speaks there ", user=user)

    assert (said(badge, into_press), said(other, into_press)) == ("", "zone")
    entry = ModelLogEntry.objects.get(action="checkin.make_exception")
    assert (entry.user, entry.object_id) == (user, str(badge.registration.pk))
    assert {name: entry.data[name] for name in ("zone", "is_open", "reason")} == {
        "zone": "Press room",
        "is_open": True,
        "reason": "Speaks there",
    }
    assert entry.message == "May enter Press room: Speaks there"


def test_a_zone_of_the_pass_closes_to_one_person_and_opens_again(badge):
    halls = zone(badge, "Halls")
    badge.registration.pass_type.zones.add(halls)
    into_halls = gate(badge, zone=halls, passage="free")
    row = excepting.make(registration=badge.registration, zone=halls, is_open=False, reason="A quarrel")
    assert said(badge, into_halls) == "zone"

    excepting.take_back(exception=row, reason="Settled")
    excepting.take_back(exception=row, reason="Settled")

    assert said(badge, into_halls) == ""
    (entry,) = ModelLogEntry.objects.filter(action="checkin.take_back_exception")
    assert entry.message == "Took back: May not enter Halls: Settled"


def test_another_day_opens_to_one_person_and_a_day_of_the_pass_closes(badge):
    edition, person = badge.registration.edition, badge.registration
    PassType.objects.update(days=[edition.closes_on.isoformat()])
    main = gate(badge, passage="free")
    assert said(badge, main) == "pass-day"

    excepting.make(registration=person, day=edition.today, is_open=True, reason="The flight was moved")
    assert said(badge, main) == ""

    excepting.make(registration=person, day=edition.today, is_open=False, reason="Not today after all")
    assert said(badge, main) == "pass-day"
    assert PassException.objects.count() == 1, "the last word about a day takes the place of the one before"


def test_whoever_takes_the_place_over_has_no_exception(badge):
    press = zone(badge)
    excepting.make(registration=badge.registration, zone=press, is_open=True, reason="Speaks there")
    Registration.objects.update(holder_no=2)
    (after,) = printing.issue([Registration.objects.get()])

    assert said(after, gate(badge, zone=press)) == "zone"


def test_said_once_more_it_is_written_once(badge):
    press = zone(badge)
    for _time in range(2):
        excepting.make(registration=badge.registration, zone=press, is_open=True, reason="Speaks there")

    assert PassException.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="checkin.make_exception").count() == 1


def test_what_cannot_be_said_is_refused(badge):
    person, day = badge.registration, badge.registration.edition.today
    elsewhere = AccessZone.objects.create(edition=cms.edition(slug="other"), name_en="Elsewhere")
    never = datetime.date(1999, 1, 1)
    wrong = [{"day": day, "reason": " "}, {"zone": elsewhere, "reason": "So"}, {"day": never, "reason": "So"}]

    codes = []
    for words in wrong:
        with pytest.raises(ValidationError) as refusal:
            excepting.make(registration=person, is_open=True, **words)
        codes.append(code_of(refusal.value))
    assert codes == ["reason", "other_edition", "other_day"]

    row = excepting.make(registration=person, day=day, is_open=True, reason="So")
    with pytest.raises(ValidationError) as refusal:
        excepting.take_back(exception=row, reason=" ")
    assert code_of(refusal.value) == "reason"
    signup.withdraw(registration=person)
    with pytest.raises(ValidationError) as refusal:
        excepting.make(registration=person, day=day, is_open=False, reason="So")
    assert code_of(refusal.value) == "ended"


@pytest.mark.parametrize(
    "wrong", [{}, {"zone": True, "day": True}, {"day": True, "reason": ""}], ids=["nothing", "both", "no reason"]
)
def test_the_database_keeps_an_exception_to_one_thing_with_a_reason(badge, wrong):
    values = {"reason": "So"} | wrong
    if "zone" in wrong:
        values["zone"] = zone(badge)
    if "day" in wrong:
        values["day"] = badge.registration.edition.today

    with pytest.raises(IntegrityError), transaction.atomic():
        PassException.objects.create(registration=badge.registration, holder_no=1, is_open=True, **values)


def test_a_device_carries_them_with_the_names_it_knows_zones_by(badge):
    edition, press = badge.registration.edition, zone(badge)
    excepting.make(registration=badge.registration, zone=press, is_open=True, reason="Speaks there")
    excepting.make(registration=badge.registration, day=edition.today, is_open=False, reason="Travels")
    waiting = devices.prepare(gate=gate(badge), name="Red telephone", user=None)
    device, _token = devices.pair(link=devices.link_of(waiting))

    carried = json.loads(carrying.load(device)[0])["exceptions"]

    assert carried == {
        badge.serial: {
            "also": {"days": [], "zones": ["Press room"]},
            "never": {"days": [edition.today.isoformat()], "zones": []},
        }
    }


def test_two_registrations_that_become_one_keep_what_was_said_of_either(badge):
    keep, press, day = badge.registration, zone(badge), badge.registration.edition.today
    other = make.registration(keep.pass_type, name_latin=keep.name_latin)
    excepting.make(registration=other, zone=press, is_open=True, reason="Speaks there")
    excepting.make(registration=other, day=day, is_open=True, reason="Of the other")
    excepting.make(registration=keep, day=day, is_open=False, reason="Of this one")

    merging.merge(keep=keep, other=other, taken=[], reason="The same person", user=accounts.user())

    rows = PassException.objects.filter(registration=keep).order_by("pk").values_list("zone", "day", "is_open", "reason")
    assert list(rows) == [(None, day, False, "Of this one"), (press.pk, None, True, "Speaks there")]


def test_accreditation_makes_and_takes_back_exceptions_in_the_back_office(badge, client):
    edition, person, press = badge.registration.edition, badge.registration, zone(badge)
    client.force_login(
        accounts.user(
            "wagtailadmin.access_admin", "registration.view_registration", "checkin.view_passexception",
            "checkin.add_passexception",
        )
    )  # fmt: skip
    people = reverse("wagtailsnippets_registration_registration:list")
    address = reverse("checkin_make_exception", args=[person.pk])
    assert address in client.get(people).content.decode()

    nothing = client.post(address, {"what": f"zone yes {press.pk}", "reason": ""})
    assert "This field is required" in nothing.content.decode()
    assert f'value="zone yes {press.pk}" selected' in nothing.content.decode()
    assert client.post(address, {"what": "zone yes 0", "reason": "So"}).status_code == 200
    for what in (f"zone yes {press.pk}", f"day no {edition.today.isoformat()}"):
        assert client.post(address, {"what": what, "reason": "Speaks there"}).url == people

    assert "So far: Also into: Press room; Not on:" in client.get(address).content.decode()
    row = PassException.objects.get(zone=press)
    listed = client.get(reverse("wagtailsnippets_checkin_passexception:list")).content.decode()
    back = reverse("checkin_take_back_exception", args=[row.pk])
    assert (back in listed, "Also into: Press room" in listed) == (True, True)
    client.post(back, {"reason": "Cancelled"})
    assert list(PassException.objects.values_list("day", "is_open", "made_by__email")) == [
        (edition.today, False, client.get(people).wsgi_request.user.email)
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_of_the_database_however_many_there_are(client, count, django_assert_num_queries):
    edition = cms.edition_under_way()
    pass_type = make.pass_type(edition)
    for _number in range(count):
        excepting.make(registration=make.registration(pass_type), day=edition.today, is_open=True, reason="So")
    client.force_login(accounts.user("wagtailadmin.access_admin", "checkin.view_passexception"))
    address = reverse("wagtailsnippets_checkin_passexception:list")
    client.get(address)

    with django_assert_num_queries(13):
        assert len(client.get(address).context["object_list"]) == count


def test_why_something_was_opened_goes_with_the_person_whose_it_was(badge):
    other = make.registration(badge.registration.pass_type)
    for person in (badge.registration, other):
        excepting.make(registration=person, zone=zone(badge, person.code), is_open=True, reason="Speaks there")
    erasing.erase(registration=badge.registration)

    call_command("purge_personal_data", dry_run=True)
    assert PassException.objects.count() == 2
    call_command("purge_personal_data")
    assert PassException.objects.get().registration == other
