"""Pages of long lists: the same rows in the same order, whichever way the database finds them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms import many_rows
from cms.many_rows import KeysFirst
from forum.registration.models import Registration
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
NAMES = ["CHAN Bopha", "KEO Dara", "LIM Dara", "SOK Dara", "SOK Vanna"]


@pytest.fixture
def people():
    of = make.pass_type()
    for name in reversed(NAMES):
        make.registration(of, name_latin=name)


def pages(rows, has_words=True):
    paginator = KeysFirst(rows, 2, has_words=has_words)
    return [[person.name_latin for person in paginator.page(number)] for number in paginator.page_range]


@pytest.mark.parametrize("most_sorted", [0, 1000])
@pytest.mark.parametrize("has_words", [True, False])
def test_pages_follow_the_order_of_the_list_either_way(people, monkeypatch, most_sorted, has_words):
    monkeypatch.setattr(many_rows, "SORTED", most_sorted)

    forth, back = (pages(Registration.objects.order_by(order), has_words) for order in ("sort_key", "-sort_key"))

    assert forth == [NAMES[:2], NAMES[2:4], NAMES[4:]]
    assert back == [NAMES[:2:-1], NAMES[2:0:-1], NAMES[0::-1]]


def test_few_found_by_words_are_sorted_by_no_index(people):
    rows = Registration.objects.order_by("sort_key")

    few, all_of_them = (asked(lambda words=words: KeysFirst(rows, 2, has_words=words).page(1)) for words in (True, False))

    assert "COALESCE" in few
    assert "COALESCE" not in all_of_them


@pytest.mark.parametrize("near", [0, 1, 3, 4, 1000])
def test_pages_end_with_what_was_counted_and_keep_the_order_wherever_the_found_stand(people, monkeypatch, near):
    monkeypatch.setattr(many_rows, "NEAR", near)

    for order, names in (("sort_key", NAMES), ("-sort_key", NAMES[::-1]), ("name_latin", NAMES), ("honorific", None)):
        rows = Registration.objects.order_by(order, "sort_key")
        paginator = KeysFirst(rows, 2, has_words=True, count=3, is_more=True)
        found = [person.name_latin for number in paginator.page_range for person in paginator.page(number)]
        assert found == (names or NAMES)[:3]


def test_of_many_found_those_at_the_beginning_of_the_order_are_looked_at_first(people, monkeypatch):
    monkeypatch.setattr(many_rows, "NEAR", 3)
    rows = Registration.objects.order_by("sort_key")

    first, last = (asked(lambda number=number: of(rows).page(number)) for number in (1, 2))

    assert "COALESCE" not in first
    assert "COALESCE" in last


def of(rows):
    return KeysFirst(rows, 3, has_words=True, count=5, is_more=True)


def asked(act) -> str:
    with CaptureQueriesContext(connection) as queries:
        act()
    return " ".join(query["sql"] for query in queries)


def test_a_page_is_three_queries_however_many_rows(people, django_assert_num_queries):
    with django_assert_num_queries(3):  # how many, which, and those
        pages(Registration.objects.filter(name_latin="SOK Dara").with_names())

    with django_assert_num_queries(5):
        pages(Registration.objects.filter(name_latin__contains="Dara").with_names())


def test_nobody_found_is_one_empty_page(people):
    assert pages(Registration.objects.filter(name_latin="NOBODY")) == [[]]


def test_who_has_counted_already_need_not_do_so_again(people, django_assert_num_queries):
    rows = Registration.objects.order_by("sort_key")

    with django_assert_num_queries(2):  # which, and those
        page = KeysFirst(rows, 2, has_words=False, count=5).page(3)

    assert [person.name_latin for person in page] == NAMES[4:]
