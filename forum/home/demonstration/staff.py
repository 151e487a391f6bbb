"""Who signs in to try things. They exist only where ``DEMO`` is set: their password stands here for all to read."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from exhibitors.models import Agency, Membership
from forum.accounts import roles
from forum.home.demonstration.agencies import MADE_UP

PASSWORD = "demonstration-2026"  # noqa: S105 meant to be known
OFFICE, ONSITE, DESK = "/cms/", "/onsite/", "/en/desk/"


@dataclass(frozen=True)
class SignIn:
    """One row of the table that people read before they try."""

    email: str
    what: str
    address: str
    role: str = ""
    agency: str = ""
    password: str = PASSWORD


SIGN_INS = [
    SignIn("organiser@example.org", "Organiser: everything in the back office", OFFICE, role="organiser"),
    SignIn("programme@example.org", "Programme editor: sessions and speakers", OFFICE, role="programme editor"),
    SignIn("exhibition@example.org", "Exhibition manager: booths and bookings", OFFICE, role="exhibition manager"),
    SignIn("protocol@example.org", "Protocol: guests and their letters, the register of memoranda", OFFICE, role="protocol"),
    SignIn("accreditation@example.org", "Accreditation: the people who registered", OFFICE, role="accreditation"),
    SignIn("security@example.org", "Security: whom it clears", OFFICE, role="security"),
    SignIn("finance@example.org", "Finance: orders, payments, papers and the ledger", OFFICE, role="finance"),
    SignIn("auditor@example.org", "Auditor: reads everything, changes nothing", OFFICE, role="auditor"),
    SignIn("desk@example.org", "Badge desk: finds people, prints badges", ONSITE, role="badge desk"),
    SignIn(
        "registration@example.org", "Registration desk: registers people on the spot too", ONSITE, role="registration desk"
    ),
    SignIn("gate@example.org", "Gate: scans badges", ONSITE, role="gate"),
    SignIn("supervisor@example.org", "Gate supervisor: lets in whom a gate refused", ONSITE, role="gate supervisor"),
    SignIn("exhibitor@example.org", "Exhibitor: books a booth", DESK, agency=MADE_UP[0]["name_en"]),
    SignIn("exhibitor2@example.org", "A second exhibitor, for the same booth", DESK, agency=MADE_UP[1]["name_en"]),
    SignIn("booth@example.org", "Exhibitor with a booth: sees to what is due", DESK, agency="Example Clinic Software"),
    SignIn("pavilion@example.org", "Organiser of a pavilion: divides its booths", DESK, agency=MADE_UP[2]["name_en"]),
]


def sign_ins() -> list[SignIn]:
    """Who can sign in here; nobody where this is no demonstration."""
    return SIGN_INS if settings.DEMO else []


@transaction.atomic
def load() -> None:
    """The people who are not there yet, with their roles and agencies."""
    roles.make()
    known = set(get_user_model().objects.values_list("email", flat=True))
    password = make_password(PASSWORD)  # once: it is slow on purpose
    for sign_in in sign_ins():
        if sign_in.email not in known:
            _add(sign_in, password)


def _add(sign_in: SignIn, password: str) -> None:
    name = sign_in.what.partition(":")[0].partition(",")[0]
    user = get_user_model().objects.create(email=sign_in.email, password=password, first_name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if sign_in.role:
        user.groups.add(Group.objects.get(name=sign_in.role))
    if sign_in.agency:
        agency = Agency.objects.get(name_en=sign_in.agency)
        Membership.objects.create(user=user, agency=agency, role=Membership.Role.MANAGER)
