"""The page of the people for whom an address acts; the signed link is the key."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms import languages, limits
from cms.origin import public_form
from cms.privacy import personal
from forum.registration import acting
from forum.registration.models import Accreditation, Offer, Registration


@personal
@limits.misses("wrong_link")
@require_safe
def people(request, edition, token):
    """Those for whom the address acts at this moment, with what is due of each; the queries are as many for any number."""
    link = acting.find_by_token(token)
    if not link.is_open:
        return render(request, "registration/acting_over.html", {"edition": link.edition}, status=410)
    found = list(acting.people_of(link).with_names().in_order())
    found.sort(key=lambda person: not person.is_live)
    lacking = Accreditation.objects.lacking([person for person in found if person.is_live])
    offers = dict(Offer.objects.filter(registration__in=found, state=Offer.State.OPEN).values_list("registration", "until"))
    rows = [
        {
            "person": person,
            "honorific": person.honorific_in(languages.current()),
            "offered_until": offers.get(person.pk),
            "due": _due(person, offers, lacking),
        }
        for person in found
    ]
    return render(request, "registration/acting.html", {"edition": link.edition, "rows": rows, "token": token})


def _due(person, offers, lacking) -> list[str]:
    """What waits for a word or a hand of who acts."""
    if not person.is_live or person.edition.is_over:
        return []
    missing = ", ".join(map(str, lacking.get(person.pk, [])))
    due = {
        _("Pay for the place"): person.is_held and not person.delegation_id,
        _("Reply to the offer of a place"): person.pk in offers,
        _("Still missing: %(missing)s") % {"missing": missing}: missing,
        _("Say whether they come"): person.is_coming and person.coming == Registration.Coming.ASKED,
    }
    return [words for words, is_due in due.items() if is_due]


@personal
@limits.misses("wrong_link")
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request, edition, token):
    """Asks once, then mails a new link; this one opens nothing from then on."""
    link = acting.find_by_token(token)
    if request.method == "POST":
        acting.renew(link=link)
        return redirect("register:sent", link.edition.slug)
    return render(request, "registration/acting_renew.html", {"edition": link.edition, "link": link, "token": token})
