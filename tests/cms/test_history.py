"""Every entry of the history says where the act came from."""

import ast

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.log_actions import log, registry
from wagtail.models import Collection, ModelLogEntry, PageLogEntry
from wagtail.snippets.models import get_snippet_models

from cms import history, sweeping, tracing
from exhibitors import tasks
from forum.accounts.models import User
from forum.badges import printing
from tests.factories import accounts, agenda, cms, exhibitors, home
from tests.factories import registration as make
from tests.test_house import CODE, short
from tests.walk.world import PIXEL

pytestmark = pytest.mark.django_db

# Modules that ask acts and are none.
FACES = {"onsite", "own", "wagtail_hooks", "back_office", "back_office_acts"}
# Functions that are told who acts and write no entry, and why.
WRITES_NONE = {
    "forum/checkin/admission.py scan": "the scan is a record itself: who, when, at which gate",
    "forum/registration/delegating.py withdraw": "signup.withdraw writes it",
    "forum/registration/enrolling.py plan": "it changes nothing",
    "forum/registration/enrolling.py carry_out": "the acts of delegating write one for each row",
    "exhibitors/offering.py offer": "allocation.hold writes it",
    "exhibitors/offering.py accept": "allocation.take writes it",
    "exhibitors/offering.py decline": "allocation.release writes it",
    "exhibitors/colleagues.py invite": "invitations.invite writes it",
    "exhibitors/colleagues.py take_back": "invitations.revoke writes it",
    "exhibitors/pavilions.py give": "allocation.give writes it",
    "exhibitors/pavilions.py give_to_new": "entering.enter and allocation.give write it",
    "exhibitors/pavilions.py take_back": "allocation.take_back writes it",
    "forum/payments/booth_orders.py accept": "allocation.take writes it",
    "forum/payments/booth_orders.py book": "allocation.book writes it",
    "forum/payments/booth_orders.py order_by_hand": "ordering.place writes it",
    "forum/payments/booth_orders.py order_extras": "ordering.place writes it",
    "forum/payments/booth_orders.py sponsor": "ordering.place writes it",
    "cms/history.py write_list": "it is what writes",
    "forum/registration/holding.py give_up": "withdrawing writes",
    "forum/registration/consenting.py keep": "the consent is a record itself: who, when, to which version, for whom",
    "forum/registration/registering.py register": "signup.register writes it",
    "forum/documents/issuing.py issue": "the paper is a record itself: what, when, by whom, for whom",
    "forum/certificates/certifying.py certify": "the paper is; staff who take one out stand in the history",
}


def came(entry) -> dict:
    return entry.data[history.FROM]


def entries(action):
    return ModelLogEntry.objects.filter(action=action).order_by("pk")


@pytest.fixture
def administrator(client):
    user = accounts.user(is_superuser=True)
    client.force_login(user)
    return user


def test_wagtails_own_entries_say_it_too(client, administrator):
    hall = exhibitors.hall(cms.edition())
    address = f"/cms/snippets/exhibitors/hall/edit/{hall.pk}/"
    typed = {"edition": hall.edition_id, "name_en": "Great Hall", "name_km": "", "width": 6000, "depth": 4000}
    typed |= {"aisle_width": 300, "wheelchair_width": 153, "door_clearance": 300}

    response = client.post(address, typed, REMOTE_ADDR="2001:db8:1:2:3:4:5:6")

    (entry,) = entries("wagtail.edit")
    assert entry.user == administrator
    assert came(entry) == {"address": "2001:db8:1:2:3:4:5:6", "request": response["X-Request-ID"]}


