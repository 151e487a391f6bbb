"""What registration keeps: passes, their quotas, and the people registered."""

from forum.registration.models.passes import PassType, Quota
from forum.registration.models.people import Registration, key_of_person, own_page

__all__ = ["PassType", "Quota", "Registration", "key_of_person", "own_page"]
