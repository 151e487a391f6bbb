"""The buttons of the back office: one page per act, which asks and then does it."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from cms.back_office import Question, ask
from cms.fields import Address
from exhibitors import allocation, invitations
from exhibitors.models import Agency, Booking, Invitation, Membership

BOOKINGS = "wagtailsnippets_exhibitors_booking:list"
INVITATIONS = "wagtailsnippets_exhibitors_invitation:list"

asked_by_form = require_http_methods(["GET", "HEAD", "POST"])


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The agency reads it in its letter."),
    )


class InviteForm(forms.Form):
    email = Address(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Membership.Role.choices)


@asked_by_form
@permission_required("exhibitors.confirm_booking", raise_exception=True)
def confirm(request, pk):
    booking = _booking(pk)
    if booking.is_confirmed:
        messages.info(request, _("Booth %(booth)s is confirmed already.") % _names(booking))
        return redirect(BOOKINGS)
    question = Question(
        title=_("Confirm booth %(booth)s for %(agency)s") % _names(booking),
        text=_("The agency gets a letter, and its name appears on the public floor plan."),
        button=_("Confirm the booking"),
        done=_("Booth %(booth)s is confirmed for %(agency)s.") % _names(booking),
        icon="table",
    )
    return ask(request, question, back=BOOKINGS, act=lambda: allocation.confirm(booking=booking, user=request.user))


@asked_by_form
@permission_required("exhibitors.confirm_booking", raise_exception=True)
def release(request, pk):
    booking = _booking(pk)
    if not booking.is_live:
        messages.info(request, _("The booking of booth %(booth)s by %(agency)s has ended already.") % _names(booking))
        return redirect(BOOKINGS)
    question = Question(
        title=_("Release booth %(booth)s of %(agency)s") % _names(booking),
        text=_("The booth is free for others at once. This cannot be undone."),
        button=_("Release the booth"),
        done=_("Booth %(booth)s is released.") % _names(booking),
        icon="table",
    )

    def act(reason):
        return allocation.release(booking=booking, user=request.user, reason=reason)

    return ask(request, question, back=BOOKINGS, act=act, form=ReleaseForm(request.POST or None))


@asked_by_form
@permission_required("exhibitors.add_invitation", raise_exception=True)
def invite(request, pk):
    agency = get_object_or_404(Agency, pk=pk)
    question = Question(
        title=_("Invite a person to act for %(agency)s") % {"agency": agency.name},
        text=_("The person gets a letter with a link that works once, for two weeks."),
        button=_("Send the invitation"),
        done=_("The invitation is on its way."),
        icon="table",
    )

    def act(**typed):
        return invitations.invite(agency=agency, user=request.user, **typed)

    return ask(request, question, back=INVITATIONS, act=act, form=InviteForm(request.POST or None))


@asked_by_form
@permission_required("exhibitors.change_invitation", raise_exception=True)
def revoke(request, pk):
    invitation = get_object_or_404(Invitation.objects.select_related("agency"), pk=pk)
    question = Question(
        title=_("Revoke the invitation of %(email)s") % {"email": invitation.email},
        text=_("The link in the letter stops working."),
        button=_("Revoke the invitation"),
        done=_("The invitation of %(email)s is revoked.") % {"email": invitation.email},
        icon="table",
    )
    return ask(request, question, back=INVITATIONS, act=lambda: invitations.revoke(invitation=invitation, user=request.user))


def _booking(pk):
    return get_object_or_404(Booking.objects.select_related("booth", "agency"), pk=pk)


def _names(booking):
    return {"booth": booking.booth.code, "agency": booking.agency.name}
