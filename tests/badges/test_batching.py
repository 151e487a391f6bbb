"""Many badges in the background: everybody once, whoever dies meanwhile; stopped, failed, forgotten."""

import datetime
import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry

from forum.badges import batching, printing
from forum.badges.models import BATCHES, BadgeBatch, BadgeLayout, BadgePrint, BatchPart, LayoutOfPass
from forum.registration import erasing, signup
from tests.factories import accounts, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr(batching, "AT_ONCE", 2)


@pytest.fixture(autouse=True)
def clean():
    """Neither what other tests left nor what these leave counts."""
    _delete_all()
    yield
    _delete_all()


def _delete_all():
    for name in files():
        default_storage.delete(f"{BATCHES}/{name}")


def files():
    return default_storage.listdir(BATCHES)[1] if default_storage.exists(BATCHES) else []


def people(number, of=None, **fields):
    of = of or make.pass_type()
    return [make.registration(of, **{"name_latin": f"PERSON {letter}"} | fields) for letter in "ABCDEFGH"[:number]]


def order(person, **options):
    return batching.order(edition=person.edition, **options)


def done(batch):
    while batching.do_next():
        pass
    batch.refresh_from_db()
    return batch


def tasks():
    return DBTaskResult.objects.filter(task_path="forum.badges.batching.print_some").count()


def pages(batch):
    with batch.file.open() as file, pikepdf.open(io.BytesIO(file.read())) as paper:
        return len(paper.pages)


def names(batch):
    return [place.registration.name_latin for place in batch.places.select_related("registration")]


def test_everybody_chosen_is_printed_once_and_comes_out_as_one_file():
    clerk, someone = accounts.user(), people(5)[0]

    batch = order(someone, user=clerk, desk="badges")
    assert (batch.state, batch.count, batch.done) == ("queued", 5, 0)
    done(batch)

    assert (batch.state, batch.done, batch.printed, pages(batch)) == ("done", 5, 5, 5)
    assert BadgePrint.objects.filter(printed_by=clerk, desk="badges").values("badge__registration").distinct().count() == 5
    assert len(files()) == 1, "the parts are gone"
    log = [(entry.action, entry.data["count"]) for entry in ModelLogEntry.objects.order_by("timestamp")]
    assert log == [("badges.order_batch", 5), ("badges.print_batch", 5)]


def test_nothing_is_done_twice():
    batch = done(order(people(3)[0]))

    assert not batching.do_next()
    assert (BadgePrint.objects.count(), len(files()), pages(batch)) == (3, 1, 3)


def test_who_is_printed_or_has_left_meanwhile_is_passed_over():
    first, second, third = people(3)
    batch = order(first)
    printing.print_badges(registrations=[second])
    signup.withdraw(registration=third)

    done(batch)

    assert (batch.done, batch.printed, pages(batch)) == (3, 1, 1)
    assert [place.badge is None for place in batch.places.order_by("position")] == [False, True, True]


def test_a_batch_of_whom_nobody_remains_ends_without_a_file():
    (person,) = people(1)
    batch = order(person)
    signup.withdraw(registration=person)

    done(batch)

    assert (batch.state, batch.printed, bool(batch.file)) == ("done", 0, False)


def test_nobody_to_print_is_refused():
    (person,) = people(1)
    printing.print_badges(registrations=[person])

    with pytest.raises(ValidationError) as refusal:
        order(person)

    assert refusal.value.code == "none"
    assert BadgeBatch.objects.count() == 0


def test_for_a_reason_all_are_printed_again_and_their_badges_before_end():
    one, two = people(2)
    printing.print_badges(registrations=[one])

    done(order(one, reason="damaged"))

    assert sorted(BadgePrint.objects.values_list("badge__registration", "reason")) == sorted(
        [(one.pk, ""), (one.pk, "damaged"), (two.pk, "")]
    )


def test_whom_to_print_is_chosen_by_pass_agency_and_day():
    agency, delegate = exhibitors.agency(), make.pass_type()
    first = delegate.edition.opens_on
    later = make.pass_type(delegate.edition, slug="later", days=[(first + datetime.timedelta(1)).isoformat()])
    one = make.registration(delegate, name_latin="ONE", agency=agency)
    make.registration(later, name_latin="TWO")

    assert names(order(one)) == ["ONE", "TWO"]
    assert names(order(one, pass_type=later)) == ["TWO"]
    assert names(order(one, agency=agency)) == ["ONE"]
    assert names(order(one, day=first)) == ["ONE"]
    assert names(order(one, day=first + datetime.timedelta(1))) == ["ONE", "TWO"]


def test_the_order_is_that_of_the_khmer_dictionary_of_latin_letters_or_of_agencies():
    delegate = make.pass_type()
    rows = [("SOK", "កែវ", "Z"), ("CHAN", "ខៀវ", "A"), ("AN", "អាន", None)]
    for latin, khmer, agency in rows:
        body = exhibitors.agency(name_en=agency) if agency else None
        person = make.registration(delegate, name_latin=latin, name_km=khmer, agency=body)

    assert names(order(person, order="khmer")) == ["SOK", "CHAN", "AN"]
    assert names(order(person, order="latin")) == ["AN", "CHAN", "SOK"]
    assert names(order(person, order="agency")) == ["CHAN", "SOK", "AN"]


