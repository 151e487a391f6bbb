"""Which booths a tour stops at, in which order. Only here stops come, go and change places."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exhibitors.models import Booking, Booth, Tour, TourStop
from exhibitors.models.tours import TourStopQuerySet
from exhibitors.touring import walking

ASIDE = 10_000  # beyond every position: no two stops may have one, not even for a moment


@transaction.atomic
def add(*, tour: Tour, booths: Sequence[Booth], user) -> list[TourStop]:
    """These booths after the last one, in this order.

    Refuses with ``forbidden``, ``other_edition``, ``empty`` (nobody's confirmed booth) and ``twice``.
    """
    tour = _locked(tour, user)
    if any(booth.edition_id != tour.edition_id for booth in booths):
        raise ValidationError(_("This booth belongs to another forum."), code="other_edition")
    taken = set(Booking.objects.filter(booth__in=booths, state="confirmed").values_list("booth", flat=True))
    _refuse(
        [booth for booth in booths if booth.pk not in taken],
        _("No exhibitor is confirmed there: %(booths)s. A guest of honour is not led to an empty booth."),
        "empty",
    )
    there = set(tour.stops.values_list("booth", flat=True))
    twice = [booth for number, booth in enumerate(booths) if booth.pk in there or booth in booths[:number]]
    _refuse(twice, _("The tour stops there already: %(booths)s."), "twice")
    last = tour.stops.count()
    stops = [TourStop.objects.create(tour=tour, booth=booth, position=last + n) for n, booth in enumerate(booths, 1)]
    _log(tour, user)
    return stops


@transaction.atomic
def describe(*, stop: TourStop, user, **words) -> TourStop:
    """What is said and shown there, and how long; ``words`` are columns of the stop.

    Refuses with ``forbidden``, ``gone`` and ``product`` where another agency shows that.
    """
    tour = _locked(stop.tour, user)
    row = _present(tour, stop)
    for name, value in words.items():
        setattr(row, name, value)
    if row.product and row.product not in walking.products_at(row):
        raise ValidationError(_("This is not shown at this booth."), code="product")
    row.save()
    _log(tour, user)
    return row


@transaction.atomic
def move(*, stop: TourStop, by: int, user) -> TourStop:
    """One place up (-1) or down (1) in the order; the first goes no further up, the last no further down.

    Refuses with ``forbidden`` and ``gone``.
    """
    tour = _locked(stop.tour, user)
    row = _present(tour, stop)
    order = list(tour.stops.order_by("position"))
    here = order.index(row)
    there = here + by
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
        _number(tour, order)
        _log(tour, user)
    row.refresh_from_db()
    return row


@transaction.atomic
def sort_by_route(*, tour: Tour, user) -> list[TourStop]:
    """The order in which one walks past the booths. Refuses with ``forbidden``."""
    tour = _locked(tour, user)
    before = list(tour.stops.order_by("position").select_related("booth__zone__hall"))
    order = walking.by_route(tour.edition, before)
    if order != before:
        _number(tour, order)
        _log(tour, user)
    return order


@transaction.atomic
def remove(*, stop: TourStop, user) -> None:
    """Refuses with ``forbidden`` and ``gone``."""
    tour = _locked(stop.tour, user)
    _present(tour, stop).delete()
    _number(tour, list(tour.stops.order_by("position")))
    _log(tour, user)


def forget(stops: TourStopQuerySet) -> None:
    """Who briefs goes; where the tour stopped and what was said stay."""
    stops.update(briefer_en="", briefer_km="", function_en="", function_km="")


def may_arrange(user) -> bool:
    return user.has_perm("exhibitors.change_tour")


def _locked(tour, user) -> Tour:
    if not may_arrange(user):
        raise ValidationError(_("Only an exhibition manager arranges tours."), code="forbidden")
    return Tour.objects.select_for_update(of=["self"]).select_related("edition").get(pk=tour.pk)


def _present(tour, stop) -> TourStop:
    row = tour.stops.filter(pk=stop.pk).select_related("booth").first()
    if row is None:
        raise ValidationError(_("The tour does not stop there any more."), code="gone")
    return row


def _number(tour, order) -> None:
    tour.stops.update(position=F("position") + ASIDE)
    for position, stop in enumerate(order, 1):
        TourStop.objects.filter(pk=stop.pk).update(position=position)


def _refuse(booths, sentence, code) -> None:
    if booths:
        raise ValidationError(sentence % {"booths": ", ".join(booth.code for booth in booths)}, code=code)


def _log(tour, user) -> None:
    codes = list(tour.stops.order_by("position").values_list("booth__code", flat=True))
    log(instance=tour, action="exhibitors.arrange_tour", user=user, data={"booths": codes})
