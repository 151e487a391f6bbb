"""Issuing a paper, issuing it anew when what it says has changed, and revoking it."""

import hashlib
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from cms.refusals import beside
from forum.documents.models import FOLDER, IssuedDocument, link_of, new_code


def issue(
    *,
    edition: Edition,
    kind: str,
    holder: tuple[str, str],
    says: str,
    draw: Callable[[str], bytes],
    number: str = "",
    before: IssuedDocument | None = None,
    user=None,
) -> IssuedDocument:
    """The paper for ``holder`` (English, Khmer): ``before``, while it holds and says the same; else drawn and kept, and
    ``before`` is replaced by it.

    ``says`` is everything that the paper says but its code; ``draw`` makes the PDF, given the link that its QR holds. It is
    drawn outside any transaction of this act: a paper is there whole or not at all. Of two who replace the same paper at
    once one does, and the other gets that one's.
    """
    digest = hashlib.sha256(says.encode()).hexdigest()
    if before and before.is_current and before.says == digest and before.file:
        return before
    code = new_code()
    content = draw(link_of(code))
    storage = IssuedDocument.file.field.storage
    name = storage.save(f"{FOLDER}/{timezone.now():%Y/%m}/{code}.pdf", ContentFile(content))
    english, in_khmer = (words[:200] for words in holder)
    try:
        return _write(
            before,
            IssuedDocument(
                code=code, edition=edition, kind=kind, number=number, holder_en=english, holder_km=in_khmer, says=digest,
                sha256=hashlib.sha256(content).hexdigest(), file=name, issued_by=user,
            ),
        )  # fmt: skip
    except BaseException:
        storage.delete(name)
        raise


@transaction.atomic
def _write(before, document) -> IssuedDocument:
    if before:
        row = IssuedDocument.objects.select_for_update().get(pk=before.pk)
        if row.replaced_by_id:  # meanwhile; what was drawn here was given to nobody
            document.file.storage.delete(document.file.name)
            return _newest(row)
    document.save(force_insert=True)
    if before:
        IssuedDocument.objects.filter(pk=before.pk).update(replaced_by=document)
    return document


def _newest(document) -> IssuedDocument:
    while document.replaced_by_id:
        document = document.replaced_by
    return document


@transaction.atomic
def discard(document: IssuedDocument) -> None:
    """A paper that nobody was given, such as the second of two drawn at once; what it replaced holds again."""
    IssuedDocument.objects.filter(replaced_by=document).update(replaced_by=None)
    IssuedDocument.objects.filter(pk=document.pk).delete()
    transaction.on_commit(lambda: document.file.storage.delete(document.file.name))


@transaction.atomic
def revoke(*, document: IssuedDocument, reason: str, user=None) -> IssuedDocument:
    """From now on whoever checks the paper reads that it no longer holds, not why; once more changes nothing. Refuses with
    ``reason`` without one."""
    if not reason.strip():
        raise beside("reason", _("Say why."), "reason")
    row = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    if not row.revoked_at:
        row.revoked_at, row.reason = timezone.now(), reason.strip()
        row.save(update_fields=["revoked_at", "reason"])
        log(instance=row, action="documents.revoke", user=user, data={"reason": row.reason})
    return row


@transaction.atomic
def forget(documents) -> None:
    """Takes names and bytes of these papers, and the digest of their words, by which a number could be guessed; that they
    were issued stays, and whether they hold."""
    rows = list(documents.select_for_update())
    known = IssuedDocument.objects.filter(pk__in=[row.pk for row in rows])
    known.update(holder_en="", holder_km="", file="", says="")
    files = [(row.file.storage, row.file.name) for row in rows if row.file]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])


def with_those_before(document: IssuedDocument | None):
    """A paper and all that it replaced, the newest first."""
    while document:
        yield document
        document = IssuedDocument.objects.filter(replaced_by=document).first()


def find(typed: str) -> IssuedDocument | None:
    """The paper whose code was scanned or typed; None where there is none."""
    return IssuedDocument.objects.select_related("edition").filter(code=_code_in(typed)).first()


def _code_in(typed: str) -> str:
    """A code as it stands on paper, or in the address that the QR holds."""
    last = typed.strip().rstrip("/").rpartition("/")[2]
    return "".join(letter for letter in last.upper() if letter.isascii() and letter.isalnum())
