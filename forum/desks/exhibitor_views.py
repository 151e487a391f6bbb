"""The exhibitor's desk. Every query starts from the person, so another agency's things are not found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import Edition
from cms.privacy import personal
from exhibitors import allocation, profiles, representing
from exhibitors import plan as floor
from exhibitors.forms import PlanFilter
from exhibitors.models import Agency, Extra, Membership, Package, Pavilion
from exhibitors.prices import quoting
from exhibitors.zooming import Zoom
from forum.desks import readiness
from forum.desks.exhibitor_forms import BookingForm, ProfileForm, ReleaseForm
from forum.payments import booth_orders, ordering
from forum.payments.models import Order
from forum.registration import approving
from forum.registration.models import Delegation, Step

ALTERNATIVES = 4


@personal
@login_required
@require_safe
def desk(request, agency):
    membership = find_membership(request, agency, by_pavilion=True)
    bookings = membership.agency.bookings.select_related("booth__edition", "booth__zone__hall", "booth__pavilion")
    editions = [Edition.objects.current()]
    if membership.pavilions:
        editions = list(dict.fromkeys(pavilion.edition for pavilion in membership.pavilions))
        bookings = bookings.filter(booth__pavilion__in=membership.pavilions)
    edition = editions[0]
    bookings, orders = list(bookings), _orders(membership)
    _put_orders_beside(bookings, orders)
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": edition,
        "orders": orders,
        "standings": [(row, readiness.of_agency(membership.agency, row, membership.pavilions)) for row in editions if row],
        **_priced(membership, edition),
        "live": [booking for booking in bookings if booking.is_live],
        "ended": [booking for booking in bookings if not booking.is_live],
        "awaiting": _awaiting(membership),
        "delegations": _delegations(request.user, membership.agency),
        **_shown(membership.agency, edition),
        "pavilions": _pavilions(membership),
        **_application(membership, edition),
        "can_book": not membership.pavilions and _can_book(edition),
    }
    return render(request, "desks/exhibitor/desk.html", context)


@personal
@login_required
@require_safe
def plan(request, agency, edition):
    context = find_desk(request, agency, edition)
    edition = context["edition"]
    stands = floor.stands(edition, agency=context["agency"])
    form = PlanFilter(request.GET, zones=floor.zones(stands))
    chosen, zoom = form.read(), Zoom.asked(request.GET)
    rows = floor.mark(stands, **chosen)
    sheets = floor.sheets(stands, zone=chosen["zone"], scale=zoom.scale)
    context |= {
        "form": form,
        "rows": rows,
        "sheets": sheets,
        "states": floor.State,
        "structures": floor.structure_kinds(sheets),
        "zoom": zoom,
        "count": len(stands),
    }
    return render(request, "desks/exhibitor/plan.html", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request, agency, edition, booth):
    context = find_desk(request, agency, edition)
    membership, edition = context["membership"], context["edition"]
    row = get_object_or_404(edition.booths.published(edition), code=booth)
    quote = quoting.quote(row, membership.agency)
    form = BookingForm(typed(request), quote=quote, extras=list(Extra.objects.for_booth(row)), agency=membership.agency)
    if booking := attempt(form, booth_orders.book, booth=row, agency=membership.agency, user=request.user):
        messages.success(request, _booked(booking))
        return to_pay(booking) or redirect("desks:agency", agency)
    if form.errors:
        form.show(quote)

    # Read after the refusal, so that the page shows the booth as it stands now.
    stands = floor.stands(edition, agency=membership.agency)
    stand = next(stand for stand in stands if stand.booth.code == booth)
    context |= {
        "form": form,
        "stand": stand,
        "alternatives": _nearest_free(stands, stand) if stand.state != floor.State.FREE else [],
        "call": getattr(edition, "call", None),
        "quotes": [quoting.QuoteForKinds("", quote)],
        "quote": quote,
        "pay_hours": ordering.terms_of(edition).hold_hours,
    }
    return show(request, "book", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request, agency, booking):
    membership = find_membership(request, agency)
    row = get_object_or_404(membership.agency.bookings.select_related("booth__edition"), code=booking)
    if not row.is_live:
        messages.info(request, _("Your booking of booth %(booth)s had ended already.") % {"booth": row.booth.code})
        return redirect("desks:agency", agency)
    form = ReleaseForm(typed(request))
    if attempt(form, allocation.release, booking=row, user=request.user):
        messages.success(request, _("You have given back booth %(booth)s.") % {"booth": row.booth.code})
        return redirect("desks:agency", agency)
    context = {"agency": membership.agency, "edition": row.booth.edition, "booking": row, "form": form}
    return show(request, "release", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request, agency):
    membership = find_membership(request, agency, by_pavilion=True)
    form = ProfileForm(typed(request), request.FILES or None, instance=membership.agency)
    if attempt(form, profiles.describe, agency=membership.agency, user=request.user):
        messages.success(request, _("The profile has been saved."))
        return redirect("desks:agency", agency)
    context = {"agency": membership.agency, "edition": Edition.objects.current(), "form": form}
    return show(request, "profile", context)


def _can_book(edition) -> bool:
    return bool(edition and not edition.is_over and edition.booths.filter(is_published=True).exists())


def find_membership(request, agency, *, by_pavilion: bool = False) -> Membership:
    """As whom the person stands at this agency's desk, or 404; who may only look is refused when they write.

    ``by_pavilion`` opens a page to who manages the organiser of a pavilion and stands in for a member of it, at the forum
    that the address names, or at those to come where it names none. The row, which is not kept, names the ``pavilions``.
    """
    membership = request.user.memberships.select_related("agency").filter(agency__code=agency).first()
    if by_pavilion and not (membership and membership.may_manage):
        membership = _deputy(request, agency) or membership
    if membership is None:
        raise Http404("does not act for this agency")
    if request.method == "POST" and not membership.may_manage:
        raise PermissionDenied("may look only")
    return membership


def find_desk(request, agency, edition, *, by_pavilion: bool = False) -> dict:
    """What each page of a desk about one forum knows; see ``find_membership``."""
    membership = find_membership(request, agency, by_pavilion=by_pavilion)
    return {"membership": membership, "agency": membership.agency, "edition": Edition.objects.get_or_404(edition)}


def typed(request):
    return request.POST if request.method == "POST" else None


def attempt(form, act, *, beside: str | None = None, **words):
    """What the act returns for what was typed, or True where that is nothing. None where something is filled in wrongly, or
    the act says no: then its refusal stands in the form, in front or ``beside`` a field."""
    if not form.is_valid():
        return None
    try:
        return act(**words, **form.cleaned_data) or True
    except ValidationError as refusal:
        form.add_error(beside, refusal)
        form.is_refused = not beside
        return None


def show(request, name: str, context: dict):
    """The page and its form: 422 where a field has to be filled in otherwise, 409 where the act said no to all of it."""
    form = context["form"]
    status = 409 if getattr(form, "is_refused", False) else 422 if form.errors else 200
    return render(request, f"desks/exhibitor/{name}.html", context, status=status)


def _deputy(request, agency) -> Membership | None:
    row, slug = Agency.objects.filter(code=agency).first(), request.resolver_match.kwargs.get("edition")
    edition = Edition.objects.get_or_404(slug) if slug else None
    pavilions = row and representing.pavilions_for(request.user, row, edition)
    if not pavilions:
        return None
    deputy = Membership(user=request.user, agency=row, role=Membership.Role.MANAGER)
    deputy.pavilions = pavilions
    return deputy


def _awaiting(membership) -> int:
    """How many await this agency's word; onlookers, and who stands in, are not told."""
    if not membership.may_manage or membership.pavilions:
        return 0
    return approving.queue(Step.AGENCY).filter(agency=membership.agency).count()


