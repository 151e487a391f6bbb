"""The privacy notice by version: a draft is changed, what was published stays and is followed by the next one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.refusals import code_of
from forum.registration import noticing
from forum.registration.models import PrivacyNotice
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return cms.edition()


def write(notice, **fields):
    for name, value in fields.items():
        setattr(notice, name, value)
    return noticing.write(notice=notice, user=accounts.user())


def versions():
    return list(PrivacyNotice.objects.order_by("pk").values_list("version", "summary_en"))


def test_versions_are_counted_in_each_edition(edition):
    for of in (edition, edition, cms.edition("other")):
        write(PrivacyNotice(edition=of, summary_en="x", text_en="x"))

    assert [(row.edition.slug, row.version) for row in PrivacyNotice.objects.order_by("pk")] == [
        ("next", 1), ("next", 2), ("other", 1)
    ]  # fmt: skip


def test_a_draft_and_one_that_is_still_to_come_are_changed(edition):
    for number, ago in enumerate((None, -60), start=1):
        write(make.notice(edition, number, ago=ago), summary_en="New")

    assert versions() == [(1, "New"), (2, "New")]


def test_a_change_of_what_was_published_makes_a_draft_of_the_next_version(edition):
    write(make.notice(edition), summary_en="New")

    assert versions() == [(1, "Used for the forum."), (2, "New")]
    assert PrivacyNotice.objects.get(version=2).published_at is None
    assert PrivacyNotice.objects.in_force(edition).version == 1


def test_no_version_claims_to_have_held_before_it_was_written(edition):
    before = timezone.now()

    made = write(make.notice(edition), published_at=before - datetime.timedelta(days=9))

    assert made.published_at >= before
    assert PrivacyNotice.objects.in_force(edition) == made


def test_whoever_writes_what_was_published_is_refused(edition):
    notice = make.notice(edition)
    notice.text_en = "Something else"

    with pytest.raises(ValidationError) as refused:
        notice.save()

    assert code_of(refused.value) == "published"


def test_the_database_holds_one_row_per_version(edition):
    make.notice(edition)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.notice(edition)


def open_edition():
    cms.edition()


def write_at_once(number):
    edition = cms.Edition.objects.get()
    return noticing.write(notice=PrivacyNotice(edition=edition, summary_en=f"{number}", text_en="x"), user=None).version


def test_two_who_write_at_once_make_two_versions(race):
    race.prepare(open_edition)

    assert sorted(race(write_at_once, [{"number": number} for number in range(4)])) == [1, 2, 3, 4]
