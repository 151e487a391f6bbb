"""A telephone at a gate: paired in the back office by a QR, it may do what its gate may and nothing else."""

import datetime
import gzip
import json
import re
import uuid

import pytest
from django.core.cache import cache, caches
from django.urls import reverse
from django.utils import timezone

from forum.badges import printing
from forum.badges.models import Badge
from forum.checkin import admission, devices, pins
from forum.checkin.models import Device, Gate, Scan, Shift
from forum.registration.models import AccessZone
from tests.factories import accounts, cms
from tests.factories import registration as make
from tests.signing_in import Visitor

pytestmark = pytest.mark.django_db

ADDRESSED = ["ឯកឧត្តម សុខ ដារ៉ា", "H.E. Sok Dara"]


@pytest.fixture(autouse=True)
def forget_counts():
    cache.clear()
    caches["pages"].clear()


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
    assert telephone.get(reverse("device:page")).status_code == 200
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
    asked = phone.get(reverse("device:data"))
    assert (asked.status_code, asked.json()) == (403, {"error": "unpaired"})


def test_each_gate_has_a_button_that_pairs_a_device_with_it_for_those_who_may(client, gate):
    office = ["wagtailadmin.access_admin", "checkin.view_gate", "checkin.change_gate"]
    found = []
    for permissions in (office, [*office, "checkin.pair_device"]):
        client.force_login(accounts.user(*permissions))
        page = client.get(reverse("wagtailsnippets_checkin_gate:list")).content.decode()
        found.append(reverse("checkin_prepare_device", args=[gate.pk]) in page)

    assert found == [False, True]


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


def badge_of(gate, **fields):
    return printing.issue([make.registration(make.pass_type(gate.edition), **fields)])[0]


def said(answer):
    return json.loads(answer.content)


def test_a_device_carries_what_it_needs_and_of_people_what_the_guard_is_shown(phone, gate):
    badge = badge_of(gate, name_latin="Sok Dara", name_km="សុខ ដារ៉ា", honorific="excellency", email="dara@example.org")
    (ended,) = printing.issue([make.registration(badge.registration.pass_type)])
    Badge.objects.filter(pk=ended.pk).update(revoked_at=timezone.now())
    zone = AccessZone.objects.create(edition=gate.edition, name_en="Press room")
    badge.registration.pass_type.zones.add(zone)
    Gate.objects.update(zone=zone)
    pin = pins.set_pin(user=accounts.user(pins.PERMISSION, first_name="Bopha"), typed="295817")

    carried = said(phone.get(reverse("device:data")))

    assert carried["badges"] == [[badge.serial, badge.signed_pass, *ADDRESSED], [ended.serial]]
    assert carried["keys"] == {badge.key.code: {"public": badge.key.public, "revoked": False}}
    assert carried["gate"]["zone"] == "Press room"
    assert carried["passes"][badge.signed_pass]["zones"] == ["Press room"]
    assert carried["staff"] == [{"code": pin.code, "name": "Bopha"}]
    assert "dara@example.org" not in str(carried)
    assert Device.objects.get().visit.synced_at


@pytest.mark.parametrize("honorific", ["", "excellency", "doctor", "mr doctor"])
@pytest.mark.parametrize("name_km", ["សុខ ដារ៉ា", ""])
def test_a_device_shows_people_as_the_gate_does(phone, gate, honorific, name_km):
    badge = badge_of(gate, name_latin="Sok Dara", name_km=name_km, honorific=honorific)

    carried = said(phone.get(reverse("device:data")))["badges"]
    told = said(ask(phone, badge.serial))

    assert carried == [[badge.serial, badge.signed_pass, told["km"], told["en"]]]


def photo_of(phone, badge):
    return phone.get(reverse("device:photo", args=[badge.serial]))


