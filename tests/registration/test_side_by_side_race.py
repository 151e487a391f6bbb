"""Clerks who save one person at the same moment, each from a form of their own: nothing of either is lost."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from forum.registration.models import Registration
from tests.cms.test_side_by_side import form_of
from tests.factories import registration as make
from tests.signing_in import Visitor

CHANGES = [{"position": "Director"}, {"phone": "+855 12 999 999"}, {"agency_name": "Examples"}, {"protocol_rank": "3"}]


def prepare():
    make.registration(make.pass_type(), position="Clerk", phone="+855 12 345 678")
    get_user_model().objects.create_superuser("ada@example.org")


def browser() -> tuple[Visitor, str]:
    address = reverse(Registration.snippet_viewset.get_url_name("edit"), args=[Registration.objects.get().pk])
    return Visitor(headers={"host": "localhost"}), address


def opened() -> tuple[dict, str]:
    """The form, and the session of who opened it."""
    client, address = browser()
    client.force_login(get_user_model().objects.get())
    return form_of(client.get(address)), client.cookies[settings.SESSION_COOKIE_NAME].value


def save(form, session) -> int:
    client, address = browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client.post(address, form).status_code


def kept() -> list:
    return list(Registration.objects.values_list("position", "phone", "agency_name", "protocol_rank").get())


def positions() -> list:
    return list(Registration.objects.values_list("position", flat=True))


def test_what_each_of_four_changed_is_kept(race):
    race.prepare(prepare)
    form, session = race.prepare(opened)

    assert race(save, [{"form": form | change, "session": session} for change in CHANGES]) == [302] * 4
    assert race.inspect(kept) == ["Director", "+855 12 999 999", "Examples", 3]


def test_of_four_who_change_one_field_one_is_saved_and_the_others_are_told(race):
    race.prepare(prepare)
    form, session = race.prepare(opened)
    typed = [f"Director {number}" for number in range(4)]

    answers = race(save, [{"form": form | {"position": position}, "session": session} for position in typed])

    assert sorted(answers) == [200, 200, 200, 302]
    assert race.inspect(positions) == [typed[answers.index(302)]]
