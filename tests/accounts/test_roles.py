"""Roles: each is given exactly what is written down, however often they are made."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from forum.accounts import roles
from forum.home import tree
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def given():
    return {
        group.name: sorted(
            f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")
        )
        for group in Group.objects.all()
    }


def person(role):
    user = accounts.user()
    user.groups.add(Group.objects.get(name=role))
    return user


def test_making_them_twice_gives_exactly_what_is_written():
    call_command("make_roles")
    Group.objects.get(name="gate").permissions.set([])
    call_command("make_roles")

    assert given() == {role: sorted(set(names)) for role, names in roles.ROLES.items()}
    pages = GroupPagePermission.objects.values_list("group__name", "permission__codename")
    assert sorted(pages) == sorted((role, act) for role, acts in roles.PAGES.items() for act in acts)
    pictures = GroupCollectionPermission.objects.values_list("group__name", "permission__codename")
    assert sorted(pictures) == sorted((role, act) for role, acts in roles.PICTURES.items() for act in acts)


def test_a_permission_that_does_not_exist_stops_it(monkeypatch):
    monkeypatch.setitem(roles.ROLES, "gate", ["checkin.open_everything"])

    with pytest.raises(ImproperlyConfigured, match=r"checkin\.open_everything"):
        roles.make()


@pytest.mark.parametrize("role", ["badge desk", "gate"])
def test_floor_staff_do_not_enter_the_back_office(client, role):
    roles.make()
    client.force_login(person(role))

    assert client.get("/cms/").status_code == 403


def test_each_desk_opens_to_its_role_alone(client):
    roles.make()
    registration = make.registration()
    desk = reverse("onsite:person", args=[registration.code])

    answers = {}
    for role in roles.ROLES:
        client.force_login(person(role))
        answers[role] = client.get(desk).status_code

    assert {role for role, status in answers.items() if status == 200} == {"organiser", "badge desk", "registration desk"}


def test_each_sees_only_the_menus_that_are_theirs(client):
    roles.make()
    names = {
        "programme": "agenda/session",
        "exhibition": "exhibitors/booth",
        "people": "registration/registration",
        "memoranda": "mou/memorandum",
    }

    seen = {}
    for role in ("organiser", "programme editor", "exhibition manager", "protocol"):
        client.force_login(person(role))
        page = client.get("/cms/").content.decode()
        seen[role] = {name for name, part in names.items() if f"/cms/snippets/{part}/" in page}

    assert seen == {
        "organiser": set(names),
        "programme editor": {"programme"},
        "exhibition manager": {"exhibition"},
        "protocol": {"memoranda"},
    }


def test_nobody_but_an_administrator_manages_people_and_roles(client):
    roles.make()
    person("organiser")
    client.force_login(person("organiser"))

    given = {name for names in roles.ROLES.values() for name in names if name.startswith(("auth.", "accounts."))}
    assert given == {"accounts.view_history"}
    for address in ("/cms/users/", "/cms/users/new/", "/cms/groups/", "/cms/sites/", "/cms/documents/"):
        assert client.get(address)["Location"] == "/cms/"  # Wagtail's way to refuse


def test_an_editor_submits_a_page_and_an_organiser_publishes_it(client):
    roles.make()
    page = tree.open_edition(cms.edition())
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    typed = {
        "title": "Changed by the editor",
        "slug": page.slug,
        "edition": page.edition_id,
        "introduction": "",
        "body-count": 0,
    }

    client.force_login(person("programme editor"))
    client.post(address, typed | {"action-publish": "1"})
    page.refresh_from_db()
    assert page.title != "Changed by the editor"
    client.post(address, typed | {"action-submit": "1"})
    assert page.current_workflow_state.workflow.name == roles.APPROVAL

    client.force_login(person("organiser"))
    page.refresh_from_db()
    version = page.latest_revision
    opened = {"loaded_revision_id": version.pk, "loaded_revision_created_at": version.created_at.isoformat()}
    client.post(address, typed | opened | {"action-workflow-action": "1", "workflow-action-name": "approve"})
    page.refresh_from_db()
    assert page.title == "Changed by the editor"