def test_badges_of_one_shape_stand_together():
    delegate = make.pass_type()
    guest = make.pass_type(delegate.edition, slug="guest")
    layout = BadgeLayout.objects.create(edition=delegate.edition, name="Cards", shape="card")
    LayoutOfPass.objects.create(layout=layout, pass_type=guest)
    for name, of in (("A", guest), ("B", delegate), ("C", guest)):
        person = make.registration(of, name_latin=name)

    batch = done(order(person, order="latin"))

    assert names(batch) == ["B", "A", "C"]
    with batch.file.open() as file, pikepdf.open(io.BytesIO(file.read())) as paper:
        assert [round(float(page.mediabox[2]) / 72 * 25.4) for page in paper.pages] == [105, 86, 86]


def test_a_badge_knows_its_box_and_slot_until_it_is_printed_again():
    someone, *_others = people(5)
    batch = done(order(someone, order="latin", per_box=2))

    places = [batching.place_of(place.badge) for place in batch.places.order_by("position")]
    assert [(place.box, place.slot) for place in places] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]

    printing.print_badges(registrations=[someone], reason="lost")
    (now,) = printing.issue([someone])
    assert batching.place_of(now) is None


def test_badges_without_boxes_are_in_none():
    batch = done(order(people(1)[0]))

    assert batching.place_of(batch.places.get().badge) is None


def test_a_later_batch_can_follow_the_boxes():
    one, two, _three = people(3)
    printing.print_badges(registrations=[two])
    done(order(one, order="latin", per_box=10))

    assert names(order(one, order="box", reason="damaged")) == ["PERSON A", "PERSON C", "PERSON B"]


def test_a_worker_that_dies_after_writing_down_and_before_drawing_leaves_nobody_out(monkeypatch):
    batch = order(people(2)[0])

    def die(badges):
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(printing, "render", die)
        batching.do_next()
    assert BadgePrint.objects.count() == 2
    assert not batching.do_next(), "it is still held"

    BatchPart.objects.update(held_until=timezone.now())
    done(batch)

    assert (batch.state, batch.printed, pages(batch), BadgePrint.objects.count()) == ("done", 2, 2, 2)


def test_a_badge_that_was_printed_again_before_it_was_drawn_does_not_come_out(monkeypatch):
    one, _two = people(2)
    batch = order(one)

    def die(badges):
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(printing, "render", die)
        batching.do_next()
    printing.print_badges(registrations=[one], reason="lost")
    BatchPart.objects.update(held_until=timezone.now())

    assert pages(done(batch)) == 1


def test_what_fails_again_and_again_is_said_to_have_failed_and_can_be_gone_on_with(monkeypatch):
    clerk, batch = accounts.user(), order(people(3)[0])

    def fail(badges):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(printing, "render", fail)
        for _time in range(2 * (batching.TRIES + 1)):
            BatchPart.objects.update(held_until=None)
            batching.do_next()
    batch.refresh_from_db()
    assert (batch.state, batch.ended_at) == ("failed", None)
    BatchPart.objects.update(held_until=None)
    assert not batching.do_next()

    batching.try_again(batch=batch, user=clerk)
    done(batch)

    assert (batch.state, pages(batch), BadgePrint.objects.count()) == ("done", 3, 3)
    assert ModelLogEntry.objects.filter(action="badges.retry_batch", user=clerk).count() == 1


def test_stopped_it_prints_nobody_more_and_hands_out_what_is_drawn():
    clerk, batch = accounts.user(), order(people(5)[0])
    batching.do_next()

    for _time in range(2):
        batching.cancel(batch=batch, user=clerk)
    done(batch)

    assert (batch.state, batch.printed, pages(batch), BadgePrint.objects.count()) == ("cancelled", 2, 2, 2)
    assert ModelLogEntry.objects.filter(action="badges.cancel_batch", user=clerk).count() == 1


def test_stopped_between_writing_down_and_drawing_what_is_written_down_comes_out(monkeypatch):
    batch = order(people(3)[0])

    def stop(badges):
        batching.cancel(batch=batch)
        return render(badges)

    render = printing.render
    monkeypatch.setattr(printing, "render", stop)

    done(batch)

    assert (batch.state, pages(batch), BadgePrint.objects.count()) == ("cancelled", 2, 2)


def test_one_that_is_over_is_neither_stopped_nor_tried_again():
    batch = done(order(people(1)[0]))

    assert batching.cancel(batch=batch).state == "done"
    assert batching.try_again(batch=batch).state == "done"


def test_a_lost_task_is_given_again_once():
    order(people(1)[0])
    assert tasks() == 0, "its transaction has not ended"

    for _time in range(2):
        batching.see_to()

    assert tasks() == 1


def test_without_work_no_task_is_given():
    batching.see_to()

    assert tasks() == 0


def test_an_order_tells_the_workers_when_it_is_certain(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order(people(3)[0])

    assert tasks() == 2


def test_files_go_after_two_days_and_the_rest_stays(django_capture_on_commit_callbacks):
    batch = done(order(people(1)[0]))
    with django_capture_on_commit_callbacks(execute=True):
        assert batching.forget_some() == 0

    BadgeBatch.objects.update(ended_at=timezone.now() - batching.KEPT)
    with django_capture_on_commit_callbacks(execute=True):
        assert batching.forget_some() == 1

    batch.refresh_from_db()
    assert (files(), bool(batch.file), batch.printed) == ([], False, 1)


def test_a_file_with_the_badge_of_somebody_erased_goes_at_once(django_capture_on_commit_callbacks):
    one, _two = people(2)
    done(order(one))
    erasing.erase(registration=one)

    with django_capture_on_commit_callbacks(execute=True):
        assert batching.forget_some() == 1

    assert files() == []
