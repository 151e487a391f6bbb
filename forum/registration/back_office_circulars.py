"""Writing to a group of people: the text, how it will read, sending it, and what became of it."""

import hashlib
import json

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe
from post_office.models import STATUS
from wagtail.admin import messages
from wagtail.log_actions import log

from cms import back_office, pdf
from cms.back_office import ask
from cms.fields import Line
from cms.models import Edition
from forum.registration import back_office_filters, back_office_groups, circular_letters, circulating
from forum.registration.models import THEMSELVES, Circular, Recipient, Registration

MAY = "registration.send_circular"
PER_PAGE = 50
LETTERS_AT_ONCE = 200
TEXTS = ("subject_en", "body_en", "subject_km", "body_km")
OF_STATUS = {
    STATUS.queued: gettext_lazy("In the queue"),
    STATUS.requeued: gettext_lazy("Is tried again"),
    STATUS.sent: gettext_lazy("Sent"),
    STATUS.failed: gettext_lazy("Failed"),
}
MARKS = gettext_lazy("These are filled in for each person: {name}, {link} (to their own page), {pass}, {edition}.")


def known_marks(text: str) -> None:
    if unknown := circulating.unknown_marks(text):
        raise ValidationError(_("There is no %(marks)s.") % {"marks": ", ".join(unknown)}, code="mark")


