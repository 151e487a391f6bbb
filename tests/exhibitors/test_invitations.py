"""Inviting a person and taking it back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import invitations
from exhibitors.models import Invitation
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples", name_km="ក្រសួងឧទាហរណ៍")


@pytest.fixture
def organiser():
    return make.exhibition_manager(email="organiser@example.org")


def test_invitation_is_a_letter_in_the_chosen_language_with_a_link(agency, organiser):
    invitation = invitations.invite(agency=agency, email=" Guest@Example.org", language="km", user=organiser)

    letter = Email.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == ("guest@example.org", "manager", organiser)
    assert invitation.is_open
    assert letter.to == ["guest@example.org"]
    assert "ក្រសួងឧទាហរណ៍" in letter.subject
    assert f"/km/invitation/{invitation.token}/" in letter.message
    assert list(ModelLogEntry.objects.values_list("action", "user__email")) == [
        ("exhibitors.invite", "organiser@example.org")
    ]


def test_newer_invitation_replaces_the_earlier_one(agency, organiser):
    earlier = invitations.invite(agency=agency, email="guest@example.org", language="en", user=organiser)

    newer = invitations.invite(agency=agency, email="guest@example.org", language="en", user=organiser)

    earlier.refresh_from_db()
    assert (earlier.is_open, str(earlier.state), newer.is_open) == (False, "revoked", True)


def test_member_is_not_invited_again(agency, organiser):
    make.member(agency, email="guest@example.org")

    with pytest.raises(ValidationError) as refusal:
        invitations.invite(agency=agency, email="Guest@example.org", language="en", user=organiser)

    assert refusal.value.messages == ["guest@example.org already acts for Ministry of Examples."]
    assert (Invitation.objects.count(), Email.objects.count()) == (0, 0)


def test_revoked_invitation_is_closed_and_once_more_changes_nothing(agency, organiser):
    invitation = invitations.revoke(invitation=make.invitation(agency), user=organiser)

    again = invitations.revoke(invitation=invitation, user=organiser)

    assert (invitation.is_open, again.revoked_at) == (False, invitation.revoked_at)
    assert ModelLogEntry.objects.count() == 1


def test_accepted_invitation_is_not_revoked(agency, organiser):
    invitation = make.invitation(agency, accepted_at=timezone.now())

    with pytest.raises(ValidationError) as refusal:
        invitations.revoke(invitation=invitation, user=organiser)

    assert refusal.value.code == "accepted"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "open"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expired"),
        ({"revoked_at": timezone.now()}, "revoked"),
        ({"accepted_at": timezone.now()}, "accepted"),
    ],
)
def test_only_an_unanswered_invitation_in_time_is_open(agency, fields, state):
    invitation = make.invitation(agency, **fields)

    assert str(invitation.state) == state
    assert invitation.is_open == (state == "open")
    assert list(Invitation.objects.open()) == ([invitation] if state == "open" else [])


def test_database_refuses_two_unanswered_invitations_of_one_address(agency):
    make.invitation(agency)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.invitation(agency)


def test_database_refuses_an_invitation_both_accepted_and_revoked(agency):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.invitation(agency, accepted_at=timezone.now(), revoked_at=timezone.now())
