"""What registration keeps: passes, their quotas, and the people registered."""

from forum.registration.models.access import AccessCode
from forum.registration.models.accreditation import PHOTOS, Accreditation
from forum.registration.models.acting import ActingLink, acting_page
from forum.registration.models.approvals import Decision, Step
from forum.registration.models.circulars import Circular, Recipient
from forum.registration.models.delegations import Delegation, Grant, Places
from forum.registration.models.duplicates import DifferentPeople
from forum.registration.models.figures import Figures
from forum.registration.models.guests import Guest, GuestList, Letterhead
from forum.registration.models.naming import key_of_person
from forum.registration.models.needs import AccessNeeds
from forum.registration.models.passes import AccessZone, PassType, Quota
from forum.registration.models.people import ENDED, Registration, own_page
from forum.registration.models.personal import PersonalInvitation
from forum.registration.models.place_links import PlaceLink
from forum.registration.models.privacy import Consent, FurtherUse, How, Permission, PrivacyNotice
from forum.registration.models.questions import NO, YES, Answer, Choice, Question
from forum.registration.models.receiving import (
    NO_CONTACT,
    REACHED,
    THEMSELVES,
    Receiver,
    Receives,
    Role,
    acted_for_by,
)
from forum.registration.models.waiting import Offer

__all__ = [
    "ENDED", "NO", "NO_CONTACT", "PHOTOS", "REACHED", "THEMSELVES", "YES", "AccessCode", "AccessNeeds", "AccessZone",
    "Accreditation", "ActingLink", "Answer", "Choice", "Circular", "Consent", "Decision", "Delegation", "DifferentPeople",
    "Figures", "FurtherUse", "Grant", "Guest", "GuestList", "How", "Letterhead", "Offer", "PassType", "Permission",
    "PersonalInvitation", "PlaceLink", "Places", "PrivacyNotice", "Question", "Quota", "Receiver", "Receives", "Recipient",
    "Registration", "Role", "Step", "acted_for_by", "acting_page", "key_of_person", "own_page",
]  # fmt: skip
