"""The waiting list in the back office: offers as they were made, and the acts that go past the queue."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column

from cms import back_office
from cms.back_office import ReadOnly, ask
from cms.fields import Line
from forum.registration import waiting
from forum.registration.back_office import RegistrationViewSet
from forum.registration.models import Offer, Registration

HIGHEST = 100


class OfferViewSet(ReadOnly):
    model = Offer
    icon = "time"
    menu_label = gettext_lazy("Places offered")
    list_display = [
        "registration",
        Column("name", label=gettext_lazy("Name"), accessor="registration.name_latin"),
        Column("pass_type", label=gettext_lazy("Pass"), accessor="registration.pass_type"),
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        "offered_at",
        "until",
        "ended_at",
    ]
    list_filter = ["state", "registration__pass_type"]
    list_export = ["registration", "state", "offered_at", "until", "ended_at"]
    list_per_page = 50

    def get_queryset(self, request):
        return Offer.objects.select_related("registration__pass_type")


class PriorityForm(forms.Form):
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"), min_value=-HIGHEST, max_value=HIGHEST,
        help_text=gettext_lazy("0 is what everybody has; those with more are offered a place first."),
    )  # fmt: skip
    reason = Line(label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stands in the history."))


def act_upon_waiting(view):
    """A view that is given the person."""

    @permission_required("registration.change_registration", raise_exception=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    def asked(request, pk):
        return view(request, get_object_or_404(Registration.objects.with_names(), pk=pk))

    return asked


@act_upon_waiting
def offer(request, registration):
    """Offers a free place out of turn."""
    question = back_office.Question(
        title=_("Offer a place to %(code)s") % {"code": registration.short_code},
        text=_("%(name)s is told by mail and has %(hours)s hours to take it. Others may have waited longer.")
        % {"name": registration.name_latin, "hours": registration.pass_type.offer_hours},
        button=_("Offer a place"),
        done=_("The place is offered."),
        icon="time",
    )
    return _ask(request, question, lambda: waiting.offer(registration=registration, user=request.user))


@act_upon_waiting
def withdraw_offer(request, registration):
    question = back_office.Question(
        title=_("Withdraw the offer to %(code)s") % {"code": registration.short_code},
        text=_("The place goes to the next person; %(name)s goes on waiting.") % {"name": registration.name_latin},
        button=_("Withdraw the offer"),
        done=_("No place is offered to this person now."),
        icon="time",
        is_serious=True,
    )
    return _ask(request, question, lambda: waiting.withdraw_offer(registration=registration, user=request.user))


@act_upon_waiting
def prefer(request, registration):
    """Moves a person within the queue."""
    question = back_office.Question(
        title=_("Priority of %(code)s") % {"code": registration.short_code},
        text=_("%(name)s waits for: %(pass)s.") % {"name": registration.name_latin, "pass": registration.pass_type.name},
        button=_("Keep this priority"),
        done=_("The priority is kept."),
        icon="time",
    )
    form = PriorityForm(request.POST if request.method == "POST" else None, initial={"priority": registration.priority})
    return _ask(
        request,
        question,
        lambda **typed: waiting.prefer(registration=registration, user=request.user, **typed),
        form,
    )


def _ask(request, question, act, form=None):
    return ask(request, question, back=RegistrationViewSet().get_url_name("list"), act=act, form=form)
