"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.urls import reverse


@login_required
def mine(request):
    """Sends each person to the desk that is theirs."""
    return HttpResponseRedirect(reverse("wagtailadmin_home"))
