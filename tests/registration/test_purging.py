"""Personal data whose time has come: told by a dry run, deleted, and nothing else."""

import datetime
import io
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from forum.payments import ordering
from forum.registration import answering, erasing, inviting, purging, signup
from forum.registration.models import AccessNeeds, Answer, Registration
from tests.factories import cms, payments
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


def edition_that_ended(days, **fields):
    today = cms.timezone.localdate()
    begun, ended = today - datetime.timedelta(days=days + 1), today - datetime.timedelta(days=days)
    return cms.edition(opens_on=begun, closes_on=ended, day_begins_at=0, **fields)


def purge(**options) -> str:
    written = io.StringIO()
    call_command("purge_personal_data", stdout=written, **options)
    return written.getvalue()


def answer(edition, kept_days, value="kosher", kind="text"):
    of = edition.pass_types.first() or make.pass_type(edition)
    question = make.question(edition, kind, kept_days=kept_days, label_en="Food?")
    answering.keep(make.registration(of=of), {question: value})
    return Answer.objects.get(question=question)


def test_answers_go_the_day_after_their_time_and_people_stay(django_capture_on_commit_callbacks):
    edition = edition_that_ended(10)
    past, last_day = answer(edition, 9), answer(edition, 10)

    assert purge(dry_run=True) == "would delete 1: next: answers to “Food?”\n"
    assert Answer.objects.count() == 2
    assert purge() == "deleting 1: next: answers to “Food?”\n"

    assert list(Answer.objects.all()) == [last_day]
    assert past.registration in Registration.objects.all()
    assert purge() == "Nothing is past its time.\n"


def test_the_file_goes_with_its_answer(django_capture_on_commit_callbacks):
    row = answer(edition_that_ended(10), 5, ContentFile(b"%PDF-", name="a.pdf"), "file")

    with django_capture_on_commit_callbacks(execute=True):
        purge()

    assert not default_storage.exists(row.file.name)


def test_the_signed_original_of_a_letter_goes_with_the_guest(django_capture_on_commit_callbacks):
    """Before that it is no file that nobody names."""
    scans = []
    for days in (9, 10):
        of = make.pass_type(
            edition_that_ended(10, slug=f"e{days}", people_kept_days=days), slug="guest", access="invitation"
        )
        guest = make.guest(make.guest_list(of))
        inviting.number(guest=guest)
        inviting.keep_scan(guest=guest, scan=ContentFile(b"%PDF-1.7 signed", name="SOK Dara.pdf"))
        guest.refresh_from_db()
        scans.append(guest.scan.name)
        os.utime(default_storage.path(guest.scan.name), (time.time() - 2 * 24 * 3600,) * 2)

    with django_capture_on_commit_callbacks(execute=True):
        assert purge() == "deleting 1: e9: names and addresses of guests\n"

    assert [default_storage.exists(name) for name in scans] == [False, True]


def test_a_file_that_no_answer_names_goes_after_a_day():
    kept = answer(cms.edition(), 5, ContentFile(b"%PDF-", name="a.pdf"), "file").file.name
    lost, fresh = (default_storage.save(f"answers/ABCDEF/{name}.pdf", ContentFile(b"x")) for name in ("lost", "fresh"))
    old = time.time() - 2 * 24 * 3600
    for name in (kept, lost):
        os.utime(default_storage.path(name), (old, old))

    assert purge() == "deleting 1: files that no row names\n"

    assert [default_storage.exists(name) for name in (kept, lost, fresh)] == [True, False, True]


def test_access_needs_go_the_day_after_the_forum():
    people = {}
    for days in (0, 1):
        edition = edition_that_ended(days, slug=f"e{days}")
        people[days] = make.registration(of=make.pass_type(edition), needs={"wheelchair": True})

    assert purge() == "deleting 1: e1: access needs\n"

    assert list(AccessNeeds.objects.values_list("pk", flat=True)) == [people[0].pk]


def names() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("name_latin", flat=True))


def test_names_go_when_their_time_is_over_and_who_came_is_still_counted():
    past = edition_that_ended(10, people_kept_days=9)
    of = make.pass_type(past)
    with_note = make.access_code(of, note="For Mr Secret")
    people = [make.registration(of=of, name_latin=name) for name in ("Secret One", "Secret Two")]
    signup.withdraw(registration=people[1])
    kept = make.registration(of=make.pass_type(edition_that_ended(10, slug="kept", people_kept_days=10)), name_latin="Kept")
    told = "{0} 2: next: names and addresses of people\n{0} 1: next: notes on access codes\n"

    assert purge(dry_run=True) == told.format("would delete")
    assert names() == ["Secret One", "Secret Two", "Kept"]
    assert purge() == told.format("deleting")

    assert names() == ["–", "–", "Kept"]
    assert [row.state for row in Registration.objects.order_by("pk")] == ["confirmed", "withdrawn", "confirmed"]
    assert (of.quotas.get().taken, kept.email == Registration.objects.get(pk=kept.pk).email) == (1, True)
    with_note.refresh_from_db()
    assert with_note.note == ""
    assert purge() == "Nothing is past its time.\n"


def test_a_purge_that_was_stopped_goes_on_from_there(monkeypatch):
    of = make.pass_type(edition_that_ended(10, people_kept_days=1))
    for number in range(5):
        make.registration(of=of, name_latin=f"P {number}")
    monkeypatch.setattr(purging, "AT_ONCE_PEOPLE", 2)
    erase, done = erasing.erase, []

    def until_the_fourth(**kwargs):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(erase(**kwargs))

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(erasing, "erase", until_the_fourth)
        purge()
    assert names().count("–") == 2  # whole blocks

    assert "deleting 3: next: names" in purge()
    assert names() == ["–"] * 5


def test_orders_and_their_papers_outlive_the_purge():
    edition = edition_that_ended(10, people_kept_days=9)
    order = payments.order(payments.priced(edition))
    ordering.write_invoice(order=order, name="Secret One", agency="", tax_number="")

    purge()

    order.refresh_from_db()
    assert (order.bill_to_name, order.papers.get().facts != {}) == ("Secret One", True)
    assert names() == ["–"]
