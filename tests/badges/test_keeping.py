"""Badges kept ready: the same bytes at once, drawn anew when anything has changed, gone when nobody needs them."""

import datetime
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from forum.badges import keeping, printing, rendering, tasks
from forum.badges.models import FOLDER, Badge, BadgeLayout, KeptBadge
from forum.registration import erasing, purging, signup
from forum.registration.models import AccessZone, PassType, Registration
from tests.factories import cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_drawn():
    cache.clear()
    for name in files():
        default_storage.delete(f"{FOLDER}/{name}")


def badge_of(registration):
    return printing.issue(Registration.objects.with_names().filter(pk=registration.pk))[0]


def draws(act):
    """How many documents are drawn meanwhile, and what comes of it."""
    with mock.patch.object(rendering, "render", wraps=rendering.render) as render:
        return act(), render.call_count


def files():
    try:
        return set(default_storage.listdir(FOLDER)[1])
    except FileNotFoundError:
        return set()


def test_the_second_time_it_comes_from_the_store():
    person = make.registration()

    first, second = (draws(lambda: keeping.paper(badge_of(person))) for _time in range(2))

    assert (first[1], second[1]) == (1, 0)
    assert first[0] == second[0] and first[0][:4] == b"%PDF"


def test_a_desk_and_the_own_page_take_it_from_there():
    person = make.registration()
    keeping.paper(badge_of(person))

    assert draws(lambda: printing.print_badges(registrations=[person]))[1] == 0
    assert draws(lambda: printing.render([badge_of(person)]))[1] == 0


def test_from_the_store_it_takes_few_queries(django_assert_num_queries):
    badge = badge_of(make.registration())
    keeping.paper(badge)

    with django_assert_num_queries(3):  # layouts, zones, the kept one
        keeping.paper(badge)


def _rename(person):
    Registration.objects.update(name_latin="SOK Other")


def _recolour(person):
    PassType.objects.update(band="red")


def _open_a_zone(person):
    person.pass_type.zones.add(AccessZone.objects.create(edition=person.edition, name_en="Hall"))


def _speak_khmer(person):
    Registration.objects.update(language="km")


def _lay_out(person):
    BadgeLayout.objects.create(edition=person.edition, name="Others", is_for_others=True, shape="label")


@pytest.mark.parametrize("change", [_rename, _recolour, _open_a_zone, _speak_khmer, _lay_out])
def test_what_has_changed_since_is_drawn_anew(change, django_capture_on_commit_callbacks):
    person = make.registration()
    before = keeping.paper(badge_of(person))

    change(person)
    with django_capture_on_commit_callbacks(execute=True):
        after, drawn = draws(lambda: keeping.paper(badge_of(person)))

    assert drawn == 1 and after != before
    assert draws(lambda: keeping.paper(badge_of(person))) == (after, 0)
    assert len(files()) == KeptBadge.objects.count() == 1


def test_another_photo_and_another_emblem_are_drawn_anew():
    pass_type = make.pass_type(needs_photo=True)
    person = make.accredit(make.registration(of=pass_type))
    layout = BadgeLayout.objects.create(edition=pass_type.edition, name="Others", is_for_others=True, has_photo=True)
    keeping.paper(badge_of(person))

    make.accredit(person)
    assert draws(lambda: keeping.paper(badge_of(person)))[1] == 1
    layout.emblem.save("emblem.jpg", ContentFile(make.photo().read()))
    assert draws(lambda: keeping.paper(badge_of(person)))[1] == 1
    assert draws(lambda: keeping.paper(badge_of(person)))[1] == 0


def test_other_fonts_or_another_way_to_draw_leave_nothing_as_it_was(monkeypatch):
    person = make.registration()
    keeping.paper(badge_of(person))

    monkeypatch.setattr(keeping, "drawn_by", lambda: b"other fonts")

    assert draws(lambda: keeping.paper(badge_of(person)))[1] == 1


