"""An agency's managers say on its desk who acts for it."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cms import limits
from cms.fields import Address
from cms.models import Edition
from cms.privacy import personal
from exhibitors import colleagues as acts
from exhibitors.models import Membership
from forum.desks.exhibitor_views import find_membership

LEAVE, TAKE_BACK = "remove", "take_back"


class InviteForm(forms.Form):
    email = Address(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(
        label=gettext_lazy("What they may do"),
        choices=Membership.Role.choices,
        initial=Membership.Role.COLLEAGUE,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request, agency):
    """Who acts for the agency and who is asked to. An address stands in what is sent, never in the page's own address."""
    membership = find_membership(request, agency)
    form, refusal, status, too_many = InviteForm(initial={"language": request.LANGUAGE_CODE}), "", 200, None
    if request.method == "POST":
        if "act" not in request.POST:
            form = InviteForm(request.POST)
        try:
            said = _invite(request, membership.agency, form) if form.is_bound else _change(request, membership.agency)
        except limits.TooMany as refused:
            form.add_error(None, refused)
            too_many = refused
        except ValidationError as refused:
            if form.is_bound:
                form.add_error(None, refused)
            refusal, status = refused.messages[0], 409
        else:
            if said:
                messages.success(request, said)
                still_there = membership.agency.memberships.filter(user=request.user).exists()
                return redirect("desks:colleagues", agency) if still_there else redirect("desks:mine")
            status = 422
    people = membership.agency.memberships.select_related("user").order_by("joined_at", "pk")
    context = {
        "membership": membership,
        "agency": membership.agency,
        "edition": Edition.objects.current(),
        "people": people,
        "last_manager": acts.last_manager(membership.agency),
        "why_last_stays": acts.STAYS,
        "invitations": membership.agency.invitations.open().order_by("-created_at") if membership.may_manage else [],
        "form": form,
        "refusal": "" if form.is_bound else refusal,
    }
    response = render(request, "desks/exhibitor/colleagues.html", context, status=status)
    return too_many.mark(response) if too_many else response


def _invite(request, agency, form) -> str:
    if not form.is_valid():
        return ""
    if too_many := limits.refusal(request, "invite", form.cleaned_data["email"]):
        raise too_many
    acts.invite(agency=agency, user=request.user, **form.cleaned_data)
    return _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}


def _change(request, agency) -> str:
    """One of the buttons beside a person or an invitation."""
    act, email = request.POST["act"], request.POST.get("email", "").replace("\x00", "")[:254]
    if act == TAKE_BACK:
        invitation = agency.invitations.open().filter(email=email).first()
        if invitation is None:
            raise ValidationError(_("This invitation is over already."), code="gone")
        acts.take_back(invitation=invitation, user=request.user)
        return _("The invitation of %(email)s is taken back.") % {"email": email}
    row = agency.memberships.filter(user__email=email).select_related("user", "agency").first()
    if row is None:
        raise ValidationError(_("This person does not act for the agency any more."), code="gone")
    if act == LEAVE:
        acts.remove(membership=row, user=request.user)
        return _("%(person)s does not act for the agency any more.") % {"person": row.user}
    if act not in Membership.Role.values:
        raise ValidationError(_("Choose what is to be done."), code="act")
    acts.give_role(membership=row, role=act, user=request.user)
    return _("%(person)s: %(role)s.") % {"person": row.user, "role": Membership.Role(act).label}
