"""Who may do what: roles are groups of permissions, made and mended by ``manage.py make_roles``.

Everything that is not named here is denied.
"""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page, Workflow

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
    *every("exhibitors", "structure", "theme", "sessionhost", "tour", "requireddocument", "moveslot"),
    *every("exhibitors", "product", acts="view change delete"),
    *every("exhibitors", "reminder", acts="view add"),
    "exhibitors.view_sentdocument",
    "exhibitors.decide_sentdocument",
    *every("exhibitors", "invitation", acts="view add change"),
    *every("exhibitors", "membership", acts="view change delete"),
    *every("exhibitors", "booking", acts="view add"),
    *every("exhibitors", "pavilion", acts="view add change"),
    "exhibitors.view_accountrequest",
    "exhibitors.decide_accountrequest",
    "exhibitors.confirm_booking",
    *every("exhibitors", "application", "neighbour", "allocationrun", acts="view change"),
    *every("exhibitors", "call", "pricelist", acts="view add change"),
    *every("exhibitors", "price", "extra", "package"),
    *every("exhibitors", "orderedextra", "entitlement", acts="view"),
    "exhibitors.decide_application",
]
WRITING = ["registration.view_circular", "registration.send_circular"]
PEOPLE = [
    *every("registration", "registration", acts="view change"),
    "registration.accept_registration",
    "registration.erase_registration",
    "registration.register_registration",
    *every("registration", "passtype", "quota", "delegation", acts="view add change"),
    *every("registration", "accesscode", "accesszone", "question"),
    *every("registration", "privacynotice", "furtheruse", acts="view add change"),
    *every("registration", "personalinvitation", acts="view add change"),
    *every("registration", "offer", "consent", "permission", "figures", acts="view"),
    *WRITING,
]
MONEY = [
    *every("payments", "order", acts="view change"), "payments.settle_order",
    *every("payments", "payment", "refund", "paper", "khqrcode", "statementline", acts="view"),
    *every("payments", "terms", "statementformat", acts="view add change"),
]  # fmt: skip
GUESTS = [
    *every("registration", "guest", "guestlist", "letterhead", acts="view add change"), "registration.write_to_guest",
    *every("registration", "passtype", "quota", acts="view"),
]  # fmt: skip
DESK = ["badges.add_badgeprint", "registration.view_accessneeds"]
GATE = ["checkin.add_scan"]
SUPERVISING = [*GATE, "checkin.override_scan"]
RECORDS = ["badges.view_badgeprint", "checkin.view_scan"]
DEVICES = ["checkin.view_device", "checkin.pair_device"]
PAPERS = ["documents.view_issueddocument", "documents.revoke_issueddocument"]
VISAS = ["visas.view_visarequest", "visas.decide_visarequest"]
EXCEPTIONS = every("checkin", "passexception", acts="view add")
KEYS = ["badges.view_signingkey", "badges.rotate_signingkey"]
LAYOUTS = every("badges", "badgelayout")
REGISTER = [*every("mou", "memorandum"), "exhibitors.view_agency"]
NAMES = [*every("cms", "country"), "cms.view_edition"]

HISTORY = ["accounts.view_history"]
MAIL = ["post_office.view_email", "post_office.change_email"]

TRANSLATING = ["simple_translation.submit_translation"]
KEPT = {
    "agenda": ["session", "speaker", "room", "track"],
    "exhibitors": [
        "agency",
        "hall",
        "structure",
        "zone",
        "booth",
        "booking",
        "invitation",
        "membership",
        "call",
        "application",
        "neighbour",
        "allocationrun",
        "theme",
        "product",
        "sessionhost",
        "tour",
        "requireddocument",
        "sentdocument",
        "reminder",
        "moveslot",
        "pricelist",
        "price",
        "pavilion",
        "extra",
        "orderedextra",
        "accountrequest",
        "package",
        "entitlement",
    ],
    "registration": [
        "registration",
        "passtype",
        "quota",
        "delegation",
        "accesscode",
        "personalinvitation",
        "accesszone",
        "question",
        "offer",
        "privacynotice",
        "furtheruse",
        "consent",
        "permission",
        "figures",
        "circular",
        "guest",
        "guestlist",
        "letterhead",
    ],
    "badges": ["badgelayout", "badgeprint", "signingkey"],
    "checkin": ["gate", "device", "scan", "passexception"],
    "visas": ["visadesk"],
    "mou": ["memorandum"],
    "payments": ["order", "payment", "refund", "paper", "khqrcode", "statementline", "terms", "statementformat"],
    "cms": ["edition", "country"],
}
READING = [name for app, models in KEPT.items() for name in every(app, *models, acts="view")]

