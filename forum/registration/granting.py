"""Places of a delegation that come with a sponsor's package. Called by who keeps the money, under the order's lock."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from exhibitors.models import Entitlement, Sponsorship
from exhibitors.prices import sponsoring
from forum.registration.models import Delegation, Grant, PassType, Places


@transaction.atomic
def grant(*, sponsorships: Iterable[Sponsorship]) -> None:
    """The places that are owed for packages which are paid for. Once more changes nothing; where no pass of the forum comes
    with packages, the organisers see to them."""
    for owed in sponsoring.owed_passes(sponsorships):
        row = Grant.objects.filter(entitlement=owed).first() or _begin(owed)
        if row and row.quantity < owed.quantity:
            _change(row, owed.quantity - row.quantity)
            sponsoring.note_granted(entitlement=owed, is_granted=True)


@transaction.atomic
def withdraw(*, sponsorships: Iterable[Sponsorship]) -> None:
    """They go back with the package, except those in which somebody is: people who are named stay. Once more takes what has
    fallen free meanwhile."""
    for owed in sponsoring.owed_passes(sponsorships):
        if row := Grant.objects.filter(entitlement=owed).first():
            places = Places.objects.select_for_update(of=["self"]).get(pk=row.places_id)
            _change(row, -min(row.quantity, places.left))
            sponsoring.note_granted(entitlement=owed, is_granted=False)


def _begin(owed: Entitlement) -> Grant | None:
    edition = owed.sponsorship.package.price_list.edition
    pass_type = PassType.objects.filter(edition=edition, comes_with_packages=True).first()
    if pass_type is None:
        return None
    delegation, _is_new = Delegation.objects.get_or_create(edition=edition, agency=owed.sponsorship.agency)
    places, _is_new = Places.objects.get_or_create(delegation=delegation, pass_type=pass_type, defaults={"size": 0})
    return Grant.objects.create(places=places, entitlement=owed)


def _change(row: Grant, number: int) -> None:
    if not number:
        return
    Places.objects.filter(pk=row.places_id).update(granted=F("granted") + number)
    Grant.objects.filter(pk=row.pk).update(quantity=F("quantity") + number)
    delegation = Delegation.objects.get(places=row.places_id)
    data = {"number": abs(number), "package": row.entitlement.sponsorship.package.name_en}
    log(instance=delegation, action=f"registration.{'grant' if number > 0 else 'withdraw'}_places", data=data)
