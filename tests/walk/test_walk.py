"""Every address of the project, tried by everybody who may come, against the one written table (``access.txt``)."""

import copy
import datetime
import logging
import re
from typing import NamedTuple

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection, transaction
from django.template.backends.django import Template

from cms import pdf
from tests.walk import access, world

# What anybody's visit may write: the visit itself.
VISIT = re.compile(r'^(SAVEPOINT|RELEASE|ROLLBACK|SELECT|.*"(django_session|cache|wagtailadmin_editingsession)")', re.DOTALL)
ASKED_FIRST = ("/accounts/login/", "/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/")
# Wagtail's own faults with a form that no page of its own sends.
WAGTAILS_FAULTS = {"wagtailadmin_choose_page_external_link", "wagtaildocs:create_multiple_from_uploaded_document"}
PARTS = 6  # each a test of its own, so that all processors walk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # Wagtail leaves a picture's file open
]


@pytest.fixture(scope="module")
def made(once):
    return once(world.make)


@pytest.fixture
def house(made, db, monkeypatch, settings):
    """Neither pages nor papers are drawn: who may come in is decided before. Nobody changes while they walk: once they are
    in, people, their sessions and their rights are read once."""
    entered = world.enter(made)
    monkeypatch.setattr(Template, "render", lambda *_, **__: "")
    monkeypatch.setattr(pdf, "render", lambda *_, **__: b"%PDF-1.7")
    _keep(monkeypatch, SessionStore, "_get_session_from_db", lambda store: store.session_key)
    _keep(monkeypatch, ModelBackend, "get_user", lambda _backend, pk: pk)
    _keep(monkeypatch, ModelBackend, "_get_permissions", lambda _backend, user, obj, source: (user.pk, obj, source))
    for name in ("access", "django.request"):  # sixteen thousand visits, of which nobody reads the lines
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    settings.SECURITY_CONTACT, settings.SECURITY_CONTACT_UNTIL = ["mailto:security@example.org"], datetime.date.max
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "")  # everybody comes from one address here
    cache.clear()
    return entered


def _keep(monkeypatch, of, name, key):
    read, known = getattr(of, name), {}

    def find(*asked):
        if key(*asked) not in known:
            known[key(*asked)] = read(*asked)
        return copy.copy(known[key(*asked)])

    monkeypatch.setattr(of, name, find)


class Visit(NamedTuple):
    is_inside: bool
    has_written: bool
    status: int


def visit(client, method, address) -> Visit:
    """One request by one person; afterwards all is as before."""
    writes, kept = [], copy.deepcopy(client.cookies)

    def watch(execute, sql, params, many, context):
        if not VISIT.match(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        response = getattr(client, method)(address)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = kept
    return Visit(is_in(response, address), bool(writes), response.status_code)


def is_in(response, address) -> bool:
    """Not refused: neither by a status, nor by being sent to sign in or to show oneself once more, to the first page of the
    back office, or to where the address would stand in a language."""
    if response.status_code in {301, 302}:
        path = address.partition("?")[0]
        elsewhere = {"/cms/", f"/en{path}", f"/en{path}/"} - {"/en/", "/en//"}
        to = response["Location"].partition("?")[0]
        return to not in elsewhere and not to.startswith(ASKED_FIRST)
    return response.status_code not in {401, 403, 404, 405}


def test_the_table_names_every_address_and_no_other(house):
    assert sorted(access.read()) == sorted(world.addresses(house))


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_reads_what_the_table_says_and_nothing_else(house, part):
    table, wrong = access.read(), {}
    for name, address in sorted(world.addresses(house).items())[part::PARTS]:
        visits = {who: visit(client, "get", address) for who, client in house.people.items()}
        if {who for who, seen in visits.items() if seen.is_inside} != table[name].read or any(
            seen.status >= 500 for seen in visits.values()
        ):
            wrong[name] = visits
    assert wrong == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_writes_where_the_table_says_and_nowhere_else(house, part):
    table, wrong = access.read(), {}
    for name, address in sorted(world.addresses(house).items())[part::PARTS]:
        visits = {who: visit(client, "post", address) for who, client in house.people.items()}
        if not holds(table[name], visits) or (
            name not in WAGTAILS_FAULTS and any(seen.status >= 500 for seen in visits.values())
        ):
            wrong[name] = visits
    assert wrong == {}


def holds(may, visits) -> bool:
    came_in = {who for who, seen in visits.items() if seen.is_inside}
    wrote = {who for who, seen in visits.items() if seen.has_written}
    if may.is_quiet:
        return wrote <= may.write and bool(wrote) == bool(may.write)
    return came_in == may.write and wrote <= may.write
