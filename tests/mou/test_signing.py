"""Signing: the good way, each refusal, once more, at the same time as another."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from forum.mou import signing
from forum.mou.models import Event, Memorandum, Party, Signature
from tests.factories import accounts
from tests.factories import mou as make
from tests.racing import Refused

DAY = datetime.date(2024, 3, 11)


def again(memorandum):
    return Memorandum.objects.with_parties().get(pk=memorandum.pk)


@pytest.mark.django_db
def test_it_is_signed_when_the_last_party_signs():
    memorandum, officer = make.memorandum(), accounts.user()
    first, second = memorandum.parties.all()

    signing.sign(party=first, signed_on=DAY, user=officer)
    assert (again(memorandum).state, again(memorandum).signed_on) == ("prepared", None)
    signing.sign(party=second, signed_on=DAY + datetime.timedelta(days=1), user=officer)

    assert (again(memorandum).state, again(memorandum).signed_on) == ("signed", datetime.date(2024, 3, 12))
    assert [(entry.action, entry.user) for entry in ModelLogEntry.objects.all()] == [("mou.sign", officer)] * 2


@pytest.mark.django_db
def test_the_same_signature_again_changes_nothing_and_another_is_refused():
    party = make.memorandum().parties.first()
    first = signing.sign(party=party, signed_on=DAY, signatory_en="Somebody")

    assert signing.sign(party=party, signed_on=DAY, signatory_en="Somebody") == first
    with pytest.raises(ValidationError) as refusal:
        signing.sign(party=party, signed_on=DAY, signatory_en="Somebody else")
    assert (refusal.value.code, Signature.objects.count()) == ("signed", 1)


@pytest.mark.django_db
def test_nobody_signs_in_the_future_or_what_has_ended():
    memorandum = make.memorandum(signed=2)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    other = make.memorandum("Other").parties.first()

    with pytest.raises(ValidationError) as refusal:
        signing.sign(party=other, signed_on=tomorrow)
    assert refusal.value.error_dict["signed_on"][0].code == "future"

    signing.record(memorandum=memorandum, kind=Event.Kind.ENDED, happened_on=timezone.localdate())
    late = Party.objects.create(memorandum=memorandum, name_en="A late party", sort_order=9)
    with pytest.raises(ValidationError) as refusal:
        signing.sign(party=late, signed_on=DAY)
    assert refusal.value.code == "ended"


@pytest.mark.django_db
def test_the_database_keeps_one_signature_per_party_and_one_party_per_agency():
    memorandum = make.memorandum(signed=1)
    party = memorandum.parties.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.bulk_create([Signature(party=party, signed_on=DAY)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.bulk_create([Party(memorandum=memorandum, agency=party.agency)])
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.bulk_create([Party(memorandum=memorandum)])


@pytest.mark.django_db
def test_events_follow_each_other_in_order():
    unsigned, signed = make.memorandum(), make.memorandum(signed=2)

    def refusal(memorandum, kind, day):
        with pytest.raises(ValidationError) as caught:
            signing.record(memorandum=memorandum, kind=kind, happened_on=day)
        return caught.value.error_list[0].code if not hasattr(caught.value, "error_dict") else "happened_on"

    assert refusal(unsigned, "in-force", DAY) == "unsigned"
    assert refusal(signed, "in-force", DAY - datetime.timedelta(days=1)) == "happened_on"
    signing.record(memorandum=signed, kind="in-force", happened_on=DAY)
    assert refusal(signed, "in-force", DAY) == "twice"
    signing.record(memorandum=signed, kind="ended", happened_on=DAY)
    assert refusal(signed, "renewed", DAY) == "ended"
    assert again(signed).state == "ended"


def prepare():
    return make.memorandum().parties.first().pk


def sign(party, signatory):
    return signing.sign(party=Party.objects.get(pk=party), signed_on=DAY, signatory_en=signatory).signatory_en


def test_of_four_signatures_at_once_for_one_party_one_stands(race):
    party = race.prepare(prepare)

    outcomes = race(sign, [{"party": party, "signatory": name} for name in "abcd"])

    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("signed")] * 3


@pytest.mark.django_db
def test_a_signature_recorded_in_error_is_struck_with_a_reason_that_stays():
    memorandum, officer = make.memorandum(signed=2), accounts.user()
    party = memorandum.parties.first()

    signing.strike(party=party, reason="the other day", user=officer)
    signing.strike(party=party, reason="once more", user=officer)

    assert again(memorandum).state == "prepared"
    (entry,) = ModelLogEntry.objects.filter(action="mou.strike")
    assert (entry.user, entry.data["reason"], entry.data["signed_on"]) == (officer, "the other day", "2024-03-11")


@pytest.mark.django_db
def test_no_signature_is_struck_once_the_memorandum_has_gone_on():
    memorandum = make.memorandum(signed=2)
    signing.record(memorandum=memorandum, kind="in-force", happened_on=DAY)

    with pytest.raises(ValidationError) as refused:
        signing.strike(party=memorandum.parties.first(), reason="too late")

    assert (refused.value.code, again(memorandum).state) == ("followed", "in-force")


@pytest.mark.django_db
def test_a_slip_of_the_century_is_refused_beside_the_day():
    with pytest.raises(ValidationError) as refused:
        signing.sign(party=make.memorandum().parties.first(), signed_on=datetime.date(1, 1, 1))

    assert [error.code for error in refused.value.error_dict["signed_on"]] == ["past"]


@pytest.mark.django_db
def test_the_database_deletes_no_party_that_signed():
    memorandum = make.memorandum(signed=1)

    with pytest.raises(ProtectedError):
        memorandum.parties.first().delete()
    with pytest.raises(ProtectedError):
        memorandum.delete()
