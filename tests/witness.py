"""Watches every request of the tests: what staff change, the history tells.

Each act is tried at its address by some test, as the house has it; so whoever adds one that writes no history fails there.
"""

import re

from django.db import connection
from django.test import Client

STAFF = ("/cms/", "/onsite/")
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
HISTORY = {"wagtailcore_modellogentry", "wagtailcore_pagelogentry"}
# What is no act: a visit, what follows from an act or is kept for the machine, and what one sets for oneself alone.
NO_ACT = {
    "cache", "checkin_devicevisit", "django_session", "django_tasks_database_dbtaskresult", "post_office_email",
    "wagtailadmin_editingsession", "wagtailadmin_formstate",
    "wagtailcore_referenceindex", "wagtailcore_uploadedfile", "wagtailimages_rendition", "wagtailsearch_indexentry",
    "wagtailusers_userprofile",
}  # fmt: skip
# Records that themselves say who, when and where; see docs/decisions/the-history-says-from-where.md.
RECORDS = {"checkin_scan"}


def watch(monkeypatch) -> None:
    monkeypatch.setattr(Client, "request", _watched(Client.request))


def _watched(send):
    def request(self, **environ):
        if not environ.get("PATH_INFO", "").startswith(STAFF):
            return send(self, **environ)
        written = set()

        def note(execute, sql, params, many, context):
            if match := WRITE.match(sql):
                written.add(match[1])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = send(self, **environ)
        if changed := sorted(written - NO_ACT - RECORDS):
            where = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            assert written & HISTORY or _is_refused(response), f"{where} changed {changed} and told the history nothing"
        return response

    return request


def _is_refused(response) -> bool:
    """The form once more, or an error: what was begun was rolled back."""
    is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    return is_page or response.status_code >= 400
