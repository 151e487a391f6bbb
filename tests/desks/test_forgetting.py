"""What is kept of exhibitors and their people, until its time is over."""

import datetime
import io
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.utils import timezone

from exhibitors.models import AccountRequest, Agency, TourStop
from forum.registration import purging
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db

BRIEFED = {"briefer_en": "Example Person", "briefer_km": "ឧទាហរណ៍", "function_en": "Director", "function_km": "នាយក"}


@pytest.fixture(autouse=True)
def own_files(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(Agency.shown_logo.field, "storage", FileSystemStorage(tmp_path / "public"))
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    }


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def agency():
    return make.agency()


def end(edition, days):
    """The forum closed so many days ago."""
    edition.opens_on = edition.closes_on = edition.today - datetime.timedelta(days=days)
    edition.save()


def purge(**options) -> str:
    written = io.StringIO()
    call_command("purge_personal_data", stdout=written, **options)
    return written.getvalue()


def age(storage, name):
    """As if it had been written before files rest."""
    before = datetime.datetime.now() - purging.FILES_REST - datetime.timedelta(hours=1)
    os.utime(storage.path(name), (before.timestamp(),) * 2)


def test_documents_go_the_day_after_their_time_and_what_was_decided_stays(
    edition, agency, django_capture_on_commit_callbacks
):
    required = make.required_document(edition, "Insurance")
    states = ["sent", "approved", "returned", "waived"]
    rows = [make.sent_document(required, agency, number, state) for number, state in enumerate(states, 1)]
    files = [(row.file.storage, row.file.name) for row in rows if row.file]
    end(edition, edition.people_kept_days)
    assert purge() == "Nothing is past its time.\n"
    end(edition, edition.people_kept_days + 1)

    assert purge(dry_run=True) == "would delete 4: next: documents of exhibitors\n"
    assert all(storage.exists(name) for storage, name in files)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge() == "deleting 4: next: documents of exhibitors\n"

    assert not any(storage.exists(name) for storage, name in files)
    for row, state in zip(rows, states, strict=True):
        row.refresh_from_db()
        assert (row.state, row.file.name, row.remark) == (state, "", "–" if state == "returned" else "")
    assert purge() == "Nothing is past its time.\n"


def test_the_page_of_a_forgotten_document_says_what_was_decided_and_leads_to_no_file(client, edition, agency):
    booking = make.booking(make.booth(make.zone(make.hall(edition))), agency)
    required = make.required_document(edition)
    make.sent_document(required, booking.agency, state="approved")
    end(edition, edition.people_kept_days + 1)
    purge()
    client.force_login(make.member(agency))
    address = f"/en/desk/agencies/{agency.code}/next/ready/documents/{required.code}/"

    page = client.get(address).content.decode()

    assert "approved" in page
    assert f"{address}1/" not in page
    assert client.get(f"{address}1/").status_code == 404


def test_requests_that_nobody_confirmed_go_after_two_weeks_with_their_letters(edition, django_capture_on_commit_callbacks):
    old, young, confirmed, returned = (make.account_request(edition, is_confirmed=number == 2) for number in range(4))
    before = timezone.now() - datetime.timedelta(days=14, minutes=1)
    AccountRequest.objects.exclude(pk=young.pk).update(asked_at=before)
    AccountRequest.objects.filter(pk=returned.pk).update(state="returned", decided_at=before, remark="Who are you?")

    with django_capture_on_commit_callbacks(execute=True):
        assert purge() == "deleting 1: requests for an account that nobody confirmed\n"

    assert set(AccountRequest.objects.all()) == {young, confirmed, returned}
    assert [row.letter.storage.exists(row.letter.name) for row in (old, young)] == [False, True]
    assert purge() == "Nothing is past its time.\n"


def test_who_briefed_on_a_tour_is_forgotten_and_what_was_said_stays(edition, agency):
    booth = make.booking(make.booth(make.zone(make.hall(edition))), agency).booth
    tour = edition.tours.create(name_en="Guest of honour", starts_at=edition.start_of(edition.opens_on))
    stop = TourStop.objects.create(tour=tour, booth=booth, position=1, point_en="A new service.", **BRIEFED)
    end(edition, edition.people_kept_days + 1)

    assert purge() == "deleting 1: next: who briefs on tours\n"

    stop.refresh_from_db()
    assert [getattr(stop, name) for name in BRIEFED] == [""] * 4
    assert stop.point_en == "A new service."
    assert purge() == "Nothing is past its time.\n"


def test_files_that_no_row_names_go_after_a_day_and_all_others_stay(edition):
    private, public = (column.field.storage for column in (Agency.logo, Agency.shown_logo))
    sent = make.sent_document(make.required_document(edition), make.agency()).file
    shown = make.agency(logo=ContentFile(b"logo", name="kept.png"), shown_logo=ContentFile(b"on a plate", name="plate.png"))
    kept = [(private, sent.name), (private, shown.logo.name), (public, shown.shown_logo.name)]
    lost = [
        (storage, storage.save(name, ContentFile(b"x")))
        for storage, name in [(private, "exhibitors/ABCDEF/x.pdf"), (private, "logos/x.png"), (public, "logos/x.png")]
    ]
    other = private.save("elsewhere/x.png", ContentFile(b"x"))
    fresh = private.save("logos/fresh.png", ContentFile(b"x"))
    for storage, name in [*kept, *lost, (private, other)]:
        age(storage, name)

    assert purge().splitlines() == [
        "deleting 1: files in exhibitors that no row names",
        "deleting 1: files in logos that no row names",
        "deleting 1: files in logos that no row names",
    ]

    assert [storage.exists(name) for storage, name in lost] == [False] * 3
    assert [storage.exists(name) for storage, name in [*kept, (private, other), (private, fresh)]] == [True] * 5
