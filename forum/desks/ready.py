"""What is due and when, on the exhibitor's desk, and the documents that are sent there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import uploads
from cms.privacy import personal
from exhibitors.models import MoveSlot, SentDocument
from exhibitors.readiness import moving, sending
from forum.desks import readiness
from forum.desks.exhibitor_forms import DocumentForm, MoveForm
from forum.desks.exhibitor_views import attempt, find_desk, show, typed


@personal
@login_required
@require_safe
def overview(request, agency, edition):
    desk = find_desk(request, agency, edition, by_pavilion=True)
    membership, agency, edition = desk["membership"], desk["agency"], desk["edition"]
    context = desk | {
        "standing": readiness.of_agency(agency, edition, membership.pavilions),
        "is_own_manager": membership.may_manage and not membership.pavilions,
    }
    return render(request, "desks/exhibitor/ready.html", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document(request, agency, edition, code):
    """What a document is, what was sent and what the organisers say to it; and a form to send a version."""
    desk = find_desk(request, agency, edition, by_pavilion=True)
    membership, agency, edition = desk["membership"], desk["agency"], desk["edition"]
    row = get_object_or_404(edition.required_documents, code=code)
    form = DocumentForm(typed(request), request.FILES or None)
    if attempt(form, sending.send, beside="file", required=row, agency=agency, user=request.user):
        messages.success(request, _("The document has been sent."))
        return redirect("desks:ready", agency.code, edition.slug)
    row.edition = edition
    context = desk | {
        "document": row,
        "papers": list(row.sent.filter(agency=agency).order_by("-version")),
        "may_send": membership.may_manage and sending.why_not(row, agency) is None,
        "form": form,
    }
    return show(request, "document", context)


@personal
@login_required
@require_safe
def document_file(request, agency, edition, code, version):
    """What the agency itself has sent."""
    desk = find_desk(request, agency, edition, by_pavilion=True)
    sent = SentDocument.objects.filter(agency=desk["agency"], required__edition=desk["edition"])
    number = int(version) if version.isdecimal() and len(version) < 4 else None
    return uploads.answer(get_object_or_404(sent, required__code=code, version=number).file)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, agency, edition, booking):
    """The times of build-up and tear-down of one booth."""
    desk = find_desk(request, agency, edition, by_pavilion=True)
    membership, agency, edition = desk["membership"], desk["agency"], desk["edition"]
    rows = agency.bookings.filter(state="confirmed", booth__edition=edition)
    if membership.pavilions:
        rows = rows.filter(booth__pavilion__in=membership.pavilions)
    row = get_object_or_404(rows.select_related("booth__zone__hall"), code=booking)
    slots = list(MoveSlot.objects.filter(hall=row.booth.zone.hall).select_related("hall__edition"))
    chosen = {choice.kind: choice.slot for choice in row.move_choices.select_related("slot__hall__edition")}
    form = MoveForm(typed(request), slots=slots, chosen=chosen)
    if form.is_valid() and _choose(form, row, request.user):
        messages.success(request, _("Your times have been saved."))
        return redirect("desks:ready", agency.code, edition.slug)
    context = desk | {
        "booking": row,
        "slots": slots,
        "chosen": list(chosen.values()),
        "form": form,
    }
    return show(request, "move", context)


def _choose(form, booking, user) -> bool:
    """All or nothing; what is refused is said beside its field."""
    with transaction.atomic():
        for kind, slot in form.slots_chosen():
            try:
                moving.choose(slot=slot, booking=booking, user=user)
            except ValidationError as refusal:
                form.add_error(kind, refusal)
        if form.errors:
            transaction.set_rollback(True)
    return not form.errors
