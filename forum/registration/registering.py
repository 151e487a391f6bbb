"""Staff register somebody else: at the desk, or from paper; with an address to write to or without one."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from cms.models import Edition
from cms.refusals import beside
from forum.registration import signup
from forum.registration.models import PassType, Registration, key_of_person
from forum.registration.models.naming import key_of_khmer_name, key_of_name

MOST = 10  # likely doubles shown


class Doubles(ValidationError):
    """Somebody is there who may be the same; ``people`` are they."""

    def __init__(self, people: list[Registration]):
        super().__init__(_("Somebody with this name is registered. Look whether it is the same person."), code="doubles")
        self.people = people


def likely_doubles(edition: Edition, *, name_latin: str, name_km: str = "") -> list[Registration]:
    """Who has the same words in the name, in either script, whatever the address."""
    same = Q(name_key=key_of_name(name_latin)[:400])
    if name_km:
        same |= Q(khmer_key=key_of_khmer_name(name_km)[:400])
    return list(Registration.objects.live().of(edition).with_names().filter(same, erased_at=None).order_by("pk")[:MOST])


@transaction.atomic
def register(
    *, edition: Edition, pass_type: PassType, user, seen: frozenset[str] = frozenset(), email: str = "", **person
) -> Registration:
    """Registers a person at the word of ``user``, as ``signup.register`` does for staff.

    Refuses with ``registered`` (the same name and address, and who that is), and with ``doubles`` where somebody has the
    same name whose code is not among ``seen``: those of whom ``user`` has said that they are other people. Two at once
    cannot make one person twice: the second meets the first, whom it has not seen.
    """
    # The number first: who comes after this is either seen among the doubles or has this number already.
    namesake_no = next_namesake(edition, person["name_latin"])
    doubles = likely_doubles(edition, name_latin=person["name_latin"], name_km=person.get("name_km", ""))
    address = email or person.get("contact_email", "")
    if address and (twin := _with_address(edition, person["name_latin"], address)):
        raise beside(
            "email" if email else "contact_email",
            _("Registered already, with the code %(code)s.") % {"code": twin.short_code},
            "registered",
        )
    if any(double.code not in seen for double in doubles):
        raise Doubles(doubles)
    number = 1 if address else namesake_no
    try:
        with transaction.atomic():
            return signup.register(
                edition=edition, pass_type=pass_type, user=user, email=email, namesake_no=number, **person
            )
    except IntegrityError:
        doubles = likely_doubles(edition, name_latin=person["name_latin"])
        if any(double.code not in seen for double in doubles):  # at this moment, by somebody else
            raise Doubles(doubles) from None
        raise


def _with_address(edition, name, email) -> Registration | None:
    return Registration.objects.live().of(edition).filter(person_key=key_of_person(name, email.strip().lower())).first()


def next_namesake(edition, name) -> int:
    """Those without an address are told apart by a number."""
    others = Registration.objects.live().of(edition).filter(name_key=key_of_name(name)[:400], email="", contact_email="")
    return (others.aggregate(last=Max("namesake_no"))["last"] or 0) + 1
