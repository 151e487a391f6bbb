"""Who receives what is written to a registered person: the person, a contact who may act for them, or both."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a contact is to the person."""

    AIDE = "aide", _("Aide")
    SECRETARY = "secretary", _("Secretary")
    FOCAL_POINT = "focal", pgettext_lazy("person", "Focal point")  # of a picture, Wagtail has another
    ASSISTANT = "assistant", _("Assistant")
    OTHER = "other", _("Other")


class Receives(models.TextChoices):
    PERSON = "person", _("The person")
    CONTACT = "contact", _("The contact")
    BOTH = "both", _("The person and the contact")


# The columns of a contact; where there is none they hold these.
NO_CONTACT = {
    "contact_name": "", "contact_role": "", "contact_email": "", "contact_phone": "", "contact_language": "",
    "receives": Receives.PERSON,
}  # fmt: skip
REACHED = ("email", *NO_CONTACT)
# Whom a message reaches without anybody's help.
THEMSELVES = ~Q(email="") & ~Q(receives=Receives.CONTACT)


@dataclass(frozen=True)
class Receiver:
    """One address to which a message goes, in ``language``; ``contact`` is the name where it is not the person's."""

    address: str
    language: str
    contact: str = ""


def reached(own: str, *, contact: str, address: str, role: str = "") -> dict:
    """The columns for a person with an address of their ``own``, else for one whom this contact tells."""
    if own:
        return NO_CONTACT | {"email": own}
    return NO_CONTACT | {
        "email": "", "contact_name": contact, "contact_email": address.strip().lower(), "contact_role": role,
        "receives": Receives.CONTACT if address.strip() else Receives.PERSON,
    }  # fmt: skip


def received_by(address: str) -> Q:
    """The registrations of which the messages go to ``address`` now, whosever it is."""
    own = Q(email=address) & ~Q(receives=Receives.CONTACT)
    return own | acted_for_by(address)


def acted_for_by(address: str) -> Q:
    return Q(contact_email=address) & ~Q(receives=Receives.PERSON)
