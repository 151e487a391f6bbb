"""Answering an invitation."""

from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms import limits
from cms.models import Edition
from cms.privacy import personal
from exhibitors.models import Invitation
from forum.accounts import joining
from forum.accounts.forms import OpenAccountForm


@sensitive_post_parameters("password")
@personal
@limits.misses("wrong_link")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """One page for every reader of the letter: join, sign in first, or open an account."""
    row = get_object_or_404(Invitation.objects.select_related("agency"), token=token)
    if row.is_open and request.user.is_authenticated:
        return _join(request, row)
    if row.is_open and not joining.has_account(row.email):
        return _open_account(request, row)
    return _page(request, row)


def _join(request, invitation):
    """The person is signed in: one button, if the letter was written to them."""
    refusal = None
    if request.method == "POST":
        try:
            joining.join(invitation=invitation, user=request.user)
            return redirect("desks:agency", invitation.agency.code)
        except ValidationError as caught:
            refusal = caught
    return _page(request, invitation, is_addressee=joining.is_addressee(request.user, invitation), refusal=refusal)


def _open_account(request, invitation):
    typed = request.POST if request.method == "POST" else None
    form = OpenAccountForm(typed, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            user = joining.open_account(invitation=invitation, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return perform_login(request, user, redirect_url=reverse("desks:agency", args=[invitation.agency.code]))
    return _page(request, invitation, form=form)


def _page(request, invitation, **context):
    context |= {"invitation": invitation, "agency": invitation.agency, "edition": Edition.objects.current()}
    return render(request, "accounts/invitation.html", context)
