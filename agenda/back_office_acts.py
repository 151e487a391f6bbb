"""The organisers' page for a session's room and time."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from agenda import scheduling
from agenda.models import Room, Session


class PlaceForm(forms.Form):
    room = forms.ModelChoiceField(Room.objects.none(), label=gettext_lazy("Room"))
    starts_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=AdminDateTimeInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), widget=AdminDateTimeInput())

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.filter(edition=session.edition)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("agenda.change_slot", raise_exception=True)
def place(request, pk):
    session = _session(pk)
    with timezone.override(session.edition.zone):
        form = PlaceForm(request.POST or None, session=session, initial=_placed(session))
        if form.is_valid():
            try:
                scheduling.place(session=session, user=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, _("“%(title)s” has its room and time.") % {"title": session})
                return redirect(_edit(session))
        context = {"session": session, "slot": session.slot, "form": form, "edit": _edit(session)}
        return render(request, "agenda/admin/place.html", context)


@require_POST
@permission_required("agenda.change_slot", raise_exception=True)
def cancel(request, pk):
    session = _session(pk)
    try:
        scheduling.cancel(slot=get_object_or_404(session.slots), user=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("“%(title)s” is cancelled.") % {"title": session})
    return redirect(_edit(session))


def _session(pk) -> Session:
    return get_object_or_404(Session.objects.select_related("edition"), pk=pk)


def _edit(session) -> str:
    return reverse(session.snippet_viewset.get_url_name("edit"), args=[session.pk])


def _placed(session) -> dict:
    slot = session.slot
    return {"room": slot.room, "starts_at": slot.starts_at, "ends_at": slot.ends_at} if slot else {}
