"""The delegation's desk. Every query starts from the focal point, so another agency's people are not found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import pdf
from cms.privacy import personal
from forum.payments import delegation_orders
from forum.payments.models import Order
from forum.registration import confirmation_letters, consenting, delegating
from forum.registration.delegation_forms import DelegateForm, NewDelegateForm, passes_of
from forum.registration.models import Accreditation, Delegation, Registration

PER_PAGE = 50


@personal
@login_required
@require_safe
def desk(request, agency, edition):
    delegation = find(request, agency, edition)
    people = Registration.objects.live().filter(delegation=delegation).select_related("pass_type").in_order()
    gone = delegation.registrations.exclude(pk__in=people).filter(erased_at=None).select_related("pass_type")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = _with_what_lacks(list(page.object_list))
    context = {
        "places": list(_places(delegation)),
        "page": page,
        "gone": list(gone),
        "orders": delegation.orders.exclude(state=Order.State.CANCELLED).with_sums(),
        "has_letters": people.filter(state=Registration.State.CONFIRMED).filter(email="").exists(),
    }
    return show(request, "desks/delegation/desk.html", delegation, **context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request, agency, edition):
    delegation = find(request, agency, edition)
    form = NewDelegateForm(typed(request), pass_types=passes_of(delegation), notice=consenting.noticed(delegation.edition))
    if form.is_valid():
        try:
            person = delegating.register(delegation=delegation, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": person.name_latin})
            return back(request, delegation)
    return show(request, "desks/delegation/register.html", delegation, form)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request, agency, edition, code):
    delegation = find(request, agency, edition)
    person = find_person(delegation, code)
    notice = consenting.noticed(delegation.edition)
    form = DelegateForm(typed(request), initial={"language": person.language}, notice=notice)
    if form.is_valid():
        try:
            after = delegating.swap(registration=person, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            names = {"before": person.name_latin, "name": after.name_latin}
            messages.success(request, _("%(name)s has the place of %(before)s now.") % names)
            return back(request, delegation)
    return show(request, "desks/delegation/swap.html", delegation, form, person=person)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, agency, edition, code):
    delegation = find(request, agency, edition)
    person = find_person(delegation, code)
    if request.method == "POST":
        delegating.withdraw(registration=person, user=request.user)
        messages.success(request, _("%(name)s is withdrawn; the place is free again.") % {"name": person.name_latin})
        return back(request, delegation)
    return show(request, "desks/delegation/withdraw.html", delegation, person=person)


@personal
@login_required
@require_safe
def letter(request, agency, edition, code):
    """The paper with the QR, for a person whom no e-mail reaches."""
    person = find_person(find(request, agency, edition), code)
    if not person.is_coming:
        raise Http404("this place is not paid for yet")
    return pdf.answer(confirmation_letters.render([person]), f"letter-{person.code}.pdf")


@personal
@login_required
@require_safe
def letters(request, agency, edition):
    """Those of everybody without an address, in the order of names."""
    delegation = find(request, agency, edition)
    people = Registration.objects.coming().with_names().filter(delegation=delegation).filter(email="")
    people = list(people.in_order())
    if not people:
        raise Http404("everybody is reached by e-mail")
    return pdf.answer(confirmation_letters.render(people), f"letters-{delegation.code}.pdf")


def _with_what_lacks(people):
    """Whether security and the badge have what they need of each; what it is stays the person's."""
    lacking = Accreditation.objects.lacking(people)
    for person in people:
        person.is_incomplete = person.pk in lacking
    return people


def _places(delegation):
    """Each with how many of its places links keep."""
    own = Q(delegation__links__pass_type=F("pass_type"), delegation__links__used_at=None, delegation__links__revoked_at=None)
    return delegation.places.select_related("pass_type").annotate(links=Count("delegation__links", filter=own))


def find(request, agency: str, edition: str) -> Delegation:
    return get_object_or_404(Delegation.objects.led_by(request.user), agency__code=agency, edition__slug=edition)


def find_person(delegation: Delegation, code: str) -> Registration:
    people = Registration.objects.live().with_names().filter(delegation=delegation)
    return get_object_or_404(people, code=code)


def typed(request):
    return request.POST if request.method == "POST" else None


def back(request, delegation):
    """To the desk, which shows the order as it is after what was done."""
    delegation_orders.follow(delegation=delegation, user=request.user)
    return redirect("desks:delegation:desk", delegation.agency.code, delegation.edition.slug)


def show(request, template, delegation, form=None, status=None, **context):
    context |= {"delegation": delegation, "agency": delegation.agency, "edition": delegation.edition, "form": form}
    return render(request, template, context, status=status or (422 if form is not None and form.errors else 200))
