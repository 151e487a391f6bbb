"""A telephone at a gate: paired in the back office by a QR, it may do what its gate may and nothing else."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from forum.checkin import devices, pins
from forum.checkin.models import Device, Gate, Shift
from tests.factories import accounts, cms
from tests.signing_in import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_counts():
    cache.clear()


@pytest.fixture
def gate():
    return Gate.objects.create(edition=cms.edition_under_way(), name_en="Main gate", name_km="ច្រកទ្វារធំ")


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user("wagtailadmin.access_admin", "checkin.view_device", "checkin.pair_device"))
    return client


@pytest.fixture
def phone(gate):
    """A browser that holds nothing but the cookie of a device."""
    telephone = Visitor()
    device = devices.prepare(gate=gate, name="Red telephone", user=None)
    telephone.post(reverse("device:pair", args=[devices.link_of(device)]))
    return telephone


def test_an_organiser_pairs_a_telephone_by_a_qr(organiser, gate, settings):
    organiser.post(reverse("checkin_prepare_device", args=[gate.pk]), {"name": "Red telephone"})
    device = Device.objects.get()
    shown = organiser.get(reverse("checkin_pair_device", args=[device.pk]))
    link = shown.context["link"]
    assert shown["Cache-Control"].startswith("no-store, private")
    assert '<svg class="qr"' in shown.content.decode()
    assert link.startswith(f"{settings.BASE_URL}/onsite/device/pair/")
    path = link.removeprefix(settings.BASE_URL)

    telephone = Visitor()
    asked = telephone.get(path)
    assert "This becomes “Red telephone”" in asked.content.decode()
    assert telephone.get(reverse("device:page")).status_code == 403, "looking at the link pairs nothing"
    paired = telephone.post(path)

    assert paired["Location"] == reverse("device:page")
    cookie = paired.cookies["device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/onsite/device/", True, "Lax")
    assert "Main gate" in telephone.get(reverse("device:page")).content.decode()
    assert Visitor().post(path).status_code == Visitor().get(path).status_code == 404
    assert organiser.get(reverse("checkin_pair_device", args=[device.pk])).status_code == 302, "a used code is not shown"


def test_the_cookie_is_for_encrypted_pages_where_the_site_is(gate, client, settings):
    settings.SESSION_COOKIE_SECURE = True
    device = devices.prepare(gate=gate, name="Red telephone", user=None)

    paired = client.post(reverse("device:pair", args=[devices.link_of(device)]))

    assert paired.cookies["device"]["secure"]


def test_another_sites_page_pairs_nothing(gate, client):
    device = devices.prepare(gate=gate, name="Red telephone", user=None)
    path = reverse("device:pair", args=[devices.link_of(device)])

    assert client.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert Device.objects.get().paired_at is None


def test_a_device_is_let_in_nowhere_else(phone, gate):
    for address in ("onsite:home", "onsite:badges", "onsite:pin", "wagtailadmin_home"):
        assert phone.get(reverse(address))["Location"].startswith("/accounts/login/"), address
    assert phone.get(reverse("onsite:gate", args=[gate.code]))["Location"].startswith("/accounts/login/")


def test_a_revoked_device_is_told_so(phone, organiser):
    organiser.post(reverse("checkin_revoke_device", args=[Device.objects.get().pk]))

    page = phone.get(reverse("device:page"))

    assert page.status_code == 403
    assert "This device is not paired" in page.content.decode()
    asked = phone.get(reverse("device:page"), headers={"sec-fetch-mode": "cors"})
    assert (asked.status_code, asked.json()) == (403, {"error": "unpaired"})


def test_the_list_shows_which_devices_there_are_and_when_they_were_here(phone, organiser, gate):
    phone.get(reverse("device:page"))
    devices.prepare(gate=gate, name="Blue telephone", user=None)

    page = organiser.get(reverse("wagtailsnippets_checkin_device:list")).content.decode()

    assert all(words in page for words in ("Red telephone", "Blue telephone", "waits to be paired"))
    assert (
        "token_hash" not in organiser.get(f"{reverse('wagtailsnippets_checkin_device:list')}?export=csv").getvalue().decode()
    )


def begin(phone, pin, typed):
    said = {"who": pin.code, "pin": typed}
    return phone.post(reverse("device:shift"), said, content_type="application/json")


def test_somebody_takes_a_device_over_by_pin(phone):
    user = accounts.user(pins.PERMISSION, first_name="Bopha")
    pin = pins.set_pin(user=user, typed="295817")

    answer = begin(phone, pin, "295817")

    shift = Shift.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"shift": shift.code, "name": "Bopha"})
    assert begin(phone, pin, "295810").status_code == 422


def test_who_guesses_a_pin_has_to_wait(phone):
    pin = pins.set_pin(user=accounts.user(pins.PERMISSION), typed="295817")

    tries = [begin(phone, pin, "295810").status_code for _ in range(6)]

    assert tries == [422] * 5 + [429]
    assert begin(phone, pin, "295817").status_code == 429, "the right one neither"


@pytest.mark.parametrize("said", ["", "[]", "{", '{"who": 1}', '{"who": "BCDFGH", "pin": []}', '{"who": "\\u0000"}'])
def test_what_no_script_of_ours_sends_is_refused(phone, said):
    assert phone.post(reverse("device:shift"), said, content_type="application/json").status_code == 422


def test_a_stranger_takes_over_nothing(client):
    assert client.post(reverse("device:shift"), {}, content_type="application/json").status_code == 403


def test_somebody_of_the_gate_sets_a_pin(client):
    user = accounts.user(pins.PERMISSION)
    client.force_login(user)

    other = client.post(reverse("onsite:pin"), {"pin": "295817", "again": "295818"})
    easy = client.post(reverse("onsite:pin"), {"pin": "123456", "again": "123456"})
    done = client.post(reverse("onsite:pin"), {"pin": "295817", "again": "295 817"}, follow=True)

    assert (other.status_code, easy.status_code) == (422, 422)
    assert "This is another PIN than the one above." in other.content.decode()
    assert "Others would try this PIN first." in easy.content.decode()
    assert "Your PIN is set." in done.content.decode()
    assert pins.is_right(user.pin, "295817")


def test_whoever_may_not_scan_sets_no_pin(client):
    client.force_login(accounts.user("badges.add_badgeprint"))

    assert client.get(reverse("onsite:pin")).status_code == 403
