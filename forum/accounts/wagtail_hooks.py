"""What administrators do with people, beside what Wagtail has for it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter

from cms.back_office import Question, ask
from forum.accounts import back_office, doorkeeping, factors

# What the history calls a change of what somebody signs in with, by the letter that tells them.
CHANGED = {
    "email_changed": gettext_lazy("E-mail address changed"), "email_deleted": gettext_lazy("E-mail address removed"),
    "password_changed": gettext_lazy("Password changed"), "recovery_codes_generated": gettext_lazy("Recovery codes made"),
    "totp_activated": gettext_lazy("Authenticator app set up"),
    "totp_deactivated": gettext_lazy("Authenticator app removed"),
    "webauthn_added": gettext_lazy("A passkey was added"), "webauthn_removed": gettext_lazy("A passkey was removed"),
}  # fmt: skip


@hooks.register("register_user_listing_buttons")
def take_away_button(user, request_user):
    if request_user.is_superuser and user != request_user:
        address = reverse("accounts_take_away_factor", args=[user.pk])
        yield Button(_("Take away the second factor"), url=address, icon_name="key", priority=80)


@hooks.register("register_admin_urls")
def addresses():
    return [
        path("people/<int:pk>/take-away-factor/", take_away_factor, name="accounts_take_away_factor"),
        path("history/", back_office.HistoryView.as_view(), name="history"),
        path("history/results/", back_office.HistoryView.as_view(results_only=True), name="history_results"),
    ]


@hooks.register("register_reports_menu_item")
def history_in_menu():
    return back_office.HistoryMenuItem(
        gettext_lazy("History"), reverse_lazy("history"), name="history", icon_name="history", order=1000
    )


@hooks.register("construct_reports_menu")
def one_history(request, menu_items):
    """Who may read all of it needs no second one of Wagtail's, which shows less."""
    if request.user.has_perm(back_office.PERMISSION):
        menu_items[:] = [item for item in menu_items if item.name != "site-history"]


@hooks.register("register_permissions")
def permission_in_forms():
    return Permission.objects.filter(content_type__app_label="accounts", codename="view_history")


@hooks.register("after_create_user")
@hooks.register("after_edit_user")
def note_roles(request, user):
    doorkeeping.note_roles(user, by=request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def take_away_factor(request, pk):
    """Asks, then takes it; for administrators alone, since it halves the lock of an account."""
    if not request.user.is_superuser:
        raise PermissionDenied("for administrators")
    person = get_object_or_404(get_user_model(), pk=pk)
    question = Question(
        title=_("Take away the second factor of %(person)s") % {"person": person},
        text=_(
            "For somebody who has lost telephone and recovery codes. Make sure it is they who ask, not by e-mail alone: "
            "afterwards the password is enough to sign in and set up a new one. They are told by mail."
        ),
        button=_("Take away the second factor"),
        done=_("%(person)s has no second factor any more.") % {"person": person},
        icon="key",
        is_serious=True,
    )
    return ask(
        request, question, back="wagtailusers_users:index", act=lambda: factors.take_away(person=person, by=request.user)
    )


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("accounts.sign_in", gettext_lazy("Sign in"), gettext_lazy("Signed in"))
    actions.register_action("accounts.sign_out", gettext_lazy("Sign out"), gettext_lazy("Signed out"))
    actions.register_action(
        "accounts.sign_in_failed", gettext_lazy("Fail to sign in"), gettext_lazy("Somebody failed to sign in")
    )
    actions.register_action(
        "accounts.factor_failed",
        gettext_lazy("Fail to show the second factor"),
        gettext_lazy("The password was right, the second factor was not"),
    )

    @actions.register_action("accounts.change")
    class Changed(LogFormatter):
        label = gettext_lazy("Change what one signs in with")

        def format_message(self, log_entry):
            what = log_entry.data["what"]
            return str(CHANGED.get(what) or what.replace("_", " ").capitalize())

    @actions.register_action("accounts.roles")
    class GivenRoles(LogFormatter):
        label = gettext_lazy("Give roles")

        def format_message(self, log_entry):
            given = list(log_entry.data["roles"]) + [_("administrator")] * log_entry.data["administrator"]
            said = ", ".join(given) or _("none")
            return _("Roles: %(roles)s") % {"roles": said} + ("" if log_entry.data["active"] else _("; may not sign in"))

    actions.register_action(
        "accounts.take_away_factor", gettext_lazy("Take away the second factor"), gettext_lazy("Took away the second factor")
    )
