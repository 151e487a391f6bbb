"""Two who edit the same thing: the second to save is told who was first, and loses nothing of what they typed.

Wagtail warns by script, and keeps only what it saves by script from covering a newer version. Here every save waits for
its turn and is refused once; the form comes back as it was typed, and saving it again is a decision. What the same person
saved meanwhile is no reason: Wagtail's script saves now and then what is being typed.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.admin.utils import quote
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.templatetags.wagtailadmin_tags import user_display_name
from wagtail.models import Page, Revision


def told(post: Callable) -> Callable:
    """``post`` of one of Wagtail's edit views, of pages or of snippets that keep versions."""

    @wraps(post)
    def post_in_turn(view, request, *args, **kwargs):
        row = _row(view)
        if not hasattr(row, "latest_revision_id"):
            return post(view, request, *args, **kwargs)
        with transaction.atomic():
            view.latest_revision = row.latest_revision = _newest_in_turn(row)
            opened = _opened(row, request.POST.get("loaded_revision_id", ""))
            other = _by_another(row, opened, request)
            if other is None:
                return post(view, request, *args, **kwargs)
            if view.expects_json_response:  # Wagtail tells its own script
                view.is_out_of_date = True
                return post(view, request, *args, **kwargs)
            _tell(view, row, opened, other)
            return _as_typed(view, row)

    return post_in_turn


def _row(view):
    return view.page if hasattr(view, "page") else view.object


def _newest_in_turn(row) -> Revision | None:
    """The newest version, while everybody else who saves the same thing waits."""
    model = Page if isinstance(row, Page) else type(row)
    newest = model._base_manager.select_for_update().values_list("latest_revision_id", flat=True).get(pk=row.pk)
    return newest and Revision.objects.select_related("user").get(pk=newest)


def _opened(row, number: str) -> Revision | None:
    """The version from which the form was made; None where it was made before there was any."""
    is_number = number.isascii() and number.isdigit()
    return row.revisions.filter(pk=number).first() if is_number else None


def _by_another(row, opened: Revision | None, request) -> Revision | None:
    """The newest version that somebody else has saved since; a newest one may have been written over, later."""
    since = row.revisions.filter(pk__gte=opened.pk if opened else 0).exclude(user=request.user).select_related("user")
    other = since.order_by("-pk").first()
    if other is None or other != opened:
        return other
    return None if other.created_at.isoformat() == request.POST.get("loaded_revision_created_at") else other


def _tell(view, row, opened: Revision | None, other: Revision):
    sentence = _(
        "%(who)s saved “%(title)s” at %(when)s, after you had opened it. What you typed stands below and is not saved "
        "yet. Saved again, it replaces theirs, which stays in the history."
    ) % {
        "who": user_display_name(other.user) if other.user else _("Somebody"),
        "title": other.object_str,
        "when": f"{localtime(other.created_at):%Y-%m-%d %H:%M}",
    }
    compare = [messages.button(_comparison(view, row, opened, other), _("See what they changed"), True)] if opened else []
    messages.error(view.request, sentence, buttons=compare)


def _comparison(view, row, opened: Revision, other: Revision) -> str:
    if isinstance(row, Page):
        return reverse("wagtailadmin_pages:revisions_compare", args=[row.pk, opened.pk, other.pk])
    return reverse(view.revisions_compare_url_name, args=[quote(row.pk), opened.pk, other.pk])


def _as_typed(view, row):
    """The form with all that was typed, as Wagtail shows it after any mistake."""
    view.request.POST = _with_lost_children_as_new(view, row)
    if not isinstance(row, Page):
        view.produced_error_message = None  # it is told already
        return view.form_invalid(view.get_form())
    view.form = view.form_class(
        view.request.POST,
        view.request.FILES,
        instance=row,
        subscription=view.subscription,
        parent_page=view.parent,
        for_user=view.request.user,
    )
    view.has_unsaved_changes = True
    return view.render_to_response(view.get_context_data())


def _with_lost_children_as_new(view, row):
    """Rows below this one, such as the people of a session, that the newer version has no more: Wagtail's form fails over
    the number of one that is gone, so here they have none, as new ones."""
    typed = view.request.POST.copy()
    form_class = view.form_class if isinstance(row, Page) else view.get_form_class()
    for name, formset in getattr(form_class, "formsets", {}).items():
        children = getattr(row, formset.fk.remote_field.get_accessor_name())
        present = {str(child.pk) for child in children.all()}
        for key in [key for key in typed if key.startswith(f"{name}-") and key.endswith("-id")]:
            place = key.removeprefix(f"{name}-").partition("-")[0]
            if typed.get(f"{name}-{place}-id") not in present:  # it, and what is below it
                typed[key] = ""
    return typed
