"""What is due and when, on the exhibitor's desk, and the documents that are sent there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import uploads
from cms.models import Edition
from cms.privacy import personal
from exhibitors.models import MoveSlot, SentDocument
from exhibitors.readiness import moving, sending
from forum.desks import readiness
from forum.desks.exhibitor_forms import DocumentForm, MoveForm
from forum.desks.exhibitor_views import find_membership


@personal
@login_required
@require_safe
def overview(request, agency, edition):
    membership, edition = find_membership(request, agency, by_pavilion=True), Edition.objects.get_or_404(edition)
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": edition,
        "standing": readiness.of_agency(membership.agency, edition, membership.pavilion),
        "is_own_manager": membership.may_manage and not membership.pavilion,
    }
    return render(request, "desks/exhibitor/ready.html", context)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document(request, agency, edition, code):
    """What a document is, what was sent and what the organisers say to it; and a form to send a version."""
    membership, edition = find_membership(request, agency, by_pavilion=True), Edition.objects.get_or_404(edition)
    row, agency = get_object_or_404(edition.required_documents, code=code), membership.agency
    form = DocumentForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            sending.send(required=row, agency=agency, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            messages.success(request, _("The document has been sent."))
            return redirect("desks:ready", agency.code, edition.slug)
    row.edition = edition
    context = {
        "membership": membership,
        "agency": agency,
        "edition": edition,
        "document": row,
        "papers": list(row.sent.filter(agency=agency).order_by("-version")),
        "may_send": membership.may_manage and sending.why_not(row, agency) is None,
        "form": form,
    }
    return render(request, "desks/exhibitor/document.html", context, status=422 if form.errors else 200)


@personal
@login_required
@require_safe
def document_file(request, agency, edition, code, version):
    """What the agency itself has sent."""
    membership, edition = find_membership(request, agency, by_pavilion=True), Edition.objects.get_or_404(edition)
    sent = SentDocument.objects.filter(agency=membership.agency, required__edition=edition)
    number = int(version) if version.isdecimal() and len(version) < 4 else None
    return uploads.answer(get_object_or_404(sent, required__code=code, version=number).file)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, agency, edition, booking):
    """The times of build-up and tear-down of one booth."""
    membership, edition = find_membership(request, agency, by_pavilion=True), Edition.objects.get_or_404(edition)
    rows = membership.agency.bookings.filter(state="confirmed", booth__edition=edition)
    if membership.pavilion:
        rows = rows.filter(booth__pavilion=membership.pavilion)
    row = get_object_or_404(rows.select_related("booth__zone__hall"), code=booking)
    slots = list(MoveSlot.objects.filter(hall=row.booth.zone.hall).select_related("hall__edition"))
    chosen = {choice.kind: choice.slot for choice in row.move_choices.select_related("slot__hall__edition")}
    form = MoveForm(request.POST if request.method == "POST" else None, slots=slots, chosen=chosen)
    if request.method == "POST" and form.is_valid() and _choose(form, row, request.user):
        messages.success(request, _("Your times have been saved."))
        return redirect("desks:ready", membership.agency.code, edition.slug)
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": edition,
        "booking": row,
        "slots": slots,
        "chosen": list(chosen.values()),
        "form": form,
    }
    return render(request, "desks/exhibitor/move.html", context, status=422 if form.errors else 200)


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
