"""Sponsor packages are taken and given back, and what is owed for them is ticked off."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exhibitors import allocation, eligibility
from exhibitors.models import Agency, Entitlement, Package, Sponsorship

State = Sponsorship.State


@transaction.atomic
def order(*, package: Package, agency: Agency, user) -> Sponsorship:
    """Keeps a package for the agency, with what is owed for it. Refuses with ``forbidden``, ``over`` after the forum,
    ``stock`` where none is left and ``yours`` where the agency has this one."""
    allocation.refuse_stranger(agency, user)
    if package.price_list.edition.is_over:
        raise ValidationError(_("This forum is over; its packages can no longer be ordered."), code="over")
    _take(package)
    try:
        with transaction.atomic():
            row = Sponsorship.objects.create(package=package, agency=agency, ordered_by=user)
    except IntegrityError:
        raise ValidationError(
            _("Your agency already has the package “%(package)s”.") % {"package": package.name}, code="yours"
        ) from None
    Entitlement.objects.bulk_create(
        Entitlement(sponsorship=row, kind=kind, quantity=count) for kind, count in package.contents
    )
    log(instance=package, action="exhibitors.order_package", user=user, data={"agency": agency.code})
    return row


@transaction.atomic
def make_firm(*, sponsorships: Iterable[Sponsorship]) -> None:
    """They are paid for; one whose order had ended is taken again, and refused with ``stock`` or ``yours`` where it is
    gone."""
    for row in _locked(sponsorships):
        if row.state == State.ENDED:
            _take(row.package)
        try:
            with transaction.atomic():
                Sponsorship.objects.filter(pk=row.pk).update(state=State.FIRM)
        except IntegrityError:
            raise ValidationError(_("The agency has this package by another order."), code="yours") from None


@transaction.atomic
def give_back(*, sponsorships: Iterable[Sponsorship]) -> None:
    """Once more changes nothing."""
    for row in _locked(sponsorships):
        if row.state != State.ENDED:
            Package.objects.filter(pk=row.package_id).update(taken=F("taken") - 1)
            Sponsorship.objects.filter(pk=row.pk).update(state=State.ENDED)


@transaction.atomic
def tick(*, entitlement: Entitlement, is_done: bool, note: str = "", user) -> Entitlement:
    """Writes down that something was given, or was not after all. Refuses with ``forbidden``, ``held`` what nobody has
    paid for yet, and ``granted`` what is given and taken back with the package."""
    if not eligibility.may_place(user):
        raise ValidationError(_("Only an exhibition manager says what was given to sponsors."), code="forbidden")
    row = Entitlement.objects.select_for_update(of=["self"]).select_related("sponsorship").get(pk=entitlement.pk)
    if is_done and row.sponsorship.state != State.FIRM:
        raise ValidationError(_("Nothing is owed yet: the package is not paid for."), code="held")
    if row.is_granted:
        raise ValidationError(_("It was given when the package was paid for, and goes back with it."), code="granted")
    row.done_at, row.done_by = (timezone.now(), user) if is_done else (None, None)
    row.note = note.strip()
    row.save(update_fields=["done_at", "done_by", "note"])
    log(instance=row, action="exhibitors.tick" if is_done else "exhibitors.untick", user=user, data={"note": row.note})
    return row


def owed_passes(sponsorships: Iterable[Sponsorship]) -> list[Entitlement]:
    """What is owed to these of places for people, for whoever gives them; locked until the transaction ends."""
    rows = Entitlement.objects.filter(kind=Entitlement.Kind.PASSES, sponsorship__in=[row.pk for row in sponsorships])
    rows = rows.select_related("sponsorship__agency", "sponsorship__package__price_list__edition")
    return list(rows.order_by("pk").select_for_update(of=["self"]))


def note_granted(*, entitlement: Entitlement, is_granted: bool) -> None:
    """Written down by the act that gives it, and takes it back."""
    entitlement.is_granted, entitlement.done_by = is_granted, None
    entitlement.done_at = timezone.now() if is_granted else None
    entitlement.save(update_fields=["is_granted", "done_at", "done_by"])


def _locked(sponsorships):
    rows = Sponsorship.objects.filter(pk__in=[row.pk for row in sponsorships]).order_by("package_id", "pk")
    return list(rows.select_for_update(of=["self"]).select_related("package"))


def _take(package):
    if not Package.objects.filter(pk=package.pk, taken__lt=F("stock")).update(taken=F("taken") + 1):
        raise ValidationError(_("Of the package “%(package)s” none is left.") % {"package": package.name}, code="stock")
