"""Printing many badges at the desk: few at once, more in the background."""

import datetime
import io

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from forum.badges import batching
from forum.badges.models import BATCHES, BadgeBatch, BadgePrint, BatchPart
from forum.desks import onsite_batches
from tests.factories import accounts, cms
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db

BATCH = "/onsite/badges/batch/"


@pytest.fixture
def dara():
    return make.registration(make.pass_type(cms.edition_under_way()), name_latin="SOK Dara")


@pytest.fixture
def desk(client):
    client.force_login(accounts.user("badges.add_badgeprint"))
    return client


@pytest.fixture(autouse=True)
def clean():
    yield
    for name in default_storage.listdir(BATCHES)[1] if default_storage.exists(BATCHES) else []:
        default_storage.delete(f"{BATCHES}/{name}")


@pytest.fixture
def in_background(monkeypatch):
    monkeypatch.setattr(onsite_batches, "AT_ONCE", 0)


def draw():
    while batching.do_next():
        pass


def pages(content):
    with pikepdf.open(io.BytesIO(content)) as paper:
        return len(paper.pages)


def test_an_opened_batch_lists_those_who_wait_before_anything_is_chosen(desk, dara):
    page = desk.get(BATCH).content.decode()

    assert "SOK Dara" in page
    assert "No badges wait" not in page


def test_few_come_at_once_as_one_pdf_of_those_not_yet_printed(desk, dara):
    make.registration(of=dara.pass_type, name_latin="CHAN Bopha")
    assert desk.get(BATCH, {"reason": ""}).context["page"].paginator.count == 2

    answer = desk.post(BATCH, {"pass_type": "delegate"})

    assert (answer["Content-Type"], pages(answer.content)) == ("application/pdf", 2)
    assert (BadgePrint.objects.count(), BadgeBatch.objects.count()) == (2, 0)
    assert desk.get(BATCH, {"reason": ""}).context["page"].paginator.count == 0


def test_the_day_leaves_those_whose_pass_is_for_others(desk, dara):
    day = dara.edition.opens_on + datetime.timedelta(days=1)
    make.registration(make.pass_type(dara.edition, slug="later", days=[day.isoformat()]), name_latin="CHAN Bopha")

    def shown(when):
        return [person.name_latin for person in desk.get(BATCH, {"day": when.isoformat()}).context["page"]]

    assert (shown(dara.edition.opens_on), shown(day)) == (["SOK Dara"], ["CHAN Bopha", "SOK Dara"])


@pytest.mark.parametrize(("field", "typed"), [("day", "2001-01-01"), ("order", "x"), ("per_box", "0"), ("per_box", "x")])
def test_strange_choices_are_said_beside_the_field_and_print_nothing(desk, dara, field, typed):
    answer = desk.post(BATCH, {field: typed})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert BadgePrint.objects.count() == 0


def test_many_are_printed_in_the_background_with_progress_and_a_file(desk, dara, in_background):
    make.registration(dara.pass_type, name_latin="CHAN Bopha")

    progress = desk.post(BATCH, {"order": "latin"})["Location"]

    batch = BadgeBatch.objects.get()
    assert progress == f"{BATCH}{batch.code}/"
    waiting = desk.get(progress)
    assert waiting["Refresh"] == "3"
    assert Page(waiting).words("[role=status]") == ["Waits for its turn: 0 of 2"]
    assert desk.get(f"{progress}badges.pdf").status_code == 404

    draw()

    ended = desk.get(progress)
    assert "Refresh" not in ended
    assert Page(ended).words("[role=status]") == ["Done: 2 of 2"]
    assert "Open 2 badges as PDF" in ended.content.decode()
    file = desk.get(f"{progress}badges.pdf")
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert pages(b"".join(file.streaming_content)) == 2
    assert f">{batch.code}<" in desk.get(BATCH).content.decode()


def test_boxes_are_filled_in_the_background_however_few(desk, dara):
    desk.post(BATCH, {"per_box": "25", "order": "khmer"})

    batch = BadgeBatch.objects.get()
    assert (batch.per_box, batch.order, batch.desk, batch.count) == (25, "khmer", "badges", 1)


def test_it_can_be_stopped(desk, dara, in_background):
    progress = desk.post(BATCH, {})["Location"]

    assert desk.post(f"{progress}stop/")["Location"] == progress
    draw()

    page = desk.get(progress).content.decode()
    assert "Stopped" in page
    assert BadgePrint.objects.count() == 0


def test_one_that_failed_says_so_and_goes_on(desk, dara, in_background):
    progress = desk.post(BATCH, {})["Location"]
    BadgeBatch.objects.update(state="failed")
    BatchPart.objects.update(tries=batching.TRIES + 1)

    page = desk.get(progress)
    assert "Refresh" not in page
    assert "Something went wrong" in page.content.decode()
    desk.post(f"{progress}go-on/")
    draw()

    assert BadgeBatch.objects.get().state == "done"


def test_a_file_that_is_no_longer_kept_is_said(desk, dara, in_background, django_capture_on_commit_callbacks):
    progress = desk.post(BATCH, {})["Location"]
    draw()
    BadgeBatch.objects.update(ended_at=timezone.now() - batching.KEPT)
    with django_capture_on_commit_callbacks(execute=True):
        batching.forget_some()

    assert "no longer kept" in desk.get(progress).content.decode()
    assert desk.get(f"{progress}badges.pdf").status_code == 404


def test_a_file_that_the_store_has_lost_is_not_there(desk, dara, in_background):
    progress = desk.post(BATCH, {})["Location"]
    draw()
    default_storage.delete(BadgeBatch.objects.get().file.name)

    assert desk.get(f"{progress}badges.pdf").status_code == 404


def test_others_neither_see_nor_stop_nor_fetch_it(client, dara):
    batch = batching.order(edition=dara.edition)
    addresses = [reverse(f"onsite:{name}", args=[batch.code]) for name in ("progress", "batch_file", "stop", "go_on")]
    for address in addresses:
        assert client.post(address)["Location"].startswith("/accounts/login/")

    client.force_login(accounts.user("checkin.add_scan"))

    assert [client.get(address).status_code for address in addresses] == [403] * 4
    assert [client.post(address).status_code for address in addresses] == [403] * 4
    assert BadgeBatch.objects.get().state == "queued"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_batches_costs_the_same_however_many(desk, dara, number, django_assert_num_queries):
    for _time in range(number):
        batching.order(edition=dara.edition, user=accounts.user())
    desk.get(BATCH)

    with django_assert_num_queries(11):
        desk.get(BATCH)
