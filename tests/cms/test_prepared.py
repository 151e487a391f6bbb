"""A prepared query answers as the queryset does of which it was made, whatever the values."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, NotSupportedError, connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from cms.prepared import Prepared
from forum.registration.models import PassType, Registration
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps plans")


@pytest.fixture
def by_code():
    return Prepared(lambda code: Registration.objects.filter(code=code), code=str)


def people(code, pass_type):
    is_of = PassType.objects.filter(pk=OuterRef("pass_type"), id=pass_type)
    rows = Registration.objects.select_related("pass_type", "agency").only("code", "pass_type__days", "agency__name_en")
    return rows.annotate(is_of=Exists(is_of)).filter(code=code)


def test_it_finds_what_the_queryset_finds_with_one_question(django_assert_num_queries):
    find = Prepared(people, code=str, pass_type=int)
    one = make.registration(make.pass_type(days=["2027-03-01"]))
    other = make.registration(make.pass_type(one.edition, slug="other"))

    for person, pass_type in ((one, one.pass_type), (other, other.pass_type), (one, other.pass_type)):
        with django_assert_num_queries(1):
            found = find.first(code=person.code, pass_type=pass_type.pk)
            told = (found, found.pass_type, found.pass_type.days, found.agency, found.is_of)
        expected = people(person.code, pass_type.pk).get()
        assert told == (expected, expected.pass_type, expected.pass_type.days, expected.agency, expected.is_of)


def test_what_was_not_asked_for_is_read_when_it_is_needed():
    person = make.registration(position="Engineer")

    found = Prepared(people, code=str, pass_type=int).first(code=person.code, pass_type=0)

    assert found.get_deferred_fields() >= {"position", "email"}
    assert found.position == "Engineer"


def test_nobody_is_found_by_what_nobody_has():
    make.registration()
    find = Prepared(people, code=str, pass_type=int)

    assert [find(code=code, pass_type=0) for code in ("", "' OR 1=1 --", "prepared-0", "%s")] == [[], [], [], []]
    assert find.first(code="", pass_type=0) is None


def test_what_stands_for_nothing_in_the_sql_is_refused():
    with pytest.raises(TypeError, match="does not hold number as given"):
        Prepared(lambda number: Registration.objects.filter(code=f"{number}"), number=int)(number=1)
    for values in ({"code": None}, {}, {"code": "A", "state": "B"}):
        with pytest.raises(TypeError, match="not with code"):
            Prepared(lambda code: Registration.objects.filter(code=code), code=str)(**values)


def test_the_values_stand_in_what_is_noted_of_queries(by_code):
    with CaptureQueriesContext(connection) as noted:
        by_code(code="ABC123")

    assert [query["sql"].count("ABC123") for query in noted] == [1]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection(by_code):
    pass_type = make.pass_type()
    codes = [make.registration(pass_type, email=f"{name}@example.org").code for name in ("one", "other")]
    together = threading.Barrier(2)

    def ask(code):
        try:
            found = []
            for _time in range(20):
                together.wait(timeout=20)
                found.append(by_code.first(code=code).code)
            return found
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(ask, codes)) == [[code] * 20 for code in codes]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_is_opened_again(by_code):
    person = make.registration()
    for _time in range(2):
        assert by_code.first(code=person.code) == person
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_failed_is_over_before_it_is_asked_again(by_code):
    person = make.registration()
    assert by_code.first(code=person.code) == person

    with pytest.raises(TransactionManagementError), transaction.atomic():
        with suppress(IntegrityError), transaction.atomic(savepoint=False):
            Registration.objects.create(pk=person.pk)
        by_code.first(code=person.code)

    assert by_code.first(code=person.code) == person


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_plan_is_kept_on_the_connection_outside_of_transactions(by_code):
    with transaction.atomic():
        by_code(code="")
        assert plans() == 0
    for _time in range(3):
        by_code(code="")
        assert plans() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_no_plan_is_kept_where_connections_are_pooled(by_code, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    by_code(code="")

    assert plans() == 0


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_table_that_another_process_changes_is_asked_anew(by_code):
    """A new release widens a column while the workers of the last one still answer."""
    person = make.registration()
    assert by_code.first(code=person.code) == person

    with elsewhere() as cursor:
        cursor.execute("ALTER TABLE registration_registration ALTER COLUMN position TYPE text")
    try:
        assert [by_code.first(code=person.code) for _time in range(2)] == [person] * 2
        assert plans() == 1
    finally:
        with elsewhere() as cursor:
            cursor.execute("ALTER TABLE registration_registration ALTER COLUMN position TYPE varchar(120)")
    assert by_code.first(code=person.code) == person


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_the_database_cannot_do_is_an_error_still():
    broken = Prepared(
        lambda code: Registration.objects.filter(code=code).annotate(x=RawSQL("lag(1) FILTER (WHERE true) OVER ()", ())),
        code=str,
    )
    with pytest.raises(NotSupportedError):
        broken(code="")


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%registration_registration%%'")
        return cursor.fetchone()[0]


@contextmanager
def elsewhere():
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()
