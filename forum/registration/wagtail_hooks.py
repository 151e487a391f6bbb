"""People and passes in the back office; ``forum.desks`` puts them into its menu."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button

from cms.back_office import FoldedSearch, MadeByActs, Question, Rows, ask
from forum.registration import signup
from forum.registration.models import PassType, Quota, Registration


class RegistrationViewSet(MadeByActs):
    model = Registration
    icon = "user"
    menu_label = gettext_lazy("Registrations")
    list_display = [
        "code",
        "name_latin",
        Column("name_km", label=gettext_lazy("Khmer")),
        Column("agency", label=gettext_lazy("Agency"), accessor=lambda row: row.agency_in("en")),
        "pass_type",
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        "registered_at",
    ]
    list_filter = ["edition", "pass_type", "state", "language"]
    list_export = [
        "code", "edition", "state", "honorific", "name_latin", "name_km", "position", "agency", "agency_name",
        "contact_name", "email", "phone", "pass_type", "language", "registered_at",
    ]  # fmt: skip
    index_view_class = FoldedSearch
    ordering = ["sort_key"]
    list_per_page = 50
    panels = [
        FieldRowPanel([FieldPanel("edition", read_only=True), FieldPanel("pass_type", read_only=True)]),
        FieldRowPanel([FieldPanel("code", read_only=True), FieldPanel("state", read_only=True)]),
        MultiFieldPanel(
            [FieldPanel("honorific"), FieldPanel("name_km"), FieldPanel("name_latin"), FieldPanel("position")],
            heading=gettext_lazy("Person"),
        ),
        MultiFieldPanel([FieldPanel("agency"), FieldPanel("agency_name")], heading=gettext_lazy("Agency")),
        MultiFieldPanel(
            [FieldPanel("contact_name"), FieldPanel("email"), FieldPanel("phone"), FieldPanel("language")],
            heading=gettext_lazy("Contact"),
        ),
    ]

    def get_queryset(self, request):
        return Registration.objects.with_names()


class QuotaViewSet(Rows):
    model = Quota
    icon = "list-ol"
    menu_label = gettext_lazy("Quotas")
    list_display = ["name", "edition", "taken", "size"]
    list_filter = ["edition"]
    panels = [FieldPanel("edition"), FieldPanel("name"), FieldPanel("size"), FieldPanel("taken", read_only=True)]

    def get_queryset(self, request):
        return Quota.objects.select_related("edition")


class PassTypeForm(WagtailAdminModelForm):
    """A pass draws on quotas of its own edition, the same from its first holder on: who leaves gives back what was taken."""

    def clean_quotas(self):
        quotas = self.cleaned_data["quotas"]
        edition = self.cleaned_data.get("edition")
        if edition and any(quota.edition_id != edition.pk for quota in quotas):
            raise ValidationError(_("A quota belongs to another edition."), code="other_edition")
        is_changed = self.instance.pk and set(quotas) != set(self.instance.quotas.all())
        if is_changed and self.instance.registrations.live().exists():
            raise ValidationError(_("People hold this pass already: its quotas stay as they are."), code="held")
        return quotas


class PassTypeViewSet(Rows):
    model = PassType
    icon = "tag"
    menu_label = gettext_lazy("Passes")
    list_display = ["name_en", "name_km", "edition", "is_public"]
    list_filter = ["edition"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("slug")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
        FieldRowPanel([FieldPanel("description_en"), FieldPanel("description_km")]),
        FieldRowPanel([FieldPanel("band"), FieldPanel("position")]),
        FieldPanel("quotas"),
        FieldPanel("is_public"),
    ]
    edit_handler = ObjectList(panels, base_form_class=PassTypeForm)

    def get_queryset(self, request):
        return PassType.objects.select_related("edition")


@hooks.register("register_snippet_listing_buttons")
def withdraw_button(instance, user, next_url=None):
    if isinstance(instance, Registration) and instance.is_live and user.has_perm("registration.change_registration"):
        yield Button(_("Withdraw"), url=reverse("registration_withdraw", args=[instance.pk]), icon_name="cross", priority=90)


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("registrations/<int:pk>/withdraw/", withdraw, name="registration_withdraw")]


@permission_required("registration.change_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    """Asks, then withdraws a person."""
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk)
    question = Question(
        title=_("Withdraw %(code)s") % {"code": registration.short_code},
        text=_("%(name)s (%(pass)s): the place goes back, and the badge is no longer valid.")
        % {"name": registration.name_latin, "pass": registration.pass_type.name},
        button=_("Withdraw"),
        done=_("%(code)s is withdrawn; the place is free again.") % {"code": registration.short_code},
        icon="user",
        is_serious=True,
    )
    back = RegistrationViewSet().get_url_name("list")
    return ask(request, question, back=back, act=lambda: signup.withdraw(registration=registration, user=request.user))


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("registration.register", gettext_lazy("Register"), gettext_lazy("Registered at the desk"))
    actions.register_action("registration.withdraw", gettext_lazy("Withdraw"), gettext_lazy("Withdrawn"))