def _orders(membership) -> list[Order]:
    """What its booths cost and cost before, the latest first, with papers; onlookers, and who stands in, are not told."""
    if not membership.may_manage or membership.pavilions:
        return []
    rows = Order.objects.for_booths_of(membership.agency).with_sums().select_related("edition")
    return list(rows.prefetch_related("lines", "papers__edition"))


def _put_orders_beside(bookings, orders):
    by_booking = {line.booking_id: order for order in orders for line in order.lines.all() if line.is_live}
    for booking in bookings:
        booking.order = by_booking.get(booking.pk)


def _pavilions(membership) -> list[Pavilion]:
    """Those that the agency divides, at forums to come."""
    if membership.pavilions:
        return []
    rows = membership.agency.pavilions.counted().select_related("edition").order_by("edition__opens_on", "name_en")
    return [row for row in rows if not row.edition.is_over]


def _priced(membership, edition) -> dict:
    """What its own people may order beside booths; who stands in is not told what it sponsors."""
    if edition is None or membership.pavilions:
        return {"has_packages": False, "has_extras": False}
    rows = {"has_packages": Package.objects, "has_extras": Extra.objects}
    return {name: model.filter(price_list__edition=edition).exists() for name, model in rows.items()}


def _application(membership, edition) -> dict:
    """The edition's call for exhibitors, and the agency's latest answer to it, which is between it and the organisers."""
    agency = membership.agency
    if edition is None or membership.pavilions:
        return {"call": None, "application": None}
    call = getattr(edition, "call", None)
    latest = agency.applications.filter(edition=edition).order_by("-created_at", "-pk")
    return {"call": call, "application": latest.first() if call else None}


def _shown(agency, edition) -> dict:
    """What it shows at the current forum while that is to come."""
    if edition is None or edition.is_over:
        return {"shows": False}
    themes = agency.themes.filter(edition=edition).order_by("chosen__place")
    return {"shows": True, "products": list(agency.products.filter(edition=edition)), "themes": list(themes)}


def _delegations(user, agency):
    """Those of forums to come, the next first."""
    rows = Delegation.objects.led_by(user).filter(agency=agency).order_by("edition__opens_on")
    return [row for row in rows if not row.edition.is_over]


def to_pay(booking):
    """To the page of the order on which the booth stands, if it stands on one."""
    order = booth_orders.order_of(booking) if booking.awaits_payment else None
    return redirect("payments:order", order.token) if order else None


def _booked(booking):
    if booking.awaits_payment:
        return _("Booth %(booth)s is held for you until its order is paid.") % {"booth": booking.booth.code}
    if booking.is_confirmed:
        return _("Booth %(booth)s is yours.") % {"booth": booking.booth.code}
    return _("Booth %(booth)s is held for you until an exhibition manager confirms it.") % {"booth": booking.booth.code}


def _nearest_free(stands, stand):
    """A few free booths, the nearest first: those of the same hall before others, and of the same zone."""

    def distance(other):
        across = abs(other.booth.x - stand.booth.x) + abs(other.booth.y - stand.booth.y)
        here, there = stand.booth.zone, other.booth.zone
        return there.hall_id != here.hall_id, there != here, across, other.booth.code

    free = (other for other in stands if other.state == floor.State.FREE and not other.booth.zone.by_application)
    return sorted(free, key=distance)[:ALTERNATIVES]
