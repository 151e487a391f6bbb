"""Acts upon the keys that sign badges, each asked for before it is done."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cms import back_office
from cms.back_office import ask
from cms.fields import Line
from forum.badges import keys
from forum.badges.models import SigningKey

LIST = "wagtailsnippets_badges_signingkey:list"


@permission_required("badges.rotate_signingkey", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def rotate_key(request, pk):
    """Another key signs from now on."""
    key = get_object_or_404(SigningKey.objects.select_related("edition"), pk=pk, retired_at=None)
    question = back_office.Question(
        title=_("Take another key instead of %(code)s") % {"code": key.code},
        text=_("Badges made from now on are signed with a new key. Those signed with this one stay valid."),
        button=_("Take another key"),
        done=_("Another key signs now."),
        icon="key",
    )
    return ask(request, question, back=LIST, act=lambda: keys.rotate(edition=key.edition, user=request.user))


class RevokeForm(forms.Form):
    reason = Line(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stands in the history.")
    )  # fmt: skip


@permission_required("badges.rotate_signingkey", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_key(request, pk):
    """For a key that somebody else may have."""
    key = get_object_or_404(SigningKey.objects.select_related("edition"), pk=pk, revoked_at=None)
    question = back_office.Question(
        title=_("Revoke key %(code)s") % {"code": key.code},
        text=_("Every badge signed with it is refused at the gates from now on and must be printed anew. Do so only where "
               "somebody else may have the key."),
        button=_("Revoke the key"),
        done=_("The key is revoked. Print the badges anew."),
        icon="key",
        is_serious=True,
    )  # fmt: skip
    return ask(
        request,
        question,
        back=LIST,
        form=RevokeForm(request.POST if request.method == "POST" else None),
        act=lambda reason: keys.revoke(key=key, reason=reason, user=request.user),
    )
