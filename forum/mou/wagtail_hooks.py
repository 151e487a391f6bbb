"""How protocol officers work with the register."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSetGroup

from cms.back_office import FoldedSearch, Question, Rows, ask
from forum.mou import signing
from forum.mou.forms import EventForm, MemorandumForm, SignForm, StrikeForm
from forum.mou.models import Memorandum

acted = require_http_methods(["GET", "HEAD", "POST"])


def acts(memorandum, user) -> list[tuple[str, str, str]]:
    """What this person may do with the memorandum: label, address, icon."""
    if not user.has_perm("mou.change_memorandum"):
        return []
    offered = [(_("Record a signature"), "mou_sign", "edit"), (_("Record an event"), "mou_record", "calendar")]
    offered += [(_("Strike a signature"), "mou_strike", "cross")]
    return [(label, reverse(name, args=[memorandum.pk]), icon) for label, name, icon in offered]


class EditMemorandum(EditView):
    """The form, with the acts that change what stands in the register."""

    @cached_property
    def header_buttons(self):
        found = acts(self.object, self.request.user)
        return [HeaderButton(label, url=url, icon_name=icon) for label, url, icon in found]


class MemorandumViewSet(Rows):
    model = Memorandum
    icon = "edit"
    menu_label = gettext_lazy("Register of memoranda")
    index_view_class = FoldedSearch
    list_display = [
        "title_en",
        "edition",
        Column("signed_on", label=gettext_lazy("Signed")),
        Column("state_label", label=gettext_lazy("State")),
        "is_published",
    ]
    list_filter = ["edition", "is_published"]
    list_export = ["code", "reference", "title_en", "title_km", "edition", "signed_on", "state", "source_url"]
    edit_view_class = EditMemorandum
    panels = [
        MultiFieldPanel([FieldPanel("title_en"), FieldPanel("title_km")], heading=gettext_lazy("Title")),
        FieldRowPanel([FieldPanel("edition"), FieldPanel("reference")]),
        InlinePanel(
            "parties",
            heading=gettext_lazy("Parties"),
            label=gettext_lazy("Party"),
            min_num=2,
            panels=[FieldPanel("agency"), FieldPanel("name_en"), FieldPanel("name_km")],
        ),
        MultiFieldPanel([FieldPanel("subject_en"), FieldPanel("subject_km")], heading=gettext_lazy("Subject")),
        FieldRowPanel([FieldPanel("place_en"), FieldPanel("place_km")]),
        InlinePanel("texts", heading=gettext_lazy("Authentic texts"), label=gettext_lazy("Language")),
        FieldPanel("source_url"),
        FieldPanel("is_published"),
    ]
    edit_handler = ObjectList(panels, base_form_class=MemorandumForm)

    def get_queryset(self, request):
        return Memorandum.objects.with_parties()


class MemorandaGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("Memoranda")
    menu_name = "memoranda"
    menu_icon = "edit"
    menu_order = 500
    items = (MemorandumViewSet,)


register_snippet(MemorandaGroup)
LIST = "wagtailsnippets_mou_memorandum:list"


@hooks.register("register_snippet_listing_buttons")
def act_buttons(instance, user, next_url=None):
    if isinstance(instance, Memorandum):
        for place, (label, url, icon) in enumerate(acts(instance, user)):
            yield Button(label, url=url, icon_name=icon, priority=80 + place)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("memoranda/<int:pk>/sign/", sign, name="mou_sign"),
        path("memoranda/<int:pk>/strike/", strike, name="mou_strike"),
        path("memoranda/<int:pk>/record/", record, name="mou_record"),
    ]


@acted
@permission_required("mou.change_memorandum", raise_exception=True)
def sign(request, pk):
    memorandum = get_object_or_404(Memorandum, pk=pk)
    question = Question(
        title=_("Record a signature"),
        text=memorandum.title,
        button=_("Record the signature"),
        done=_("The signature stands in the register."),
        icon="edit",
    )
    form = SignForm(request.POST or None, memorandum=memorandum)
    return ask(request, question, back=LIST, form=form, act=lambda **typed: signing.sign(user=request.user, **typed))


@acted
@permission_required("mou.change_memorandum", raise_exception=True)
def strike(request, pk):
    memorandum = get_object_or_404(Memorandum, pk=pk)
    question = Question(
        title=_("Strike a signature"),
        text=_("%(title)s: the party will stand as not having signed. For what was recorded in error only.")
        % {"title": memorandum.title},
        button=_("Strike the signature"),
        done=_("The signature is struck."),
        icon="cross",
        is_serious=True,
    )
    form = StrikeForm(request.POST or None, memorandum=memorandum)
    return ask(request, question, back=LIST, form=form, act=lambda **typed: signing.strike(user=request.user, **typed))


@acted
@permission_required("mou.change_memorandum", raise_exception=True)
def record(request, pk):
    memorandum = get_object_or_404(Memorandum, pk=pk)
    question = Question(
        title=_("Record an event"),
        text=memorandum.title,
        button=_("Record the event"),
        done=_("The event stands in the register."),
        icon="edit",
    )

    def act(**typed):
        return signing.record(memorandum=memorandum, user=request.user, **typed)

    return ask(request, question, back=LIST, form=EventForm(request.POST or None), act=act)


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("mou.sign", gettext_lazy("Record a signature"), gettext_lazy("A party signed"))
    actions.register_action("mou.strike", gettext_lazy("Strike a signature"), gettext_lazy("A signature was struck"))
    actions.register_action("mou.record", gettext_lazy("Record an event"), gettext_lazy("An event was recorded"))
