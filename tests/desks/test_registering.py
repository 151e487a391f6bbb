"""Staff register people on the spot and in the back office, where their role allows it."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from forum.accounts import roles
from forum.payments.models import Order
from forum.registration import registering
from forum.registration.models import Consent, Registration
from tests.factories import accounts, payments
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db
PAGES = ["onsite:register", "registration_register"]
TYPED = {"pass_type": "delegate", "name_latin": "Sok Dara", "language": "km"}


@pytest.fixture
def of():
    return make.pass_type()


def sign_in(client, role):
    roles.make()
    user = accounts.user()
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


@pytest.mark.parametrize("page", PAGES)
def test_a_person_without_an_address_is_registered_and_the_next_step_is_at_hand(client, of, page):
    user = sign_in(client, "organiser")
    make.notice(of.edition)

    answer = client.post(reverse(page), TYPED | {"version": "1", "agrees": "on"}, follow=True)

    person = Registration.objects.get()
    assert (person.name_latin, person.email, person.state) == ("Sok Dara", "", "confirmed")
    assert [(row.how, row.said_by) for row in Consent.objects.all()] == [("paper", user)]
    step = "Print the badge" if page.startswith("onsite") else reverse("registration_letter", args=[person.pk])
    assert step in answer.content.decode()


def test_who_must_pay_sees_at_the_desk_what_and_how(client):
    of = payments.priced()
    sign_in(client, "registration desk")

    answer = client.post(reverse("onsite:register"), TYPED | {"pass_type": of.slug}, follow=True)

    order, page = Order.objects.get(), Page(answer)
    assert order.short_code in " ".join(page.words("dl.facts"))
    assert "USD 50.00" in " ".join(page.words("dl.facts"))
    assert page.all(f"a.button[href*='{order.token}']")
    assert "letter on paper" not in answer.content.decode()


def test_who_registers_for_a_priced_pass_is_not_told_that_all_is_done(client):
    of = payments.priced()
    sign_in(client, "organiser")

    answer = client.post(reverse("registration_register"), TYPED | {"pass_type": of.slug}, follow=True)

    assert "A place is kept for Sok Dara" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_namesake_is_shown_and_registered_after_a_second_look(client, of, page):
    user = sign_in(client, "organiser")
    there = registering.register(edition=of.edition, pass_type=of, user=user, name_latin="Sok Dara", phone="+855 12 345 678")

    shown = client.post(reverse(page), TYPED | {"position": "Rector"})

    text = shown.content.decode()
    assert (shown.status_code, Registration.objects.count()) == (422, 1)
    assert there.short_code in text and "+855 12 345 678" in text and 'value="Rector"' in text
    assert f'name="shown" value="{there.code}"' in text
    assert 'type="checkbox" name="is_other"' in text
    again = TYPED | {"shown": there.code}
    assert client.post(reverse(page), again).status_code == 422
    assert client.post(reverse(page), again | {"is_other": "on"}).status_code == 302
    assert Registration.objects.count() == 2


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name_latin": ""}, "name_latin"), ({"pass_type": "x"}, "pass_type"), ({"email": "nobody"}, "email")],
)
def test_a_refusal_stands_beside_its_field(client, of, page, typed, field):
    sign_in(client, "organiser")

    answer = client.post(reverse(page), TYPED | typed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_what_was_searched_for_in_vain_is_filled_in(client, of):
    sign_in(client, "registration desk")
    found = client.get(reverse("onsite:badges"), {"q": "Nobody Here"}).content.decode()
    assert f"{reverse('onsite:register')}?name=Nobody%20Here" in found

    assert 'value="Nobody Here"' in client.get(reverse("onsite:register"), {"name": "Nobody Here"}).content.decode()
    assert 'value="សុខ"' in client.get(reverse("onsite:register"), {"name": "សុខ"}).content.decode()


@pytest.mark.parametrize(("page", "role"), [("onsite:register", "badge desk"), ("registration_register", "finance")])
def test_others_may_not(client, of, page, role):
    sign_in(client, role)

    assert client.get(reverse(page)).status_code in (302, 403)
    client.post(reverse(page), TYPED)
    assert Registration.objects.count() == 0
    assert reverse("onsite:register") not in client.get(reverse("onsite:home")).content.decode()
