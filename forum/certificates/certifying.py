"""Issuing the certificate of who was there: on which days, as the gates saw it, and in nothing else's words."""

import datetime
import json
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.models import Edition
from forum.certificates import drawing
from forum.certificates.models import Certificate
from forum.checkin import attending
from forum.checkin.models import Scan, Way
from forum.documents import issuing
from forum.documents.models import FOLDER, IssuedDocument
from forum.registration.honorifics import Form
from forum.registration.models import Registration
from forum.registration.purging import Due, lost_files, remove

AT_ONCE = 500


def may_have_come(edition: Edition) -> bool:
    """Whether gates may have let anybody in by now; a demonstration is tried on any day."""
    return edition.is_demonstration or edition.opens_on <= edition.today


def has_come(registration: Registration) -> bool:
    return may_have_come(registration.edition) and _seen(registration).exists()


def days_of(registration: Registration) -> list[datetime.date]:
    """Those on which a gate let the person in."""
    return sorted(set(_seen(registration).values_list("day", flat=True)))


def _seen(registration):
    return Scan.objects.admitted(registration).filter(way=Way.IN)


def certify(*, registration: Registration, user=None) -> IssuedDocument:
    """The certificate, issued anew where there are more days or another name by now. Refuses with ``nobody`` who has been
    made nameless, and with ``absent`` who was let in at no gate."""
    if registration.erased_at:
        raise ValidationError(_("The name was deleted: nobody is left to whom this could be certified."), code="nobody")
    days = days_of(registration)
    if not days:
        raise ValidationError(_("No gate has seen this person: there is nothing to certify."), code="absent")
    holder = {"registration": registration, "holder_no": registration.holder_no}
    before = Certificate.objects.filter(**holder).select_related("document").first()
    facts = drawing.facts_of(registration, days, attending.stays(registration))
    document = issuing.issue(
        edition=registration.edition,
        kind=IssuedDocument.Kind.CERTIFICATE,
        holder=tuple(registration.addressed_in(language, Form.LETTER) for language in ("en", "km")),
        says=json.dumps(facts, sort_keys=True),
        draw=lambda link: drawing.draw(registration.edition, facts, link),
        before=before and before.document,
        user=user,
    )
    if before is None:
        return _keep(holder, document)
    if before.document_id != document.pk:
        Certificate.objects.filter(pk=before.pk).update(document=document)
    return document


def _keep(holder, document) -> IssuedDocument:
    try:
        with transaction.atomic():
            Certificate.objects.create(**holder, document=document)
        return document
    except IntegrityError:  # of two asked for at once the first stands
        issuing.discard(document)
        return Certificate.objects.select_related("document").get(**holder).document


def needless():
    """Those of people who have been made nameless."""
    return Certificate.objects.filter(registration__erased_at__isnull=False).exclude(document__file="")


def forget_some() -> int:
    """Takes name and bytes of some of them, and of all that they replaced; how many."""
    rows = list(needless().select_related("document")[:AT_ONCE])
    papers = [paper.pk for row in rows for paper in issuing.with_those_before(row.document)]
    issuing.forget(IssuedDocument.objects.filter(pk__in=papers))
    return len(rows)


def due() -> Iterator[Due]:
    """What the purge tells and deletes of this room, and of all papers."""
    if number := needless().count():
        yield Due("certificates of people who were made nameless", number, _forget_all)
    known = set(IssuedDocument.objects.exclude(file="").values_list("file", flat=True))
    if files := lost_files((FOLDER,), known):  # of a paper whose act came to nothing after it was drawn
        yield Due("files of papers that no row names", len(files), lambda: remove(files))


def _forget_all():
    while forget_some():
        pass
