"""One personal invitation at the same moment: used once, and either used or revoked."""

from forum.registration import personal_inviting
from forum.registration.models import AccessCode, PersonalInvitation, Quota, Registration
from tests.factories import registration as make
from tests.racing import Refused


def prepare(email="sok@example.org"):
    return make.personal_invitation(email=email).token


def use(token, name, email=None):
    invitation = personal_inviting.find_by_token(token)
    email = f"{name}@example.org" if email is None else email
    return personal_inviting.use(invitation=invitation, name_latin=name, email=email).code


def use_or_revoke(token, name):
    if name:
        return use(token, name)
    personal_inviting.revoke(invitation=personal_inviting.find_by_token(token), user=None)
    return None


def story():
    """People, places and uses taken, and whether it stands as used and as revoked."""
    row = PersonalInvitation.objects.get()
    taken = Quota.objects.get().taken, AccessCode.objects.get().taken
    return Registration.objects.live().count(), *taken, row.used_at is not None, row.revoked_at is not None


def test_of_eight_who_use_one_invitation_at_once_one_is_registered(race):
    token = race.prepare(prepare)

    outcomes = race(use, [{"token": token, "name": f"Person{letter}"} for letter in "abcdefgh"])

    assert outcomes.count(Refused("closed")) == 7
    assert race.inspect(story) == (1, 1, 1, True, False)


def test_without_an_address_too(race):
    token = race.prepare(prepare, email="")

    outcomes = race(use, [{"token": token, "name": "SOK Dara", "email": ""}] * 8)

    assert outcomes.count(Refused("closed")) == 7
    assert race.inspect(story) == (1, 1, 1, True, False)


def test_using_and_revoking_at_once_end_one_way(race):
    token = race.prepare(prepare)

    outcomes = race(use_or_revoke, [{"token": token, "name": name} for name in ["", "", "", "", *"abcd"]])

    people, places, uses, is_used, is_revoked = race.inspect(story)
    assert (people, places, uses, is_used, is_revoked) in {(1, 1, 1, True, False), (0, 0, 0, False, True)}
    assert outcomes[:4] == [Refused("used") if is_used else None] * 4
    assert outcomes[4:].count(Refused("closed")) == 4 - people


def send_elsewhere_or_use(token, name):
    if name:
        return use(token, name)
    row = personal_inviting.find_by_token(token)
    until = row.access_code.valid_until
    personal_inviting.send_again(invitation=row, email="other@example.org", valid_until=until, user=None)
    return None


def epochs():
    return PersonalInvitation.objects.get().epoch


def test_using_the_old_link_and_sending_it_elsewhere_at_once_end_one_way(race):
    token = race.prepare(prepare)

    outcomes = race(send_elsewhere_or_use, [{"token": token, "name": name} for name in ("", "Persona")])

    is_used = race.inspect(story)[3]
    assert race.inspect(epochs) == (1 if is_used else 2)
    assert outcomes.count(Refused("closed")) == 1
