"""What administrators do with people, beside what Wagtail has for it."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from cms.back_office import Question, ask
from forum.accounts import factors


@hooks.register("register_user_listing_buttons")
def take_away_button(user, request_user):
    if request_user.is_superuser and user != request_user:
        address = reverse("accounts_take_away_factor", args=[user.pk])
        yield Button(_("Take away the second factor"), url=address, icon_name="key", priority=80)


@hooks.register("register_admin_urls")
def addresses():
    return [path("people/<int:pk>/take-away-factor/", take_away_factor, name="accounts_take_away_factor")]


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
    actions.register_action(
        "accounts.take_away_factor", gettext_lazy("Take away the second factor"), gettext_lazy("Took away the second factor")
    )
