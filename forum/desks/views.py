"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from cms.models import Edition
from cms.privacy import personal

FLOOR_PERMISSIONS = ("badges.add_badgeprint", "checkin.add_scan")


@personal
@login_required
def mine(request):
    """Sends each person to the desk that is theirs; who has none, or several, is told what to do."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if any(request.user.has_perm(permission) for permission in FLOOR_PERMISSIONS):
        return redirect("/onsite/")
    agencies = list(request.user.agencies.all())
    if len(agencies) == 1:
        return redirect("desks:agency", agencies[0].code)
    return render(request, "desks/mine.html", {"agencies": agencies, "edition": Edition.objects.current()})
