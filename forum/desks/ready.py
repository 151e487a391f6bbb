"""The page of an exhibitor's desk that tells what is due and when."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.models import Edition
from cms.privacy import personal
from forum.desks import readiness
from forum.desks.exhibitor_views import find_membership


@personal
@login_required
@require_safe
def overview(request, agency, edition):
    membership, edition = find_membership(request, agency), Edition.objects.get_or_404(edition)
    standing = readiness.of_agency(membership.agency, edition)
    context = {"membership": membership, "agency": membership.agency, "edition": edition, "standing": standing}
    return render(request, "desks/exhibitor/ready.html", context)
