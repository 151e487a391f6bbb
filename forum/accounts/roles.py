"""Who may do what: roles are groups of permissions, made and mended by ``manage.py make_roles``.

Everything that is not named here is denied.
"""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

OFFICE = ["wagtailadmin.access_admin"]


def every(app: str, *models: str, acts: str = "view add change delete") -> list[str]:
    """``app.act_model`` for each act and model."""
    return [f"{app}.{act}_{model}" for model in models for act in acts.split()]


PROGRAMME = [
    *every("agenda", "session", "speaker", "room", "track"),
    "agenda.publish_session",
    "agenda.change_slot",
]
EXHIBITION = [
    *every("exhibitors", "agency", "hall", "zone", "booth", acts="view add change"),
    *every("exhibitors", "invitation", acts="view add change"),
    *every("exhibitors", "membership", acts="view change delete"),
    *every("exhibitors", "booking", acts="view add"),
    "exhibitors.confirm_booking",
]
PEOPLE = [
    *every("registration", "registration", acts="view change"),
    *every("registration", "passtype", "quota", acts="view add change"),
]
DESK = ["badges.add_badgeprint"]
GATE = ["checkin.add_scan"]
RECORDS = ["badges.view_badgeprint", "checkin.view_scan"]
REGISTER = [*every("mou", "memorandum"), "exhibitors.view_agency"]

# The permissions of each role. `pages` are the trees its people edit and publish.
ROLES: dict[str, list[str]] = {
    "organiser": [
        *OFFICE, *PROGRAMME, *EXHIBITION, *PEOPLE, *RECORDS, *REGISTER, *DESK, *GATE,
        *every("checkin", "gate"), *every("cms", "edition", acts="view add change"),
    ],
    "programme editor": [*OFFICE, *PROGRAMME],
    "exhibition manager": [*OFFICE, *EXHIBITION],
    "badge desk": DESK,
    "gate": GATE,
    "protocol": [*OFFICE, *REGISTER],
}  # fmt: skip
EDITORS = ["organiser", "programme editor"]
PAGE_ACTS = ["add_page", "change_page", "publish_page"]
IMAGE_ACTS = ["add_image", "change_image", "choose_image"]
WAGTAILS_OWN = ["Moderators", "Editors"]  # groups that Wagtail makes and nobody here uses


@transaction.atomic
def make() -> None:
    """Makes each role and gives it exactly its permissions; safe to repeat. Fails on a permission that does not exist."""
    known = {
        f"{app}.{name}": pk for pk, app, name in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    if unknown := sorted({name for names in ROLES.values() for name in names} - set(known)):
        raise ImproperlyConfigured(f"These permissions do not exist: {', '.join(unknown)}")
    for role, names in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set(known[name] for name in names)
    for role in EDITORS:
        _let_edit(Group.objects.get(name=role), known)
    Group.objects.filter(name__in=WAGTAILS_OWN, user=None).delete()


def _let_edit(group, known):
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    for act in PAGE_ACTS:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission_id=known[f"wagtailcore.{act}"])
    for act in IMAGE_ACTS:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission_id=known[f"wagtailimages.{act}"]
        )