def test_what_draws_is_known_by_its_code_and_fonts():
    names = {module.__name__.rpartition(".")[2] for module in keeping.DRAWING}

    assert {"rendering", "painting", "shapes", "imposing", "fitting", "fonts", "pdf", "pdf_pages", "qr"} == names
    assert len(keeping.drawn_by()) == 32 * (len(keeping.DRAWING) + 4)


def test_one_whose_file_is_gone_is_drawn_anew(django_capture_on_commit_callbacks):
    person = make.registration()
    keeping.paper(badge_of(person))
    default_storage.delete(KeptBadge.objects.get().file.name)

    with django_capture_on_commit_callbacks(execute=True):
        assert draws(lambda: keeping.paper(badge_of(person)))[1] == 1
    assert len(files()) == 1


def test_who_waits_for_a_badge_gets_it_though_it_cannot_be_kept(monkeypatch):
    person = make.registration()
    monkeypatch.setattr(KeptBadge.file.field.storage, "save", mock.Mock(side_effect=OSError("full")))

    assert keeping.paper(badge_of(person))[:4] == b"%PDF"
    assert not KeptBadge.objects.exists()


def test_one_drawn_without_its_photo_is_not_kept():
    pass_type = make.pass_type(needs_photo=True)
    person = make.accredit(make.registration(of=pass_type))
    BadgeLayout.objects.create(edition=pass_type.edition, name="Others", is_for_others=True, has_photo=True)
    default_storage.delete(person.accreditation.photo.name)

    assert keeping.paper(badge_of(person))[:4] == b"%PDF"
    assert not KeptBadge.objects.exists()


def _withdraw(person):
    signup.withdraw(registration=person)


def _erase(person):
    erasing.erase(registration=person)


def _replace(person):
    Registration.objects.filter(pk=person.pk).update(holder_no=2)


def _print_again(person):
    Badge.objects.filter(registration=person).update(revoked_at=timezone.now())


@pytest.mark.parametrize("end", [_withdraw, _erase, _replace, _print_again])
def test_what_nobody_needs_any_more_goes_with_its_file(end, django_capture_on_commit_callbacks):
    pass_type = make.pass_type()
    leaving, staying = make.registration(of=pass_type), make.registration(of=pass_type)
    for person in (leaving, staying):
        keeping.paper(badge_of(person))

    end(leaving)
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.forget_kept()

    assert [kept.badge.registration for kept in KeptBadge.objects.all()] == [staying]
    assert len(files()) == 1
    assert not tasks.forget_kept()


def test_after_the_forum_nothing_is_kept(django_capture_on_commit_callbacks):
    person = make.registration()
    keeping.paper(badge_of(person))
    past = timezone.now().date() - datetime.timedelta(days=9)
    type(person.edition).objects.update(opens_on=past, closes_on=past)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.forget_kept()

    assert not KeptBadge.objects.exists() and not files()


def test_the_purge_tells_and_deletes_what_is_left(capsys, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(purging, "FILES_REST", datetime.timedelta(0))
    person = make.registration()
    keeping.paper(badge_of(person))
    default_storage.save(f"{FOLDER}/lost.pdf", ContentFile(b"%PDF"))
    signup.withdraw(registration=person)

    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_personal_data")

    assert "1: badges kept ready that nobody needs" in capsys.readouterr().out
    assert not files() and not KeptBadge.objects.exists()


def test_three_days_before_what_the_desks_will_print_is_drawn_block_by_block(monkeypatch):
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    edition = cms.edition_under_way()
    pass_type = make.pass_type(edition)
    people = [make.registration(of=pass_type) for _number in range(3)]
    signup.withdraw(registration=people[1])

    assert [tasks.draw_ahead() for _time in range(2)] == [True, False]

    assert {kept.badge.registration for kept in KeptBadge.objects.all()} == {people[0], people[2]}
    assert draws(lambda: [tasks.draw_ahead() for _time in range(2)]) == ([True, False], 0)
    _rename(people[0])
    assert draws(lambda: [tasks.draw_ahead() for _time in range(2)])[1] == 2


def test_weeks_before_nothing_is_drawn():
    make.registration()

    assert not tasks.draw_ahead()
    assert not Badge.objects.exists()
