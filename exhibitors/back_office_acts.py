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
from exhibitors.models import Agency, Booking, Booth, Invitation, Membership
from exhibitors.prices import quoting

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
        return _ended(request, booking)
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


class MoveForm(forms.Form):
    """Where the agency may go: the free booths of its forum."""

    booth = forms.ModelChoiceField(label=gettext_lazy("To booth"), queryset=Booth.objects.none())
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("The agency reads it in its letter."),
    )  # fmt: skip

    def __init__(self, *args, booking: Booking, **kwargs):
        super().__init__(*args, **kwargs)
        free = Booth.objects.free().filter(
            edition=booking.booth.edition, is_published=True, pavilion=booking.booth.pavilion_id
        )
        free = free.select_related("zone")
        self.fields["booth"].queryset = free.order_by("code")
        self.fields["booth"].label_from_instance = _name_free_booth


def _name_free_booth(booth: Booth) -> str:
    size = _("%(size)s m") % {"size": booth.size}
    return f"{booth.code} · {size} · {booth.zone.name}"


class SwapForm(MoveForm):
    """With whom the agency may change: all others that have a booth of the forum."""

    field_order = ["other", "reason"]
    other = forms.ModelChoiceField(label=gettext_lazy("With booth"), queryset=Booking.objects.none())

    def __init__(self, *args, booking: Booking, **kwargs):
        super().__init__(*args, booking=booking, **kwargs)
        del self.fields["booth"]
        others = Booking.objects.live().filter(booth__edition=booking.booth.edition).exclude(pk=booking.pk)
        self.fields["other"].queryset = others.select_related("booth", "agency").order_by("booth__code")
        self.fields["other"].label_from_instance = lambda other: f"{other.booth.code} · {other.agency.name}"


@asked_by_form
@permission_required("exhibitors.confirm_booking", raise_exception=True)
def move(request, pk):
    return _change_booth(
        request,
        pk,
        title=_("Move %(agency)s from booth %(booth)s"),
        text=_("The booking goes along, with its time and what was paid for it. The agency gets a letter."),
        button=_("Move it"),
        form_class=MoveForm,
        act=lambda booking, **typed: [allocation.move(booking=booking, **typed)],
    )


@asked_by_form
@permission_required("exhibitors.confirm_booking", raise_exception=True)
def swap(request, pk):
    return _change_booth(
        request,
        pk,
        title=_("Swap booth %(booth)s of %(agency)s"),
        text=_("Both bookings go along, with their time and what was paid for them. Both agencies get a letter."),
        button=_("Swap the booths"),
        form_class=SwapForm,
        act=lambda booking, **typed: allocation.swap(one=booking, **typed),
    )


def _change_booth(request, pk, *, title, text, button, form_class, act):
    booking = _booking(pk)
    if not booking.is_live:
        return _ended(request, booking)
    names = _names(booking)
    done = _("%(agency)s has another booth now.") % names
    question = Question(title=title % names, text=text, button=button, done=done, icon="table")
    form = form_class(request.POST if request.method == "POST" else None, booking=booking)

    def change(**typed):
        before = booking.booth
        moved, *swapped = act(booking, user=request.user, **typed)
        _warn_of_price(request, before, moved)
        for other in swapped:
            _warn_of_price(request, moved.booth, other)

    return ask(request, question, back=BOOKINGS, act=change, form=form)


def _warn_of_price(request, before, booking):
    """The order stays as it was placed, whatever the new booth costs: somebody of finance may have to act."""
    prices = quoting.Prices(before.edition)
    one, other = (prices.quote(booth, booking.agency.kind) for booth in (before, booking.booth))
    if one.amount == other.amount:
        return
    values = {"before": before.code, "booth": booking.booth.code, "one": one.amount_written, "other": other.amount_written}
    words = _("Booth %(before)s costs %(agency)s %(one)s and booth %(booth)s %(other)s. Its order stays as it is.")
    messages.warning(request, words % (values | {"agency": booking.agency.name}))


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
    return get_object_or_404(Booking.objects.select_related("booth__edition", "agency"), pk=pk)


def _ended(request, booking):
    messages.info(request, _("The booking of booth %(booth)s by %(agency)s has ended already.") % _names(booking))
    return redirect(BOOKINGS)


def _names(booking):
    return {"booth": booking.booth.code, "agency": booking.agency.name}
