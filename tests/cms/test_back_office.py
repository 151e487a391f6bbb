"""The back office as a whole: one menu, its editions, and what is done otherwise than Wagtail does it."""

import html
import json
import re

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.urls import reverse
from wagtail.admin.ui.tables import BaseColumn
from wagtail.documents import get_document_model
from wagtail.models import ModelLogEntry
from wagtail.snippets.models import get_snippet_models

from cms import editions, overrides
from cms.models import Edition
from tests.factories import accounts, cms, payments

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = accounts.user(is_superuser=True)
    client.force_login(user)
    return user


def menu(client) -> list[str]:
    """The names of the first level, as the sidebar is told them."""
    page = client.get("/cms/").content.decode()
    told = json.loads(re.search(r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', page)[1])
    (items,) = (part["_args"][0] for part in told["modules"] if part["_type"].endswith("MainMenuModule"))
    return [item["_args"][0]["label"] for item in items]


def test_the_menu_is_one_list_in_one_order(client, administrator):
    assert menu(client) == [
        "Pages", "Programme", "Exhibition", "People", "Guests", "Money", "Memoranda", "Images",
        "Editions", "Country names", "Reports", "Settings", "ខ្មែរ",
    ]  # fmt: skip


def test_every_list_leads_to_its_rows():
    """Wagtail links the first column, and puts the acts beneath it, only where it makes that column itself."""
    first = {model._meta.label: model.snippet_viewset.list_display[0] for model in get_snippet_models()}

    assert [label for label, column in first.items() if isinstance(column, BaseColumn)] == []


def test_rows_are_ticked_only_where_something_can_be_done_with_them(client, administrator):
    """Orders and people are never deleted; with people much else is done, and editions may be deleted."""
    payments.order()

    def offered(label):
        page = client.get(reverse(f"wagtailsnippets_{label}:list")).content.decode()
        acts = set(re.findall(r'href="/cms/bulk/\w+/\w+/(\w+)/"', page))
        return "data-bulk-action-checkbox" in page, "delete" in acts, bool(acts - {"delete"})

    assert offered("payments_order") == (False, False, False)
    assert offered("registration_registration") == (True, False, True)
    assert offered("cms_edition") == (True, True, False)


def test_making_an_edition_current_leads_the_short_addresses_there(client, administrator):
    before, after = cms.edition("before"), cms.edition("after")
    address = reverse("edition_make_current", args=[after.pk])

    assert "Make current" in client.get(reverse("wagtailsnippets_cms_edition:list")).content.decode()
    assert client.get(address).status_code == 200
    client.post(address)

    before.refresh_from_db()
    assert (Edition.objects.current(), before.is_current) == (after, False)
    assert client.get("/en/agenda/")["Location"] == "/en/after/agenda/"
    assert [(entry.action, entry.user) for entry in ModelLogEntry.objects.filter(action="cms.make_current")] == [
        ("cms.make_current", administrator)
    ]


def test_once_more_changes_nothing():
    current = cms.edition("current")

    assert editions.make_current(edition=current) == current
    assert not ModelLogEntry.objects.exists()


def test_who_may_not_change_editions_makes_none_current(client):
    cms.edition("before")
    other = cms.edition("after")
    client.force_login(accounts.user("wagtailadmin.access_admin", "cms.view_edition"))

    client.post(reverse("edition_make_current", args=[other.pk]))

    assert Edition.objects.current().slug == "before"


def test_an_edition_is_made_and_changed_in_the_back_office(client, administrator):
    typed = {
        "name_en": "Forum of 2031", "short_name_en": "Forum", "slug": "2031", "opens_on": "2031-03-11",
        "closes_on": "2031-03-13", "time_zone": "Asia/Phnom_Penh", "day_begins_at": "4",
        "registration_opens_at": "2031-01-02T08:00", "people_kept_days": "365",
    }  # fmt: skip

    client.post(reverse("wagtailsnippets_cms_edition:add"), typed)
    made = Edition.objects.get()
    page = client.get(reverse("wagtailsnippets_cms_edition:edit", args=[made.pk])).content.decode()

    assert made.registration_opens_at.astimezone(made.zone).isoformat() == "2031-01-02T08:00:00+07:00"
    assert re.search(r'<input type="date" name="opens_on" value="2031-03-11"', page)
    assert re.search(r'<input type="datetime-local" name="registration_opens_at" value="2031-01-02T08:00"', page)


def test_a_chooser_is_started_from_data():
    made = overrides.starter('new ImageChooser("id_photo", {"modalUrl": "/cms/images/chooser/"});')

    name, arguments = re.fullmatch(r'<template .*name-value="(\w+)" .*arguments-value="(.*)"></template>', made).groups()
    assert (name, json.loads(html.unescape(arguments))) == (
        "ImageChooser",
        ["id_photo", {"modalUrl": "/cms/images/chooser/"}],
    )


def test_a_document_of_wagtails_is_no_public_file(client):
    document = get_document_model().objects.create(title="Draft", file=ContentFile(b"a secret", name="draft.txt"))

    assert client.get(document.url).status_code == 404
    client.force_login(accounts.user("wagtailadmin.access_admin"))
    answer = client.get(document.url)
    assert (answer.getvalue(), answer["Content-Disposition"][:10]) == (b"a secret", "attachment")


def test_nobody_uploads_a_portrait(client, administrator):
    client.post("/cms/account/", {"avatar-avatar": ContentFile(b"<svg/>", name="me.svg"), "name_email-first_name": "Ada"})

    assert 'type="file"' not in client.get("/cms/account/").content.decode()
    assert not administrator.wagtail_userprofile.avatar


def test_an_address_names_an_edition_or_leads_to_the_current_one():
    cms.edition("before", is_current=False)
    with pytest.raises(Http404):
        Edition.objects.asked({})
    current = cms.edition("now", is_current=True)

    assert (Edition.objects.asked({}), Edition.objects.asked({"edition": "before"}).slug) == (current, "before")
    with pytest.raises(Http404):
        Edition.objects.asked({"edition": "never"})
