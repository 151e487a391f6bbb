"""Letters for visas in the back office: the queue, and the two answers."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.ui.tables import Column

from cms import dates, languages
from cms.back_office import Question, ReadOnly, Rows, ask
from forum.visas import asking
from forum.visas.models import VisaDesk, VisaRequest

LIST = "wagtailsnippets_visas_visarequest:list"
PERMISSION = "visas.decide_visarequest"


class VisaDeskViewSet(Rows):
    model = VisaDesk
    icon = "globe"
    menu_label = gettext_lazy("Visa desks")
    list_display = ["edition", "closes_on"]
    list_export = ["edition", "closes_on"]

    def get_queryset(self, request):
        return VisaDesk.objects.select_related("edition")


class VisaRequestViewSet(ReadOnly):
    model = VisaRequest
    icon = "globe"
    menu_label = gettext_lazy("Visa letters")
    list_display = [
        "registration",
        Column("name", label=gettext_lazy("Name"), accessor="registration.name_latin"),
        "nationality",
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        "arrives_on",
        "asked_at",
    ]
    list_filter = ["state", "registration__edition"]
    list_export = ["registration", "nationality", "state", "asked_at", "decided_at"]
    search_fields = ["registration__code", "registration__name_latin"]
    inspect_view_fields_exclude = [*ReadOnly.inspect_view_fields_exclude, "version", "holder_no"]
    list_per_page = 50

    def get_queryset(self, request):
        return VisaRequest.objects.select_related("registration", "document", "decided_by")


class SeenForm(forms.Form):
    """Which version was looked at comes back with the form."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RefuseForm(SeenForm):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("The person reads it."))


def _decides(view):
    @permission_required(PERMISSION, raise_exception=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    def decide(request, pk):
        return view(request, get_object_or_404(VisaRequest.objects.select_related("registration__edition"), pk=pk))

    return decide


@_decides
def grant(request, visa):
    question = Question(
        title=_("Write the visa letter of %(code)s") % {"code": visa.registration},
        text=_told(visa),
        button=_("Write the letter"),
        done=_("The letter is written; the person is told by mail."),
        icon="tick",
    )
    return _ask(request, question, visa, SeenForm, lambda **typed: asking.grant(request=visa, user=request.user, **typed))


@_decides
def refuse(request, visa):
    question = Question(
        title=_("Refuse the visa letter of %(code)s") % {"code": visa.registration},
        text=_told(visa),
        button=_("Refuse"),
        done=_("The person is told by mail."),
        icon="cross",
        is_serious=True,
    )
    return _ask(request, question, visa, RefuseForm, lambda **typed: asking.refuse(request=visa, user=request.user, **typed))


def _told(visa) -> str:
    """What there is to look at, in one sentence."""
    return _(
        "%(name)s, %(nationality)s, passport %(number)s valid until %(expires)s, born on %(born)s; "
        "stays from %(arrives)s to %(leaves)s; asks at: %(post)s."
    ) % {
        "name": visa.registration.name_latin,
        "nationality": visa.get_nationality_display(),
        "number": visa.passport_number,
        "expires": dates.day(visa.expires_on, languages.current()),
        "born": dates.day(visa.born_on, languages.current()),
        "arrives": dates.day(visa.arrives_on, languages.current()),
        "leaves": dates.day(visa.leaves_on, languages.current()),
        "post": visa.post,
    }


def _ask(request, question, visa, form, act):
    typed = request.POST if request.method == "POST" else None
    return ask(request, question, back=LIST, act=act, form=form(typed, initial={"version": visa.version}))
