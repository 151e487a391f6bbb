"""How an agency presents itself."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exhibitors.models import Agency


@transaction.atomic
def describe(*, agency: Agency, user, about_en: str, about_km: str, website: str) -> Agency:
    """The profile as its managers write it; the names are the organisers' to change."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not agency.memberships.filter(user=user, role="manager").exists():
        raise ValidationError(_("You may look at this profile but not change it."), code="forbidden")
    agency.about_en, agency.about_km, agency.website = about_en, about_km, website
    agency.save(update_fields=["about_en", "about_km", "website"])
    log(instance=agency, action="exhibitors.describe", user=user)
    return agency