def test_pages_entries_say_it_too(client, administrator):
    page = home.content_page(home.edition_page(cms.edition()))

    response = client.post(f"/cms/pages/{page.pk}/unpublish/")

    entry = PageLogEntry.objects.get(action="wagtail.unpublish")
    assert came(entry) == {"address": "127.0.0.1", "request": response["X-Request-ID"]}


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (1, "2001:db8::1", "2001:db8::1"),
        (2, "198.51.100.1", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
    ],
)
def test_the_address_is_what_trusted_proxies_say(rf, settings, proxies, header, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", headers={"X-Forwarded-For": header})

    with tracing.follow(request=request):
        assert history.whence()["address"] == address


def test_the_floor_names_its_desk(client):
    user, person = accounts.user("badges.add_badgeprint"), make.registration()
    client.force_login(user)

    response = client.post(f"/onsite/badges/{person.code}/")

    (entry,) = entries("badges.print")
    assert response["Content-Type"] == "application/pdf"
    assert (entry.user, entry.object_id, entry.label) == (user, str(person.pk), str(person))
    assert came(entry) == {"address": "127.0.0.1", "request": response["X-Request-ID"], "desk": "badges"}


def test_many_badges_are_one_entry(administrator):
    people = [make.registration(pass_type) for pass_type in [make.pass_type()] * 2]

    printing.print_badges(registrations=people, user=administrator)

    (entry,) = entries("badges.print_batch")
    assert (entry.object_id, entry.data["count"]) == (str(people[0].edition_id), 2)


def test_what_the_system_does_says_which_work_it_was():
    booking = exhibitors.overdue(exhibitors.booth(exhibitors.zone(exhibitors.hall(cms.edition()))))

    sweeping.run("exhibitors.tasks.release_expired_holds")

    (entry,) = entries("exhibitors.lapse")
    assert (entry.user, entry.object_id) == (None, str(booking.pk))
    assert came(entry)["system"] == f"{tasks.__name__}.release_expired_holds"
    assert len(came(entry)["task"]) == 16


def test_so_does_the_command_line():
    entry = log(cms.edition(), "cms.make_current")

    assert came(entry) == {"system": "command line"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_taken_out_is_written_down(client, administrator, kind):
    """Each list of the back office that has a file, and each that will have one."""
    lists = {model: model.snippet_viewset for model in get_snippet_models() if model.snippet_viewset.list_export}
    assert lists

    for model, viewset in lists.items():
        asked = {"export": kind, "q": "Sophea", "edition": "", "kind": "talk", "p": "1"}
        answer = client.get(reverse(viewset.get_url_name("list")), asked)
        assert "attachment" in answer["Content-Disposition"], model
        b"".join(answer.streaming_content)

    made = list(entries("cms.export"))
    assert [entry.content_type.model_class() for entry in made] == list(lists)
    assert {entry.user for entry in made} == {administrator}
    for entry in made:
        assert entry.data == {"format": kind, "rows": 0, "filters": {"kind": ["talk"]}, history.FROM: came(entry)}


def test_the_number_of_rows_taken_out_is_kept(client, administrator):
    make.registration()

    client.get("/cms/snippets/registration/registration/", {"export": "csv"}).getvalue()

    (entry,) = entries("cms.export")
    assert (entry.data["rows"], entry.message) == (1, "Took out 1 rows as csv")


def test_what_is_done_to_many_at_once_is_written_of_each(client, administrator):
    tracks = [agenda.track(name) for name in ("One", "Two")]
    address = reverse("wagtail_bulk_action", args=["agenda", "track", "delete"])

    client.post(f"{address}?id={tracks[0].pk}&id={tracks[1].pk}")

    assert [(entry.label, entry.data["act"], entry.deleted) for entry in entries("cms.bulk")] == [
        ("One", "delete", True),
        ("Two", "delete", True),
    ]


def test_a_role_given_to_many_at_once_is_named(client, administrator):
    group, user = Group.objects.create(name="gate"), accounts.user()
    address = reverse("wagtail_bulk_action", args=["accounts", "user", "assign_role"])

    client.post(f"{address}?id={user.pk}", {"role": group.pk})

    (entry,) = entries("cms.bulk")
    assert user.groups.get() == group
    assert (entry.object_id, entry.data["typed"]) == (str(user.pk), {"role": "gate"})


@pytest.mark.parametrize(
    ("act", "typed"), [("delete", {}), ("add_tags", {"tags": '"hall"'}), ("add_to_collection", {"collection": "1"})]
)
def test_pictures_too(client, administrator, act, typed):
    picture = get_image_model().objects.create(title="Hall", file=ContentFile(PIXEL, name="h.png"), width=1, height=1)
    address = reverse("wagtail_bulk_action", args=["wagtailimages", "image", act])

    assert client.post(f"{address}?id={picture.pk}", typed).status_code == 302

    assert [(entry.object_id, entry.data["act"]) for entry in entries("cms.bulk")] == [(str(picture.pk), act)]


def test_nothing_in_the_house_changes_or_removes_an_entry():
    """No form, no list, no role; the model has no page in the back office."""
    models = registry.get_log_entry_models()
    forbidden = Permission.objects.filter(content_type__model__in=[model._meta.model_name for model in models]).exclude(
        codename__startswith="view_"
    )

    assert {ModelLogEntry, PageLogEntry} == models
    assert not models & set(get_snippet_models())
    assert Group.objects.filter(permissions__in=forbidden).count() == 0
    assert not apps.is_installed("django.contrib.admin")


def test_entries_outlive_what_they_tell_of(client, administrator):
    hall = exhibitors.hall(cms.edition())
    log(hall, "wagtail.create", user=administrator)

    client.post(f"/cms/snippets/exhibitors/hall/delete/{hall.pk}/")
    administrator.delete()

    assert [
        entry.action for entry in ModelLogEntry.objects.filter(object_id=str(hall.pk), label=str(hall)).order_by("pk")
    ] == [
        "wagtail.create",
        "wagtail.delete",
    ]


def acts():
    """Functions that are told who acts: ``user`` or ``by`` among their arguments."""
    for path in CODE:
        if "views" in path.stem or path.stem in FACES:
            continue
        tree = ast.parse(path.read_text())
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        writers = {"log", "note"}
        for _depth in functions:  # who calls a writer is one
            writers |= {node.name for node in functions if calls(node) & writers}
        for node in functions:
            if {"user", "by"} & {arg.arg for arg in node.args.kwonlyargs}:
                yield f"{short(path)} {node.name}", calls(node) & writers


def calls(node) -> set[str]:
    return {
        call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }


def test_every_act_of_a_person_writes_an_entry():
    found = dict(acts())

    assert len(found) > 10
    assert {name for name, written in found.items() if not written} == set(WRITES_NONE)


def test_what_wagtail_deletes_in_silence_is_written_down(client):
    collection = Collection.get_first_root_node().add_child(name="Old pictures")
    client.force_login(User.objects.create_superuser("root@example.org", "x"))

    client.post(reverse("wagtailadmin_collections:delete", args=[collection.pk]))

    entry = ModelLogEntry.objects.get(action="wagtail.delete")
    assert (entry.object_id, entry.label, entry.deleted) == (str(collection.pk), "Old pictures", True)
