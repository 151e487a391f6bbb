"""How the organisers work with the programme."""

from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from agenda import back_office, back_office_acts
from agenda.models import Room, Speaker


class ProgrammeGroup(SnippetViewSetGroup):
    menu_label = _("Programme")
    menu_icon = "calendar-alt"
    menu_order = 200
    items = (back_office.Sessions, back_office.Speakers, back_office.Rooms, back_office.Tracks)


register_snippet(ProgrammeGroup)


@hooks.register("register_admin_urls")
def act_addresses():
    return [
        path("programme/sessions/<int:pk>/place/", back_office_acts.place, name="programme_place"),
        path("programme/sessions/<int:pk>/cancel/", back_office_acts.cancel, name="programme_cancel"),
    ]


@hooks.register("before_delete_snippet")
def keep_who_and_where(request, instances):
    """A room or speaker of the programme stays; the database would refuse too, but with an error page."""
    used = [row for row in instances if _is_used(row)]
    if not used:
        return None
    names = ", ".join(str(row) for row in used)
    messages.error(request, _("%(names)s: still in the programme, so not deleted.") % {"names": names})
    return redirect(used[0].snippet_viewset.get_url_name("list"))


def _is_used(row) -> bool:
    return (isinstance(row, Room) and row.slots.exists()) or (isinstance(row, Speaker) and row.roles.exists())


@hooks.register("register_log_actions")
def histories(actions):
    actions.register_action("agenda.import", _("Import a programme"), _("Brought in a programme from a file"))
    actions.register_action("agenda.cancel", _("Cancel a session"), _("Cancelled the session"))

    @actions.register_action("agenda.place")
    class Placed(LogFormatter):
        label = _("Give a room and time")

        def format_message(self, log_entry):
            return _("Placed in %(room)s on %(starts_at)s") % log_entry.data
