"""Replies to letters of invitation: registrations follow them, quotas hold, and the same reply twice is one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.badges import printing
from forum.badges.models import Badge
from forum.registration import approving, consenting, editing, replying, signup
from forum.registration.models import Consent, Guest, GuestList, Quota, Registration
from tests.factories import accounts
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
DEPUTY = {"name_latin": "CHAN Bopha", "name_km": "ចាន់ បុប្ផា", "position": "Secretary of State", "email": "bopha@example.org"}
AIDES = [{"name_latin": "KEO Vanna"}, {"name_latin": "LIM Sophea"}]


@pytest.fixture
def minister():
    of = make.guest_list(companions=2)
    return make.guest(
        of, name_latin="SOK Dara", email="dara@example.org", position="Minister", agency_name="Ministry", protocol_rank=1
    )


def reply(guest, what, **more):
    return replying.reply(guest=guest, reply=what, **more)


def refused(guest, what, **more):
    with pytest.raises(ValidationError) as refusal:
        reply(guest, what, **more)
    return code_of(refusal.value)


def coming():
    return list(Registration.objects.coming().order_by("pk").values_list("name_latin", flat=True))


def taken():
    return Quota.objects.get().taken


def letters():
    return [letter.to[0] for letter in Email.objects.order_by("pk")]


def test_a_guest_who_attends_is_registered_with_the_pass_of_the_list(minister):
    after = reply(minister, "attending", companions=AIDES)

    person = Registration.objects.get(is_companion=False)
    assert person.protocol_rank == 1
    assert (person.name_latin, person.position, person.agency_name, person.email, person.guest) == (
        "SOK Dara", "Minister", "Ministry", "dara@example.org", minister,
    )  # fmt: skip
    assert (person.pass_type, person.state) == (minister.guest_list.pass_type, "confirmed")
    assert (coming(), taken()) == (["KEO Vanna", "LIM Sophea", "SOK Dara"], 3)
    assert {row.contact_name for row in Registration.objects.filter(is_companion=True)} == {"SOK Dara"}
    assert (after.reply, after.replied_by) == ("attending", None)
    assert letters() == ["dara@example.org"] * 3
    assert person.token in Email.objects.latest("pk").message


def test_the_same_reply_once_more_changes_nothing(minister):
    reply(minister, "represented", representative=DEPUTY, companions=AIDES)
    before = list(Registration.objects.values()), list(Guest.objects.values()), ModelLogEntry.objects.count(), letters()

    reply(minister, "represented", representative=DEPUTY, companions=AIDES)

    assert (
        list(Registration.objects.values()),
        list(Guest.objects.values()),
        ModelLogEntry.objects.count(),
        letters(),
    ) == before


def test_regrets_are_written_down_and_answered(minister):
    reply(minister, "regrets")

    assert (coming(), taken(), Guest.objects.get().reply) == ([], 0, "regrets")
    assert letters() == ["dara@example.org"]


def test_who_stands_for_a_guest_comes_in_their_own_name_and_rank(minister):
    reply(minister, "represented", representative=DEPUTY | {"honorific": "excellency"})

    person = Registration.objects.get()
    assert (person.name_latin, person.name_km, person.position, person.agency_name, person.email, person.contact_name) == (
        "CHAN Bopha", "ចាន់ បុប្ផា", "Secretary of State", "Ministry", "bopha@example.org", "",
    )  # fmt: skip
    assert (person.honorific, person.protocol_rank) == ("excellency", None)
    assert letters() == ["bopha@example.org", "dara@example.org"]
    assert "CHAN Bopha" in Email.objects.latest("pk").message


def test_another_person_in_the_place_makes_the_badge_before_worthless(minister):
    reply(minister, "attending")
    (first,) = printing.issue([Registration.objects.with_names().get()])
    token = Registration.objects.get().token

    reply(minister, "represented", representative=DEPUTY)

    person = Registration.objects.with_names().get()
    (second,) = printing.issue([person])
    assert (coming(), taken(), person.holder_no, person.protocol_rank) == (["CHAN Bopha"], 1, 2, None)
    assert list(Badge.objects.valid()) == [second]
    assert not Badge.objects.get(pk=first.pk).is_valid
    assert person.token != token


def test_a_guest_who_comes_after_all_has_the_place_again_and_the_deputy_is_told(minister):
    reply(minister, "represented", representative=DEPUTY)
    Email.objects.all().delete()

    reply(minister, "attending")

    assert (coming(), taken(), Registration.objects.get().holder_no) == (["SOK Dara"], 1, 2)
    assert letters() == ["bopha@example.org", "dara@example.org"]


def test_a_corrected_position_of_the_deputy_leaves_the_badge_as_it_is(minister):
    reply(minister, "represented", representative=DEPUTY)

    reply(minister, "represented", representative=DEPUTY | {"position": "Adviser"})

    person = Registration.objects.get()
    assert (person.position, person.holder_no) == ("Adviser", 1)


def test_staff_give_the_deputy_a_rank(minister):
    reply(minister, "attending")

    reply(minister, "represented", representative=DEPUTY | {"protocol_rank": 7}, user=accounts.user())

    assert Registration.objects.get().protocol_rank == 7


def test_another_address_of_the_deputy_gets_a_link_of_its_own(minister):
    reply(minister, "represented", representative=DEPUTY)
    Email.objects.all().delete()

    reply(minister, "represented", representative=DEPUTY | {"email": "deputy@example.org"})

    assert letters() == ["bopha@example.org", "deputy@example.org"]
    assert Registration.objects.get().epoch == 2


@pytest.mark.parametrize("first", ["attending", "represented"])
def test_regrets_after_all_give_every_place_back(minister, first):
    more = {"representative": DEPUTY} if first == "represented" else {}
    reply(minister, first, companions=AIDES, **more)

    reply(minister, "regrets")

    assert (coming(), taken()) == ([], 0)
    assert set(Registration.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_the_badge_of_a_khmer_guest_names_position_and_agency_in_khmer(minister):
    Guest.objects.update(language="km", position_km="រដ្ឋមន្ត្រី", agency_name_km="ក្រសួងឧទាហរណ៍")

    reply(minister, "attending", companions=AIDES[:1])

    people = Registration.objects.order_by("is_companion")
    assert [row.agency_name for row in people] == ["ក្រសួងឧទាហរណ៍"] * 2
    assert people[0].position == "រដ្ឋមន្ត្រី"


def test_a_guest_who_changes_to_attending_after_regrets_takes_a_place_anew(minister):
    reply(minister, "attending", companions=AIDES[:1])
    reply(minister, "regrets")

    reply(minister, "attending")

    assert (coming(), taken()) == (["SOK Dara"], 1)


def test_companions_come_and_go_with_the_reply(minister):
    reply(minister, "attending", companions=AIDES)

    reply(minister, "attending", companions=[AIDES[1] | {"name_km": "លីម សុភា"}, {"name_latin": "PICH Rith"}])

    assert (sorted(coming()), taken()) == (["LIM Sophea", "PICH Rith", "SOK Dara"], 3)
    assert Registration.objects.coming().get(name_latin="LIM Sophea").name_km == "លីម សុភា"


def test_when_the_guests_are_as_many_as_the_places_the_next_is_refused_and_nothing_is_lost(minister):
    Quota.objects.update(size=2)
    reply(minister, "attending", companions=AIDES[:1])
    before = list(Registration.objects.values()), list(Guest.objects.values()), letters()

    assert refused(minister, "represented", representative=DEPUTY, companions=AIDES) == "full"
    assert (list(Registration.objects.values()), list(Guest.objects.values()), letters()) == before
    other = make.guest(minister.guest_list)
    assert refused(other, "attending") == "full"
    assert Guest.objects.get(pk=other.pk).reply == "silent"
    assert taken() == 2


def test_who_leaves_makes_room_for_who_comes(minister):
    Quota.objects.update(size=2)
    reply(minister, "attending", companions=AIDES[:1])

    reply(minister, "attending", companions=AIDES[1:])

    assert (sorted(coming()), taken()) == (["LIM Sophea", "SOK Dara"], 2)


@pytest.mark.parametrize(
    ("what", "more", "code"),
    [
        ("represented", {}, "representative"),
        ("attending", {"companions": [*AIDES, {"name_latin": "PICH Rith"}]}, "companions"),
        ("attending", {"companions": [AIDES[0], {"name_latin": "Vanna KEO"}]}, "twice"),
        ("silent", {}, "reply"),
    ],
)
def test_a_reply_that_makes_no_sense_is_refused(minister, what, more, code):
    assert refused(minister, what, **more) == code
    assert not Registration.objects.exists()


def test_guests_do_not_pay(minister):
    of = minister.guest_list.pass_type
    of.price = 100
    of.save()

    assert refused(minister, "attending") == "price"


def test_after_the_deadline_staff_alone_record_a_reply(minister):
    GuestList.objects.update(reply_by=minister.edition.today - datetime.timedelta(days=1))
    user = accounts.user()

    assert refused(minister, "attending") == "closed"
    assert reply(minister, "attending", user=user).replied_by == user
    assert coming() == ["SOK Dara"]


def test_on_the_day_of_the_deadline_a_guest_may_still_reply(minister):
    GuestList.objects.update(reply_by=minister.edition.today)

    reply(minister, "attending")

    assert coming() == ["SOK Dara"]


def test_after_the_forum_nobody_replies(minister):
    day = minister.edition.today - datetime.timedelta(days=2)
    type(minister.edition).objects.update(opens_on=day, closes_on=day)

    assert refused(minister, "attending", user=accounts.user()) == "over"


def test_who_is_registered_by_another_door_is_not_registered_twice():
    of = make.pass_type()
    guest = make.guest(make.guest_list(of), name_latin="SOK Dara", email="dara@example.org")
    make.registration(of, name_latin="Dara SOK", email="dara@example.org")

    assert refused(guest, "attending") == "registered"
    assert (len(coming()), taken(), Guest.objects.get().reply) == (1, 1, "silent")


def test_without_any_address_the_office_of_the_list_is_the_contact_and_needs_no_letter(minister):
    guest = make.guest(minister.guest_list, name_latin="PICH Rith", email="")

    reply(guest, "attending", companions=AIDES[:1])

    people = Registration.objects.coming()
    assert {(each.contact_email, each.contact_name) for each in people} == {("protocol@example.org", "Protocol office")}
    assert letters() == []


def test_a_pass_that_security_clears_is_presented_to_it_again_for_the_deputy(minister):
    of = minister.guest_list.pass_type
    of.needs_agency = of.needs_organiser = of.needs_security = True
    of.save()
    reply(minister, "attending")
    person = Registration.objects.get()
    assert (person.state, person.awaits) == ("applied", "security")
    make.accredit(person)
    approving.decide(registration=person, step="security", is_yes=True, user=None)

    reply(minister, "represented", representative=DEPUTY)

    person.refresh_from_db()
    assert (person.state, person.awaits, person.round) == ("applied", "security", 2)


def test_who_withdraws_on_their_own_page_thereby_sends_regrets(minister):
    reply(minister, "attending", companions=AIDES)

    signup.withdraw(registration=Registration.objects.get(name_latin="SOK Dara"))

    assert (coming(), taken(), Guest.objects.get().reply) == ([], 0, "regrets")


def test_a_companion_who_withdraws_leaves_alone(minister):
    reply(minister, "attending", companions=AIDES)

    signup.withdraw(registration=Registration.objects.get(name_latin="KEO Vanna"))

    assert (sorted(coming()), taken(), Guest.objects.get().reply) == (["LIM Sophea", "SOK Dara"], 2, "attending")


def test_the_pass_of_an_invited_place_stays(minister):
    reply(minister, "attending")
    other = make.pass_type(edition=minister.edition, slug="media")
    person = Registration.objects.with_names().get()

    with pytest.raises(ValidationError) as refusal:
        editing.edit(
            registration=person, pass_type=other, answers={}, needs={}, name_latin="SOK Dara", email="dara@example.org"
        )

    assert code_of(refusal.value) == "guest"


def test_the_database_itself_knows_that_a_guest_has_one_place(minister):
    reply(minister, "attending", companions=AIDES[:1])

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.update(is_companion=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(is_companion=True).update(guest=None)


def test_the_history_tells_who_wrote_a_reply_down(minister):
    user = accounts.user()

    reply(minister, "represented", representative=DEPUTY, user=user)

    entries = ModelLogEntry.objects.filter(user=user).order_by("pk")
    assert [(entry.action, entry.data.get("reply")) for entry in entries] == [
        ("registration.invite", None), ("registration.reply", "represented"),
    ]  # fmt: skip


@pytest.fixture
def notice(minister):
    return make.notice(minister.edition)


def test_a_guest_who_attends_agrees_to_the_notice_in_force(minister, notice):
    use = make.further_use(minister.edition)
    assert refused(minister, "attending") == "consent"
    assert not Registration.objects.exists()

    for _time in range(2):
        reply(minister, "attending", notice=notice, uses=[use], companions=AIDES)

    person = Registration.objects.get(is_companion=False)
    assert [(row.registration, row.notice, row.how) for row in Consent.objects.all()] == [(person, notice, "page")]
    assert [row.use for row in person.permissions.all()] == [use]


def test_a_notice_that_changed_meanwhile_is_asked_anew(minister, notice):
    make.notice(minister.edition, version=2, ago=1)

    assert refused(minister, "attending", notice=notice) == "outdated"


def test_nobody_agrees_for_who_stands_for_the_guest(minister, notice):
    reply(minister, "represented", representative=DEPUTY)
    reply(minister, "regrets")

    assert not Consent.objects.exists()


def test_staff_who_record_a_reply_are_not_asked(minister, notice):
    reply(minister, "attending", user=accounts.user())

    person = Registration.objects.get()
    assert consenting.is_due(person, notice, consenting.latest(person))


def test_the_page_asks_who_attends_for_the_tick_and_nobody_else(client, minister, notice):
    address = reverse("reply:form", args=[minister.token])
    assert f'name="version" value="{notice.version}"' in client.get(address).content.decode()

    assert client.post(address, {"reply": "attending", "version": "1"}).status_code == 422
    assert client.post(address, {"reply": "regrets"}).status_code == 302
    assert client.post(address, {"reply": "attending", "version": "1", "agrees": "on"}).status_code == 302

    assert Consent.objects.get().registration == Registration.objects.live().get()