# The permissions of each role.
ROLES: dict[str, list[str]] = {
    "organiser": [
        *OFFICE, *PROGRAMME, *EXHIBITION, *PEOPLE, *GUESTS, *RECORDS, *REGISTER, *DESK, *SUPERVISING, *KEYS, *LAYOUTS,
        *DEVICES, *PAPERS, *VISAS, *every("visas", "visadesk"), *TRANSLATING, *every("checkin", "gate"), *EXCEPTIONS,
        *every("cms", "edition", acts="view add change"), *NAMES, *HISTORY, *MAIL,
    ],
    "programme editor": [*OFFICE, *PROGRAMME, *TRANSLATING],
    "exhibition manager": [*OFFICE, *EXHIBITION],
    "accreditation": [
        *OFFICE, *RECORDS, *every("registration", "registration", acts="view change"), "registration.view_offer",
        "registration.accept_registration", "registration.register_registration", "registration.change_accreditation",
        *WRITING, *VISAS, *EXCEPTIONS,
        *every("registration", "passtype", "quota", "delegation", acts="view"), "exhibitors.view_agency",
        *every("registration", "personalinvitation", acts="view add change"),
    ],
    "security": [*OFFICE, "registration.clear_registration", "registration.change_accreditation"],
    "badge desk": DESK,
    "registration desk": [*DESK, "registration.register_registration"],
    "gate": GATE,
    "gate supervisor": SUPERVISING,
    "protocol": [*OFFICE, *REGISTER, *NAMES, *GUESTS, *VISAS],
    # What is asked and paid for; of people no more than what an order names.
    "finance": [
        *OFFICE, *MONEY, *every("registration", "passtype", "quota", acts="view"),
        *every("exhibitors", "agency", "hall", "structure", "zone", "booth", "booking", acts="view"),
        *every("exhibitors", "pricelist", "price", "extra", "orderedextra", "package", "entitlement", acts="view"),
    ],
    "auditor": [*OFFICE, *READING, *HISTORY, MAIL[0]],
}  # fmt: skip
# What they do with pages, in every tree, and with pictures. Editors write; an organiser publishes what they submit.
PAGES = {
    "organiser": ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    "programme editor": ["add_page", "change_page"],
}
PICTURES = {
    role: ["add_image", "change_image", "choose_image"] for role in ("organiser", "programme editor", "exhibition manager")
}
APPROVAL = "Approval by an organiser"
WAGTAILS_APPROVAL = "Moderators approval"  # the workflow that Wagtail makes
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
        _let_edit(group, known)
    _let_organisers_approve()
    Group.objects.filter(name__in=WAGTAILS_OWN, user=None).delete()


def _let_edit(group, known):
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    group.page_permissions.all().delete()
    for act in PAGES.get(group.name, []):
        GroupPagePermission.objects.create(group=group, page=root, permission_id=known[f"wagtailcore.{act}"])
    group.collection_permissions.all().delete()
    for act in PICTURES.get(group.name, []):
        GroupCollectionPermission.objects.create(
            group=group, collection=collection, permission_id=known[f"wagtailimages.{act}"]
        )


def _let_organisers_approve():
    """Wagtail's workflow, which holds for all pages, is theirs."""
    for kind in (Workflow, GroupApprovalTask):
        kind.objects.filter(name=WAGTAILS_APPROVAL).update(name=APPROVAL)
    for task in GroupApprovalTask.objects.filter(name=APPROVAL):
        task.groups.set([Group.objects.get(name="organiser")])
