"""The back office as a whole: its menu, its face, its editions."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import path, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms import back_office_mail, editions, languages, overrides, standing_mail
from cms.back_office import NOT_SHOWN, Permitted, Question, Rows, ask
from cms.middleware import PARAMETER
from cms.models import Country, Edition

overrides.apply()

# Pages come first; the rooms' own groups stand at 200 to 500, each named in its room.
LAST = 100_000
MENU_ORDER = {"images": 600, "editions": 700, "countries": 710}
# Wagtail's own documents are no part of the forum, and its help leads to other sites.
NOT_IN_MENU = {"documents", "help"}
# What the history calls acts upon several rows.
IN_BULK = {
    "assign_role": gettext_lazy("Assign a role"), "decide": gettext_lazy("Decide"), "delete": gettext_lazy("Delete"),
    "publish": gettext_lazy("Publish"), "set_active_state": gettext_lazy("Open or close accounts"),
    "unpublish": gettext_lazy("Unpublish"),
}  # fmt: skip


@hooks.register("construct_main_menu")
def one_order(request, menu_items):
    menu_items[:] = [item for item in menu_items if item.name not in NOT_IN_MENU]
    for item in menu_items:
        item.order = MENU_ORDER.get(item.name, item.order)
    menu_items += [_in(code) for code in languages.CODES if code != languages.current()]


def _in(code: str) -> MenuItem:
    """Leads to the first page in another language, under that language's own name."""
    address = f"{reverse('wagtailadmin_home')}?{PARAMETER}={code}"
    return MenuItem(languages.OWN_NAMES[code], address, f"in-{code}", icon_name="comment", attrs={"lang": code}, order=LAST)


@hooks.register("construct_homepage_summary_items", order=1)
def no_documents(request, summary_items):
    summary_items[:] = [item for item in summary_items if type(item).__name__ != "DocumentsSummaryItem"]


@hooks.register("before_serve_document")
def documents_are_for_the_back_office(document, request):
    """Nothing that a public page shows is a document of Wagtail's; their addresses carry primary keys."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404("not public")


@hooks.register("insert_global_admin_css")
def face():
    """Wagtail's own fonts know no Khmer."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/back_office.css"))


def both(name: str, heading, **options) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(f"{name}_en"), FieldPanel(f"{name}_km")], heading=heading, **options)


class EditionViewSet(Rows):
    model = Edition
    icon = "date"
    menu_label = gettext_lazy("Editions")
    menu_name = "editions"
    menu_order = MENU_ORDER["editions"]
    add_to_admin_menu = True
    list_display = [
        "name_en",
        "slug",
        Column("dates", label=gettext_lazy("Days"), sort_key="opens_on"),
        BooleanColumn("is_current", label=gettext_lazy("Current")),
        BooleanColumn("is_demonstration", label=gettext_lazy("Demonstration")),
    ]
    list_export = ["slug", "name_en", "name_km", "opens_on", "closes_on", "venue_en", "venue_km", "is_current"]
    panels = [
        both("name", gettext_lazy("Name")),
        both("short_name", gettext_lazy("Short name")),
        FieldPanel("slug"),
        both("theme", gettext_lazy("Theme")),
        both("organiser", gettext_lazy("Organiser")),
        both("venue", gettext_lazy("Venue")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                FieldRowPanel([FieldPanel("time_zone"), FieldPanel("day_begins_at")]),
            ],
            heading=gettext_lazy("Days"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("registration_opens_at"), FieldPanel("registration_closes_at")]),
                FieldPanel("reminder_days"),
            ],
            heading=gettext_lazy("Registration"),
        ),
        FieldPanel("people_kept_days"),
        FieldPanel("contact_email"),
        FieldPanel("is_demonstration"),
    ]


class CountryViewSet(Rows):
    """The protocol's list; files of it keep the order of the language that one works in."""

    model = Country
    icon = "globe"
    menu_label = gettext_lazy("Country names")
    menu_name = "countries"
    menu_order = MENU_ORDER["countries"]
    add_to_admin_menu = True
    list_display = ["code", "name_en", Column("name_km", label=gettext_lazy("Khmer"), sort_key="sort_key_km"), "edition"]
    list_filter = ["edition"]
    list_export = ["edition", "code", "name_en", "name_km"]
    list_per_page = 100
    search_fields = ["code", "name_en", "name_km"]
    inspect_view_fields_exclude = [*NOT_SHOWN, "sort_key_en", "sort_key_km"]
    ordering = ["-edition__opens_on", "sort_key_en"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_km")]),
    ]

    def get_queryset(self, request):
        return Country.objects.select_related("edition")


register_snippet(EditionViewSet)
register_snippet(CountryViewSet)


@hooks.register("register_snippet_listing_buttons")
def make_current_button(instance, user, next_url=None):
    if isinstance(instance, Edition) and not instance.is_current and user.has_perm("cms.change_edition"):
        yield Button(
            _("Make current"), url=reverse("edition_make_current", args=[instance.pk]), icon_name="pick", priority=80
        )


@hooks.register("register_admin_urls")
def act_addresses():
    return [
        path("editions/<int:pk>/make-current/", make_current, name="edition_make_current"),
        path("mail/", back_office_mail.unsent, name="mail_unsent"),
        path("mail/again/", back_office_mail.again, name="mail_again"),
    ]


@hooks.register("register_reports_menu_item")
def unsent_mail_in_menu():
    return Permitted(gettext_lazy("Unsent mail"), reverse_lazy("mail_unsent"), "mail", "post_office.view_email")


@hooks.register("construct_homepage_panels")
def warn_of_mail(request, panels):
    panels[:0] = standing_mail.warning(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("cms.change_edition", raise_exception=True)
def make_current(request, pk):
    """Asks, then leads the short addresses to this edition."""
    edition = get_object_or_404(Edition, pk=pk)
    question = Question(
        title=_("Make %(edition)s the current edition") % {"edition": edition.short_name},
        text=_("The front page and the short addresses, such as /en/agenda/, will lead to it."),
        button=_("Make current"),
        done=_("%(edition)s is the current edition.") % {"edition": edition.short_name},
        icon="date",
    )
    back = EditionViewSet().get_url_name("list")
    return ask(request, question, back=back, act=lambda: editions.make_current(edition=edition, user=request.user))


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("cms.send_again", gettext_lazy("Send again"), gettext_lazy("Mail that failed queued anew"))
    actions.register_action("cms.make_current", gettext_lazy("Make current"), gettext_lazy("Made the current edition"))

    @actions.register_action("cms.export")
    class Exported(LogFormatter):
        label = gettext_lazy("Take out as a file")

        def format_message(self, log_entry):
            return _("Took out %(rows)s rows as %(format)s") % log_entry.data

    @actions.register_action("cms.bulk")
    class InBulk(LogFormatter):
        label = gettext_lazy("Act on several at once")

        def format_message(self, log_entry):
            return _("%(act)s, with others at once") % {"act": _named(log_entry.data["act"])}


def _named(act: str) -> str:
    return str(IN_BULK.get(act) or act.replace("_", " ").capitalize())


@hooks.register("before_bulk_action")
def write_bulk_acts(request, act, objects, view):
    """Wagtail writes down what is done to several pages at once, and nothing of other rows; within its transaction."""
    if issubclass(view.model, Page):
        return
    typed = {name: str(value) for name, value in view.cleaned_form.cleaned_data.items()}
    for row in objects:
        log(row, "cms.bulk", user=request.user, data={"act": act, "typed": typed}, deleted=act == "delete")
