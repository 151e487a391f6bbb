"""Changing a registration: who somebody is, which places they hold, who is told."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forum.badges import printing
from forum.registration import editing, signup
from forum.registration.models import AccessCode, PassType, Quota, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def dara():
    made = make.registration(name_latin="SOK Dara", email="dara@example.org")
    Registration.objects.update(link_sent_at=timezone.now() - datetime.timedelta(hours=1))
    return made


def change(registration, **changed) -> Registration:
    now = {"name_latin": registration.name_latin, "email": registration.email, "pass_type": registration.pass_type}
    return editing.edit(registration=registration, **({"answers": {}, "needs": {}} | now | changed))


def refused(registration, **changed) -> str:
    with pytest.raises(ValidationError) as refusal:
        change(registration, **changed)
    return ValidationError([refusal.value]).error_list[0].code


def history() -> list:
    return [(entry.action, {"changed": entry.data["changed"]}) for entry in ModelLogEntry.objects.order_by("pk")]


def taken() -> dict:
    return dict(Quota.objects.values_list("name", "taken"))


def test_what_was_changed_stands_in_the_history_and_not_to_what(dara):
    question = make.question(dara.edition)

    change(dara, position="Director", language="km", answers={question: "rice"}, needs={"wheelchair": True})

    dara.refresh_from_db()
    assert (dara.position, dara.language, dara.answers.get().value, dara.needs.wheelchair) == (
        "Director",
        "km",
        "rice",
        True,
    )
    assert history() == [("registration.edit", {"changed": ["answers", "language", "needs", "position"]})]


def test_what_stays_the_same_is_no_history(dara):
    change(dara, email="DARA@example.org ")

    assert history() == []
    assert Email.objects.count() == 1


def test_another_name_is_another_holder_whose_old_badge_is_dead(dara):
    (old,) = printing.issue([dara])

    changed = change(dara, name_latin="SOK Dava")

    old.refresh_from_db()
    assert (old.is_valid, changed.person_key, changed.holder_no) == (False, "dava sok|dara@example.org", 2)
    assert list(Registration.objects.matching("dava")) == [dara]


def test_the_same_name_in_another_order_is_the_same_holder(dara):
    assert change(dara, name_latin="Dara SOK").holder_no == 1


def test_nobody_becomes_somebody_who_is_registered(dara):
    make.registration(of=dara.pass_type, name_latin="CHAN Bopha", email="bopha@example.org")

    assert refused(dara, name_latin="Bopha Chan", email="bopha@example.org") == "registered"
    assert Registration.objects.filter(name_latin="SOK Dara").exists()


def test_another_address_is_sent_the_link_and_the_old_one_is_told_without_it(dara):
    Email.objects.all().delete()

    changed = change(dara, email="new@example.org")

    old, new = sorted(Email.objects.all(), key=lambda letter: letter.to)
    assert (old.to, new.to) == (["dara@example.org"], ["new@example.org"])
    assert dara.short_code in old.message and dara.code not in old.message
    assert changed.token in new.message


def test_who_receives_nothing_any_more_opens_the_page_no_more_and_who_still_does_has_the_new_link(dara):
    aide = {"contact_name": "KEO Vanna", "contact_email": "aide@example.org", "receives": "both"}
    served = change(dara, **aide)
    Registration.objects.update(link_sent_at=timezone.now() - signup.LINK_REST * 2)
    Email.objects.all().delete()

    alone = change(served, contact_name="", contact_email="", receives="person")

    with pytest.raises(Http404):
        signup.find_by_token(served.token)
    assert signup.find_by_token(alone.token) == dara
    letters = {letter.to[0]: alone.token in letter.message for letter in Email.objects.all()}
    assert letters == {"aide@example.org": False, "dara@example.org": True}


def test_another_receiver_besides_leaves_the_link_as_it_is(dara):
    served = change(dara, contact_name="KEO Vanna", contact_email="aide@example.org", receives="both")

    assert served.token == dara.token


def test_a_change_of_address_again_and_again_fills_nobodys_letter_box(dara):
    Email.objects.all().delete()

    for number in range(3):
        change(dara, email=f"victim{number}@example.org")

    assert [letter.to for letter in Email.objects.all() if "/registration/" in letter.message] == [["victim0@example.org"]]


def test_another_pass_moves_the_places_that_differ(dara):
    both = Quota.objects.get(name="delegate places")
    media = make.pass_type(dara.edition, slug="media")
    media.quotas.add(both)
    assert taken() == {"delegate places": 1, "media places": 0}

    changed = change(dara, pass_type=media)

    assert (changed.pass_type, taken()) == (media, {"delegate places": 1, "media places": 1})
    change(changed, pass_type=dara.pass_type)
    assert taken() == {"delegate places": 1, "media places": 0}
    assert [data for _action, data in history()] == [{"changed": ["pass_type"]}] * 2


def test_a_full_pass_changes_nothing_at_all(dara):
    full = make.pass_type(dara.edition, slug="media", size=0)

    assert refused(dara, pass_type=full, position="Director") == "full"

    dara.refresh_from_db()
    assert (dara.pass_type.slug, dara.position, taken()) == ("delegate", "", {"delegate places": 1, "media places": 0})
    assert history() == []


def test_a_pass_with_a_code_takes_a_use_and_leaving_it_gives_it_back(dara):
    delegate, code = dara.pass_type, make.access_code(make.pass_type(dara.edition, slug="speaker", access="code"))
    assert refused(dara, pass_type=code.pass_type) == "code_needed"

    changed = change(dara, pass_type=code.pass_type, code=code.code)
    assert (changed.access_code, AccessCode.objects.get().taken) == (code, 1)
    assert change(changed, position="Director").access_code == code  # no code is needed to keep the pass

    assert change(changed, pass_type=delegate).access_code is None
    assert AccessCode.objects.get().taken == 0


@pytest.mark.parametrize("fields", [{"access": "invitation"}, {"closes_at": timezone.now()}])
def test_a_pass_not_on_offer_is_not_taken_but_one_held_is_kept(dara, fields):
    other = make.pass_type(dara.edition, slug="vip", **fields)
    assert refused(dara, pass_type=other) in {"pass", "pass_closed"}

    PassType.objects.filter(pk=dara.pass_type_id).update(**fields)
    dara.pass_type.refresh_from_db()
    assert change(dara, position="Director").position == "Director"


def test_a_pass_of_another_edition_is_not_taken(dara):
    assert refused(dara, pass_type=make.pass_type(cms.edition(slug="other"))) == "pass"


def test_when_registration_is_closed_details_change_and_the_pass_does_not(dara):
    other = make.pass_type(dara.edition, slug="media")
    type(dara.edition).objects.update(registration_closes_at=timezone.now())

    assert refused(dara, pass_type=other) == "closed"
    assert change(dara, position="Director").position == "Director"
    assert editing.edit(registration=dara, pass_type=other, answers={}, needs={}, user=accounts.user()).pass_type == other


def test_who_withdrew_or_whose_forum_is_over_changes_nothing(dara):
    today = timezone.localdate()
    type(dara.edition).objects.update(opens_on=today - datetime.timedelta(9), closes_on=today - datetime.timedelta(8))
    assert refused(dara, position="Director") == "over"

    signup.withdraw(registration=dara)
    assert refused(dara, position="Director") == "withdrawn"


def test_a_withdrawal_gives_back_the_place_that_is_held_now(dara):
    stale = Registration.objects.with_names().get(pk=dara.pk)
    change(dara, pass_type=make.pass_type(dara.edition, slug="media"))

    signup.withdraw(registration=stale)

    assert taken() == {"delegate places": 0, "media places": 0}


def test_a_pass_that_costs_something_is_neither_left_nor_taken_by_editing(dara):
    priced = make.pass_type(dara.edition, slug="priced", price=5_000)
    payer = make.registration(priced)

    assert (refused(dara, pass_type=priced), refused(payer, pass_type=dara.pass_type)) == ("price", "price")
    assert taken() == {"delegate places": 1, "priced places": 1}


def test_a_rank_goes_with_who_had_it_and_stays_where_staff_correct_a_name(dara):
    Registration.objects.update(protocol_rank=3)

    change(dara, name_latin="SOK Darra", user=accounts.user())
    assert Registration.objects.get().protocol_rank == 3
    change(dara, name_latin="CHAN Bopha")

    assert Registration.objects.get().protocol_rank is None
