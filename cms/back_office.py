"""How rows appear in the back office, above all those that only acts may make or change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib.auth import get_permission_codename
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import EditView, IndexView, InspectView, SnippetViewSet

from cms import addresses

# Keys for searching and sorting, secrets, and Wagtail's own bookkeeping: of no use to a reader, or not theirs.
NOT_SHOWN = [
    "id", "search_text", "sort_key", "sort_key_km", "person_key", "name_key", "khmer_key", "sound_key", "row_key", "token",
    "guid", "epoch", "latest_revision", "live_revision", "has_unpublished_changes", "expired", "locked", "locked_at",
    "locked_by",
]  # fmt: skip


class NarrowedPolicy(ModelPermissionPolicy):
    """Django's model permissions, less the actions that nobody has here, superusers included."""

    def __init__(self, model, without: frozenset[str]):
        super().__init__(model)
        self.without = without

    def user_has_permission(self, user, action):
        return action not in self.without and super().user_has_permission(user, action)


class FoldedSearch(IndexView):
    """A list searched as the public search is: in both scripts, words in any order."""

    is_searchable = True

    def get_edit_url(self, instance):
        if self.edit_url_name and self.user_has_permission("change"):
            return addresses.of_row(self.edit_url_name, instance.pk)

    def get_inspect_url(self, instance):
        if self.inspect_url_name and self.user_has_any_permission({"add", "change", "delete", "view"}):
            return addresses.of_row(self.inspect_url_name, instance.pk)

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query) if self.is_searching else queryset


def _is_nameless(field) -> bool:
    """Django has made up its name."""
    return not isinstance(field.verbose_name, Promise) and field.verbose_name == field.name.replace("_", " ")


class InspectLocally(InspectView):
    """Times in the organisers' zone, truths in words; a dash where there is nothing. A field to which its model gives no
    name in words is bookkeeping: nobody reads it. Where its model writes a field for people, that is shown."""

    def get_fields(self):
        nameless = {field.name for field in self.model._meta.fields if _is_nameless(field)}
        return [name for name in super().get_fields() if name not in nameless]

    def get_field_label(self, field_name, field):
        written = f"{field_name}_written"
        return super().get_field_label(written if hasattr(self.model, written) else field_name, field)

    def get_field_display_value(self, field_name, field):
        if hasattr(self.model, written := f"{field_name}_written"):
            return getattr(self.object, written) or "–"
        if getattr(self.object, field_name, "") is None:  # a choice would be called None, a picture shown as one
            return "–"
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, datetime):
            return localtime(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "–" if value in (None, "") else value


class Chooser(SnippetChooserViewSet):
    """Wagtail lets everybody in the back office choose among all rows; here only who may see them, and nobody makes
    rows in passing."""

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]

    def construct_view(self, view_class, **kwargs):
        name = get_permission_codename("view", self.model._meta)
        allowed = permission_required(f"{self.model._meta.app_label}.{name}", raise_exception=True)
        return allowed(super().construct_view(view_class, **kwargs))


class Rows(SnippetViewSet):
    """Rows that staff keep; who may see them but not change them reads one on a page of its own."""

    chooser_viewset_class = Chooser
    copy_view_enabled = False  # Wagtail's writes over the row that was to be copied
    inspect_view_enabled = True
    inspect_view_class = InspectLocally
    inspect_view_fields_exclude = NOT_SHOWN


class Labelled(WagtailFilterSet):
    """Filters under names of our own, by ``labels``, where Wagtail would string together those of rows and questions."""

    labels = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.filters[name].label = label


class EditTaken(EditView):
    """The form of rows of which people take some while staff type."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except IntegrityError:
            form.instance.refresh_from_db(fields=["taken"])
            form.full_clean()
            if self.is_valid(form):  # something else is wrong
                raise
            return self.form_invalid(form)


class MadeByActs(Rows):
    """Rows that come and go through their acts alone: the back office may correct what was typed."""

    without = frozenset({"add", "delete"})

    def on_register(self):
        register_permission_policy(self.model, NarrowedPolicy(self.model, self.without))
        super().on_register()


class ReadOnly(MadeByActs):
    """Records of what happened."""

    without = frozenset({"add", "change", "delete"})


class ByAct:
    """Wagtail's view of one row, whose ``save_instance`` calls an act: what it refuses stands beside the field."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class NothingToType(forms.Form):
    """The form of an act whose button is the whole question."""


@dataclass(frozen=True)
class Question:
    """What a page asks before an act, and what it says afterwards."""

    title: str
    text: str
    button: str
    done: str
    link: tuple[str, str] = ()  # an address to look at first, and its words
    icon: str = "snippet"
    is_serious: bool = False


def ask(request, question: Question, *, back: str, act: Callable, form: forms.Form | None = None):
    """The page behind a button: asks; on POST calls ``act`` with what was typed and goes ``back`` to that list, or says
    why not and loses nothing."""
    form = form or NothingToType(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, question.done)
            return redirect(back)
    return render(request, "cms/back_office/act.html", {"form": form, "question": question, "back": back})


class Permitted(MenuItem):
    """A page of its own, shown to those who have one of the permissions; after the lists."""

    def __init__(self, label, address, icon, *permissions):
        super().__init__(label, address, icon_name=icon, order=1_000)
        self.permissions = permissions

    def is_shown(self, request):
        return any(map(request.user.has_perm, self.permissions))
