"""One mail with all links that an address receives, and the page of the people for whom it acts."""

import datetime
from collections.abc import Iterable

from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone

from cms import languages
from cms.models import Edition
from forum.registration import emails
from forum.registration.models import ActingLink, Registration, acted_for_by, acting_page

# A repeat within this time sends no second mail: nobody can fill another person's letter box through our form.
LINK_REST = datetime.timedelta(minutes=10)


def received_by(edition: Edition, address: str, language: str = "") -> list[Registration]:
    """Of whom messages go to this address now, in the order of names."""
    people = Registration.objects.live().of(edition).received_by(address).with_names()
    order = "sort_key_km" if (language or languages.current()) == "km" else "sort_key"
    return list(people.order_by(order, "pk"))


def people_of(link: ActingLink):
    """For whom the address acts now: the live first, then who left, each in the order of names."""
    return Registration.objects.of(link.edition).filter(acted_for_by(link.address), erased_at=None, merged_into=None)


@transaction.atomic
def send_links(*, edition: Edition, address: str, people: list[Registration]) -> None:
    """One mail that lists ``people``, unless one went to the address just now."""
    link, _is_new = ActingLink.objects.get_or_create(edition=edition, address=address)
    now = timezone.now()
    rested = ActingLink.objects.filter(Q(sent_at=None) | Q(sent_at__lt=now - LINK_REST), pk=link.pk)
    if rested.update(sent_at=now):
        link.refresh_from_db()
        emails.send_links(edition, link, address, people)


@transaction.atomic
def renew(*, link: ActingLink) -> None:
    """Mails a new link and lets this one die; of two who ask with the same old link one does."""
    if ActingLink.objects.filter(pk=link.pk, epoch=link.epoch).update(epoch=F("epoch") + 1, sent_at=timezone.now()):
        link.refresh_from_db()
        if people := received_by(link.edition, link.address):
            emails.send_links(link.edition, link, link.address, people)


def close(edition: Edition, addresses: Iterable[str]) -> None:
    """Lets the links of these addresses die: they would show an own page's new link to who has an old one."""
    ActingLink.objects.filter(edition=edition, address__in=list(addresses)).update(epoch=F("epoch") + 1, sent_at=None)


def forget(edition: Edition, addresses: Iterable[str]) -> None:
    """Deletes the rows of those addresses that nobody is reached at any more."""
    for address in addresses:
        known = Registration.objects.of(edition).filter(Q(email=address) | Q(contact_email=address))
        if not known.exists():
            ActingLink.objects.filter(edition=edition, address=address).delete()


def find_by_token(token: str) -> ActingLink:
    """404 for a forged or renewed link; one whose time is over is found, and says so itself."""
    try:
        code, epoch = acting_page.unsign(token).split(".")
        return ActingLink.objects.select_related("edition").get(code=code, epoch=epoch)
    except (signing.BadSignature, ValueError, ActingLink.DoesNotExist):
        raise Http404("no such link") from None
