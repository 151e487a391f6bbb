"""Personal data whose time has come: told by a dry run, deleted, and nothing else."""

import datetime
import io
import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from forum.registration import answering
from forum.registration.models import AccessNeeds, Answer, Registration
from tests.factories import cms
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


def test_a_file_that_no_answer_names_goes_after_a_day():
    kept = answer(cms.edition(), 5, ContentFile(b"%PDF-", name="a.pdf"), "file").file.name
    lost, fresh = (default_storage.save(f"answers/ABCDEF/{name}.pdf", ContentFile(b"x")) for name in ("lost", "fresh"))
    old = time.time() - 2 * 24 * 3600
    for name in (kept, lost):
        os.utime(default_storage.path(name), (old, old))

    assert purge() == "deleting 1: files that no answer names\n"

    assert [default_storage.exists(name) for name in (kept, lost, fresh)] == [True, False, True]


def test_access_needs_go_the_day_after_the_forum():
    people = {}
    for days in (0, 1):
        edition = edition_that_ended(days, slug=f"e{days}")
        people[days] = make.registration(of=make.pass_type(edition), needs={"wheelchair": True})

    assert purge() == "deleting 1: e1: access needs\n"

    assert list(AccessNeeds.objects.values_list("pk", flat=True)) == [people[0].pk]