def test_a_device_carries_the_faces_of_guests_of_honour_and_of_nobody_else(phone, gate, organiser):
    of = make.pass_type(gate.edition, needs_photo=True, shows_photo=True)
    plain = make.pass_type(gate.edition, slug="plain", needs_photo=True)
    elsewhere = make.pass_type(cms.edition(slug="other", is_current=False), needs_photo=True, shows_photo=True)
    honoured, *others = printing.issue([make.accredit(make.registration(each)) for each in (of, plain, elsewhere)])
    (faceless,) = printing.issue([make.registration(of)])

    before = said(phone.get(reverse("device:data")))["photos"]
    assert list(before) == [honoured.serial]
    assert photo_of(phone, honoured)["Content-Type"] == "image/jpeg"
    assert [photo_of(phone, badge).status_code for badge in [*others, faceless]] == [404] * 3
    make.accredit(honoured.registration, photo=make.photo(colour="navy"))
    assert said(phone.get(reverse("device:data")))["photos"][honoured.serial] != before[honoured.serial]

    Badge.objects.filter(pk=honoured.pk).update(revoked_at=timezone.now())
    assert said(phone.get(reverse("device:data")))["photos"] == {}
    assert photo_of(phone, honoured).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_carrying_more_faces_asks_the_database_no_more(phone, gate, count, django_assert_num_queries):
    of = make.pass_type(gate.edition, needs_photo=True, shows_photo=True)
    printing.issue([make.accredit(make.registration(of)) for _ in range(count)])
    phone.get(reverse("device:data"))
    caches["pages"].clear()

    with django_assert_num_queries(15):
        assert len(said(phone.get(reverse("device:data")))["photos"]) == count


def test_whoever_is_no_device_sees_no_face(client, gate):
    of = make.pass_type(gate.edition, needs_photo=True, shows_photo=True)
    (badge,) = printing.issue([make.accredit(make.registration(of))])

    assert photo_of(client, badge).status_code == 403


def test_what_a_device_has_already_is_not_sent_again(phone, gate):
    first = phone.get(reverse("device:data"), headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(first.content))["version"] == first["ETag"].strip('"')

    again = phone.get(reverse("device:data"), headers={"if-none-match": first["ETag"]})
    Gate.objects.update(opens="08:00")
    changed = phone.get(reverse("device:data"), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)


def test_carrying_more_people_asks_the_database_no_more(phone, gate, django_assert_num_queries):
    badge = badge_of(gate)
    phone.get(reverse("device:data"))
    for people in (0, 2):
        printing.issue([make.registration(badge.registration.pass_type) for _ in range(people)])
        caches["pages"].clear()
        with django_assert_num_queries(14):
            assert len(said(phone.get(reverse("device:data")))["badges"]) == 1 + people


def test_a_device_is_told_who_came_in_by_other_hands(phone, gate):
    badge = badge_of(gate)
    (other,) = printing.issue([make.registration(badge.registration.pass_type)])
    ask(phone, badge.serial)
    elsewhere = Gate.objects.create(edition=gate.edition, name_en="Side gate")
    scan = admission.scan(gate=elsewhere, typed=other.serial).scan
    admission.scan(gate=elsewhere, typed=other.serial)

    told = said(phone.get(reverse("device:passed")))

    assert told["passed"] == [[other.serial, "in", int(scan.scanned_at.timestamp() * 1000)]]
    later = told["now"] + 120_000
    assert said(phone.get(f"{reverse('device:passed')}?since={later}"))["passed"] == told["passed"], "a clock ahead of ours"
    Scan.objects.update(recorded_at=timezone.now() - datetime.timedelta(hours=1))
    assert said(phone.get(f"{reverse('device:passed')}?since={told['now']}"))["passed"] == []


def ask(phone, typed, number=None):
    body = {"id": str(number or uuid.uuid4()), "code": typed, "way": "in"}
    return phone.post(reverse("device:scan"), body, content_type="application/json")


def test_a_device_asks_and_shows_who_it_is(phone, gate):
    badge = badge_of(gate, name_latin="Sok Dara", name_km="សុខ ដារ៉ា", honorific="excellency")

    first, second = said(ask(phone, badge.serial)), said(ask(phone, badge.serial))

    shown = {"km": ADDRESSED[0], "en": ADDRESSED[1], "pass": badge.signed_pass, "serial": badge.serial}
    assert first == {"refusal": ""} | shown
    assert second == {"refusal": "again", "before": second["before"]} | shown
    assert (second["before"]["en"], second["before"]["km"]) == ("Main gate", "ច្រកទ្វារធំ")


