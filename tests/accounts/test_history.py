"""The history of the house: who reads it, what it shows, how it is chosen from and taken out."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from cms import tracing
from cms.history import FROM
from forum.accounts.models import User
from tests.factories import accounts, agenda, cms, home
from tests.pages import get
from tests.signing_in import PASSWORD, code, person, show, sign_in, staff

pytestmark = pytest.mark.django_db
ADDRESS = "/cms/history/"


@pytest.fixture
def reader(client):
    user = accounts.user("wagtailadmin.access_admin", "accounts.view_history", first_name="Read", last_name="Er")
    client.force_login(user)
    return user


def wrote(rf, row, action, user=None, address="192.0.2.1", desk=""):
    request = rf.get("/", REMOTE_ADDR=address)
    request.desk = desk
    with tracing.follow(id=f"{address}-request-number", request=request):
        return log(row, action, user=user)


def rows(client, **chosen):
    """What, of what, who and from where; latest first."""
    response = client.get(ADDRESS, chosen)
    assert response.status_code == 200
    return [
        (entry.said, entry.label, entry.who, entry.whence["address"] or entry.whence["system"])
        for entry in response.context["object_list"]
    ]


def test_it_tells_of_everything_the_latest_first(client, reader, rf):
    session, page = agenda.session(title_en="Keynote"), home.content_page(home.edition_page(cms.edition("other")))
    ModelLogEntry.objects.all().delete()
    PageLogEntry.objects.all().delete()
    wrote(rf, session, "agenda.cancel", reader)
    wrote(rf, page, "wagtail.publish", address="2001:db8::1")
    log(session, "wagtail.edit")

    assert rows(client) == [
        ("Edited", "Keynote", "The system", "command line"),
        ("Published", "Getting there", "A visitor", "2001:db8::1"),
        ("Cancelled the session", "Keynote", "Read Er", "192.0.2.1"),
    ]


def test_each_row_of_the_page_says_when_who_what_and_from_where(client, reader, rf):
    entry = wrote(rf, agenda.session(title_en="Keynote"), "agenda.cancel", reader, desk="badges")

    (row,) = get(client, f"{ADDRESS}?action=agenda.cancel").all("table.listing tbody tr")

    row = [" ".join(cell.text_content().split()) for cell in row.iter("td")]
    assert row[1:] == ["Read Er", "Cancelled the session", "Keynote Session", "192.0.2.1 badges 192.0.2.1-request-number"]
    assert row[0].startswith(f"{entry.timestamp:%Y-%m-%d}"[:8])


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"address": "192.0.2."}, ["Keynote"]),
        ({"address": "2001:db8"}, ["Opening"]),
        ({"request_id": "192.0.2.1-request-number"}, ["Keynote"]),
        ({"action": "agenda.cancel"}, ["Keynote"]),
        ({"label": "open"}, ["Opening"]),
        ({"timestamp_from": "2001-01-01"}, ["Opening", "Keynote"]),
        ({"timestamp_to": "2001-01-01"}, []),
    ],
)
def test_it_is_chosen_from(client, reader, rf, chosen, found):
    wrote(rf, agenda.session(title_en="Keynote"), "agenda.cancel", reader)
    wrote(rf, agenda.session(title_en="Opening"), "wagtail.create", accounts.user(), address="2001:db8::1")

    assert [row[1] for row in rows(client, **chosen)] == found


def test_it_is_chosen_from_by_person_and_kind(client, reader, rf):
    session, user = agenda.session(title_en="Keynote"), accounts.user()
    entry = wrote(rf, session, "agenda.cancel", reader)
    wrote(rf, session, "wagtail.edit", user)
    wrote(rf, session.edition, "wagtail.edit", reader)

    chosen = rows(client, user=reader.pk, object_type=entry.content_type_id)

    assert [row[:3] for row in chosen] == [("Cancelled the session", "Keynote", "Read Er")]


def test_it_is_taken_out_as_a_file_which_it_notes_itself(client, reader, rf):
    wrote(rf, agenda.session(title_en="Keynote"), "agenda.cancel", reader, desk="badges")

    answer = client.get(ADDRESS, {"export": "csv"})

    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert {name: row[name] for name in ("Who", "What", "Name", "Address", "Request", "Desk", "Work of the system")} == {
        "Who": "Read Er",
        "What": "Cancelled the session",
        "Name": "Keynote",
        "Address": "192.0.2.1",
        "Request": "192.0.2.1-request-number",
        "Desk": "badges",
        "Work of the system": "",
    }
    latest = ModelLogEntry.objects.latest("pk")
    assert (latest.action, latest.data["rows"]) == ("cms.export", 1)


def test_it_costs_the_same_however_long_it_is(client, reader, rf):
    session = agenda.session()
    for _ in range(3):
        wrote(rf, session, "agenda.cancel", reader)
    client.get(ADDRESS)

    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    for _ in range(5):
        wrote(rf, session, "agenda.cancel", reader)
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS)

    assert len(many) == len(few)


@pytest.mark.parametrize("permissions", [[], ["agenda.view_session", "agenda.change_session"]])
def test_nobody_else_reads_it(client, permissions):
    client.force_login(accounts.user("wagtailadmin.access_admin", *permissions))

    assert client.get(ADDRESS).status_code == 302
    assert client.get("/cms/history/results/").status_code == 302
    assert client.get("/cms/reports/site-history/").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_takes_no_form(client, reader, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


def test_the_menu_has_one_history(client, reader):
    page = client.get("/cms/").content.decode()

    assert "/cms/history/" in page
    assert "/cms/reports/site-history/" not in page


def told(action):
    """Of whom, by whom."""
    return [(entry.label, str(entry.user or "")) for entry in ModelLogEntry.objects.filter(action=action).order_by("pk")]


def test_staff_who_come_and_go_are_written_down(client):
    user = staff()

    sign_in(client, user)
    assert told("accounts.sign_in") == []
    show(client, code())
    client.post(reverse("account_logout"))

    assert told("accounts.sign_in") == [(user.email, user.email)]
    assert told("accounts.sign_out") == [(user.email, user.email)]


def test_a_wrong_password_for_one_of_the_staff_is_written_down_by_nobody(client):
    user = staff()

    sign_in(client, user, password="guessed")

    assert told("accounts.sign_in_failed") == [(user.email, "")]
    assert "guessed" not in str(list(ModelLogEntry.objects.values()))


def test_so_is_a_wrong_second_factor(client):
    user = staff()
    sign_in(client, user)

    show(client, "000000")

    assert told("accounts.factor_failed") == [(user.email, "")]


def test_of_others_the_door_keeps_nothing(client):
    guest = person(email="guest@example.org", factor=False)

    sign_in(client, guest, password="guessed")
    sign_in(client, guest)
    client.post(reverse("account_logout"))
    sign_in(client, User(email="nobody@example.org"))

    assert ModelLogEntry.objects.count() == 0


def test_a_new_password_is_written_down(client):
    user = staff()
    client.force_login(user)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"},
    )

    (entry,) = ModelLogEntry.objects.filter(action="accounts.change")
    assert (entry.user, entry.message) == (user, "Password changed")
    assert "another" not in str(entry.data)


def test_roles_given_are_named(client):
    administrator, user = accounts.user(is_superuser=True), accounts.user(email="new@example.org")
    client.force_login(administrator)
    group = user.groups.create(name="gate")
    typed = {"email": user.email, "first_name": "Ne", "last_name": "W", "groups": [group.pk], "is_active": "on"}

    client.post(reverse("wagtailusers_users:edit", args=[user.pk]), typed)

    (entry,) = ModelLogEntry.objects.filter(action="accounts.roles")
    assert (entry.user, entry.message) == (administrator, "Roles: gate")
    assert entry.data[FROM]["address"] == "127.0.0.1"