class CircularForm(forms.Form):
    """The text in both languages; ``seen`` says which text was looked at in the preview."""

    subject_en = Line(label=gettext_lazy("Subject in English"), max_length=150, validators=[known_marks])
    body_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=5_000, widget=forms.Textarea({"rows": 10}), help_text=MARKS,
        validators=[known_marks],
    )  # fmt: skip
    subject_km = Line(
        label=gettext_lazy("Subject in Khmer"), max_length=150, validators=[known_marks],
        widget=forms.TextInput({"lang": "km"}),
    )  # fmt: skip
    body_km = forms.CharField(
        label=gettext_lazy("Text in Khmer"), max_length=5_000, widget=forms.Textarea({"rows": 10, "lang": "km"}),
        help_text=MARKS, validators=[known_marks],
    )  # fmt: skip
    to_contacts = forms.BooleanField(
        label=gettext_lazy("Also to the contacts of people without an address of their own"), required=False, initial=True,
        help_text=gettext_lazy("Each of these people can be given the letter on paper in any case."),
    )  # fmt: skip
    person = Line(
        label=gettext_lazy("Show it as this person reads it"), max_length=20, required=False,
        help_text=gettext_lazy("Code of somebody in the group; blank: the first."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


@permission_required(MAY, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request):
    """The text for the group of the query. It goes out as it was seen, to as many as were counted, and not before."""
    try:
        group = back_office_filters.of_query(request.GET)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return redirect(back_office_groups.LIST)
    people = circulating.whom(group.people, with_left=group.is_of_states)
    back = back_office_groups.back(request)
    counts = _counts(people)
    if refusal := _refusal(counts):
        messages.error(request, refusal)
        return redirect(back)
    form = CircularForm(request.POST if request.method == "POST" else None)
    preview = None
    if form.is_valid():
        digest = _digest(form.cleaned_data, counts)
        if request.POST.get("act") == "send" and form.cleaned_data["seen"] == digest:
            with override(settings.LANGUAGE_CODE):  # others read it in the history, whatever the language of who writes
                chosen_by = back_office_filters.of_query(request.GET).chosen_by
            return _send(request, form.cleaned_data, people, chosen_by, counts["edition"])
        preview = _preview(form, people)
        form = CircularForm(request.POST.dict() | {"seen": digest if preview else ""})
    context = {"form": form, "group": group, "counts": counts, "preview": preview, "back": back}
    return render(request, "registration/back_office/circular_write.html", context, status=422 if form.errors else 200)


def _counts(people) -> dict:
    counts = people.aggregate(
        all=Count("pk"),
        en=Count("pk", filter=Q(language="en")),
        km=Count("pk", filter=Q(language="km")),
        without=Count("pk", filter=~THEMSELVES),
        editions=Count("edition", distinct=True),
    )
    return counts | {"edition": people.values_list("edition", flat=True).first()}


def _refusal(counts) -> str:
    if not counts["all"]:
        return _("There is nobody to write to.")
    if counts["editions"] > 1:
        return _("Choose people of one edition: each has its own name and days.")
    return ""


def _digest(typed: dict, counts: dict) -> str:
    seen = [typed[name] for name in (*TEXTS, "to_contacts")] + [counts["all"], counts["edition"]]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _preview(form, people) -> dict | None:
    """How one person of the group reads it, in both languages."""
    code = form.cleaned_data["person"].replace("-", "").upper()
    person = people.filter(code=code).first() if code else people.first()
    if person is None:
        return None
    circular = Circular(**{name: form.cleaned_data[name] for name in TEXTS})
    shown = [(language, *circulating.filled(circular, person, language)) for language in ("en", "km")]
    return {"person": person, "shown": shown}


def _send(request, typed, people, chosen_by, edition):
    circular = circulating.write(
        edition=Edition.objects.get(pk=edition),
        people=people,
        chosen_by=chosen_by,
        to_contacts=typed["to_contacts"],
        user=request.user,
        **{name: typed[name] for name in TEXTS},
    )
    messages.success(request, _("It is on its way. This page shows how far it has come."))
    return redirect("registration_circular", circular.pk)


def _with_counts(circulars):
    numbers = {state.name.lower(): Count("recipients", filter=Q(recipients__state=state)) for state in Recipient.State}
    mails = {
        "sent": Count("recipients", filter=Q(recipients__email__status=STATUS.sent)),
        "failed": Count("recipients", filter=Q(recipients__email__status=STATUS.failed)),
    }
    return (
        circulars.select_related("edition", "written_by")
        .annotate(all=Count("recipients"), **numbers, **mails)
        .order_by("-pk")
    )


@permission_required("registration.view_circular", raise_exception=True)
@require_safe
def circulars(request):
    """What was written to whom, the latest first."""
    page = Paginator(_with_counts(Circular.objects.all()), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "registration/back_office/circulars.html", {"page": page})


@permission_required("registration.view_circular", raise_exception=True)
@require_safe
def circular(request, pk):
    """One of them: the text, how far it has come, and each recipient by code with what became of the mail."""
    row = get_object_or_404(_with_counts(Circular.objects.all()), pk=pk)
    recipients = row.recipients.select_related("registration", "email").defer("email__message", "email__html_message")
    page = Paginator(recipients, PER_PAGE).get_page(request.GET.get("p"))
    on_paper = _on_paper(row).count()
    context = {
        "circular": row,
        "page": page,
        "rows": [(each, OF_STATUS.get(each.email.status, "") if each.email else "") for each in page],
        "texts": [("en", row.subject_en, row.body_en), ("km", row.subject_km, row.body_km)],
        "parts": range(1, -(-on_paper // LETTERS_AT_ONCE) + 1),
        "on_paper": on_paper,
        "done": row.all - row.due,
    }
    return render(request, "registration/back_office/circular.html", context)


def _on_paper(row):
    """Who has no address of their own and was not left out."""
    lacks = ~Q(registration__in=Registration.objects.reached_themselves()) | Q(state=Recipient.State.ON_PAPER)
    return row.recipients.filter(lacks, registration__erased_at=None).exclude(state=Recipient.State.LEFT_OUT)


@permission_required(MAY, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    row = get_object_or_404(Circular, pk=pk)
    question = back_office.Question(
        title=_("Stop “%(subject)s”") % {"subject": row.subject_en},
        text=_("Nobody who has not been written to yet is written to. Mail that is in the queue already goes out."),
        button=_("Stop it"),
        done=_("It is stopped."),
        icon="mail",
        is_serious=True,
    )
    return ask(
        request, question, back="registration_circulars", act=lambda: circulating.cancel(circular=row, user=request.user)
    )


@permission_required(MAY, raise_exception=True)
@require_safe
def letters(request, pk, part):
    """The same text on paper for those without an address of their own, so many at once."""
    row = get_object_or_404(Circular.objects.select_related("edition"), pk=pk)
    start = (part - 1) * LETTERS_AT_ONCE
    people = _on_paper(row).select_related("registration__pass_type", "registration__edition", "registration__agency")
    recipients = list(people[start : start + LETTERS_AT_ONCE]) if part else []
    if not recipients:
        messages.info(request, _("There is nobody to print for."))
        return redirect("registration_circular", pk)
    log(instance=row, action="registration.circular_letters", user=request.user, data={"number": len(recipients)})
    return pdf.answer(circular_letters.render(row, recipients), f"circular-{pk}-{part}.pdf")


back_office_groups.register(
    "write_to_them", gettext_lazy("Write to them"), 40, lambda: reverse("registration_circular_write"), MAY
)
