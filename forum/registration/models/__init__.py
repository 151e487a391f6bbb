"""What registration keeps: passes, their quotas, and the people registered."""

from forum.registration.models.access import AccessCode
from forum.registration.models.passes import AccessZone, PassType, Quota
from forum.registration.models.people import Registration, key_of_person, own_page

__all__ = ["AccessCode", "AccessZone", "PassType", "Quota", "Registration", "key_of_person", "own_page"]
