"""How organisers work with requests for an account: the queue, the letter, agencies that may be the same, the decision."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import IndexView

from cms import countries, uploads
from cms.back_office import ReadOnly
from exhibitors import admitting
from exhibitors.back_office import ListButton
from exhibitors.models import AccountRequest, Agency

REQUESTS = "wagtailsnippets_exhibitors_accountrequest:list"
State = AccountRequest.State

by_who_decides = permission_required("exhibitors.decide_accountrequest", raise_exception=True)


class ListRequests(IndexView):
    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if admitting.may_decide(self.request.user):
            url = reverse("exhibition_request", args=[instance.pk])
            buttons.insert(0, ListButton(_("Look at it"), url=url, icon_name="view"))
        return buttons


class Requests(ReadOnly):
    model = AccountRequest
    icon = "mail"
    index_view_class = ListRequests
    list_display = ["code", "name_en", "kind", "country", "state", "confirmed_at", "asked_at"]
    list_filter = ["edition", "state", "kind"]
    list_export = [
        "code",
        "edition",
        "name_en",
        "name_km",
        "kind",
        "country",
        "website",
        "state",
        "asked_at",
        "confirmed_at",
    ]
    search_fields = ["code", "name_en", "name_km"]
    inspect_view_fields = [
        "code", "edition", "state", "name_en", "name_km", "kind", "country", "website", "asked_at", "confirmed_at",
        "decided_at", "decided_by", "agency",
    ]  # fmt: skip

    def get_queryset(self, request):
        return AccountRequest.objects.select_related("edition")


class DecideForm(forms.Form):
    """``version`` is what the organiser had before the eyes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (State.ACCEPTED, gettext_lazy("Accept and invite")),
            (State.RETURNED, gettext_lazy("Return with a question")),
            (State.REFUSED, gettext_lazy("Refuse")),
        ],
        widget=forms.RadioSelect,
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"),
        queryset=Agency.objects.all(),
        required=False,
        empty_label=gettext_lazy("a new agency"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Those with names most like this one’s. If it is none of them, a new agency is entered. Where somebody acts for "
            "an agency already, who asked may look at first, and its managers are told."
        ),
    )
    remark = forms.CharField(
        label=gettext_lazy("Word to who asked"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("The question, or why it is refused; it stands in the letter."),
    )

    def __init__(self, *args, alike: list[Agency], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=[row.pk for row in alike])


@require_http_methods(["GET", "HEAD", "POST"])
@by_who_decides
def decide(request, pk):
    row = get_object_or_404(AccountRequest.objects.select_related("edition", "agency", "decided_by"), pk=pk)
    alike = admitting.alike(row)
    for agency in alike:
        agency.country_name = countries.name(row.edition_id, agency.country)
    row.country_name = countries.name(row.edition_id, row.country)
    typed = request.POST if request.method == "POST" else None
    form = DecideForm(typed, alike=alike, initial={"version": row.version})
    if form.is_valid():
        try:
            admitting.decide(request=row, user=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The request of %(agency)s is decided.") % {"agency": row.name})
            return redirect(REQUESTS)
    context = {"row": row, "alike": alike, "form": form, "back": REQUESTS}
    return render(request, "exhibitors/back_office/account_request.html", context, status=422 if form.errors else 200)


@require_safe
@by_who_decides
def letter(request, pk):
    """Who opened it stands in the history."""
    row = get_object_or_404(AccountRequest.objects.exclude(letter=""), pk=pk)
    response = uploads.answer(row.letter)
    log(instance=row, action="exhibitors.request_letter", user=request.user)
    return response