def test_scans_without_a_network_are_told_at_their_time_though_the_clock_is_wrong(phone, gate):
    badge, ahead = badge_of(gate), datetime.timedelta(hours=5)
    minute = datetime.timedelta(minutes=1)
    now = timezone.now()
    row = {"id": str(uuid.uuid4()), "code": badge.serial, "way": "in", "refusal": "", "left": 0}
    row["at"] = (now + ahead - minute).timestamp() * 1000
    body = {"now": (now + ahead).timestamp() * 1000, "scans": [row, {"id": "x"}, None]}

    answers = [phone.post(reverse("device:scans"), body, content_type="application/json") for _ in range(2)]

    assert [said(answer) for answer in answers] == [{"done": [row["id"], "x", None], "flagged": 0}] * 2
    scan = Scan.objects.get()
    assert (scan.badge, scan.refusal, scan.is_offline) == (badge, "", True)
    assert abs(scan.scanned_at - (now - minute)) < datetime.timedelta(seconds=20)


@pytest.mark.parametrize("address", ["device:scan", "device:scans"])
@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"scans": 1, "code": 2}', '{"id": "x", "scans": [{"at": "1e999"}], "now": 1}']
)
def test_a_device_that_says_nothing_sensible_changes_nothing(phone, gate, address, body):
    assert phone.post(reverse(address), body, content_type="application/json").status_code in {200, 422}
    assert not Scan.objects.exists()


def test_a_revoked_device_scans_and_learns_nothing(phone, gate):
    devices.revoke(device=Device.objects.get(), user=None)
    badge = badge_of(gate)

    assert ask(phone, badge.serial).status_code == 403
    for address in ("device:data", "device:passed"):
        answer = phone.get(reverse(address))
        assert (answer.status_code, said(answer)) == (403, {"error": "unpaired"})
    assert not Scan.objects.exists()


def test_a_scan_costs_the_device_few_queries(phone, gate, django_assert_max_num_queries):
    badge = badge_of(gate)
    phone.get(reverse("device:page"))

    with django_assert_max_num_queries(7):  # two of them open and close the savepoint of the test
        ask(phone, badge.serial)


def test_the_page_that_is_kept_on_a_device_knows_nobody_and_no_gate(phone, gate):
    badge_of(gate, name_latin="Sok Dara")
    pins.set_pin(user=accounts.user(pins.PERMISSION, first_name="Bopha"), typed="295817")

    for language in ("en", "km"):
        page = phone.get(f"{reverse('device:page')}?language={language}").content.decode()
        assert not any(words in page for words in ("Main gate", "ច្រកទ្វារធំ", "Red telephone", "Sok Dara", "Bopha"))


def test_the_camera_is_allowed_at_gates_and_nowhere_else(phone, client):
    assert "camera=(self)" in phone.get(reverse("device:page"))["Permissions-Policy"]
    for address in ("/accounts/login/", reverse("device:worker"), reverse("healthz")):
        assert "camera=()" in client.get(address)["Permissions-Policy"]


def test_a_device_keeps_every_file_that_its_page_needs(client, settings):
    answer = client.get(reverse("device:worker"))
    worker = answer.content.decode()

    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "no-cache")
    files = json.loads(re.search(r"^const FILES = (.*);$", worker, re.MULTILINE)[1])
    for script in (settings.BASE_DIR / "static" / "js").glob("gate-*.js"):
        imported = re.findall(r'^import .* from "\./(.*)";$', script.read_text(), re.MULTILINE)
        if script.name != "gate-forget.js":
            assert {f"/static/js/{name}" for name in imported} <= set(files), script.name
    assert json.loads(re.search(r"^const PAGES = (.*);$", worker, re.MULTILINE)[1]) == [
        "/onsite/device/?language=en",
        "/onsite/device/?language=km",
    ]


def test_a_telephone_installs_the_page_in_the_language_of_its_reader(client):
    said = client.get(f"{reverse('device:manifest')}?language=km").json()

    assert (said["start_url"], said["scope"], said["lang"]) == ("/onsite/device/?language=km", "/onsite/device/", "km")
