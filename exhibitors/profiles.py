"""How an agency presents itself, whichever forum it comes to."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import images
from cms.models import Edition
from exhibitors import representing
from exhibitors.models import Agency


@transaction.atomic
def describe(
    *,
    agency: Agency,
    user,
    about_en: str,
    about_km: str,
    website: str,
    new_logo: ContentFile | None = None,
    without_logo: bool = False,
) -> Agency:
    """The profile as its managers write it, or those of its pavilion; the names are the organisers' to change. A
    ``new_logo`` that was drawn anew takes the place of the one before."""
    agency = managed(agency, user)
    agency.about_en, agency.about_km, agency.website = about_en, about_km, website
    changed = put_logo(agency, new_logo, without_logo)
    agency.save(update_fields=["about_en", "about_km", "website", *changed])
    data = representing.on_behalf(user, agency) | {"logo": bool(changed)}
    log(instance=agency, action="exhibitors.describe", user=user, data=data)
    return agency


def managed(agency: Agency, user, edition: Edition | None = None) -> Agency:
    """The agency, locked, for somebody who may write in its name, of this edition; others are refused with ``forbidden``."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not representing.may_act(user, agency, edition):
        raise ValidationError(_("You may look at this profile but not change it."), code="forbidden")
    return agency


def put_logo(agency: Agency, new: ContentFile | None, without: bool = False) -> list[str]:
    """Puts ``new`` in the place of the agency's logo, or takes that away; whoever calls saves the fields that it names.
    The files before go when that is certain."""
    if not (new or (without and agency.logo)):
        return []
    before = [(file.storage, file.name) for file in (agency.logo, agency.shown_logo) if file]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in before])
    agency.logo = new or ""
    agency.shown_logo = images.on_a_plate(new.read()) if new else ""
    if new:
        new.seek(0)
    return ["logo", "shown_logo"]
