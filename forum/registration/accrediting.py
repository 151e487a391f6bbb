"""What security and the badge need to know of a person: given, changed, shown to few, forgotten soon."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.registration import emails, presenting
from forum.registration.models import Accreditation, Registration, Step

DOCUMENT = ("sex", "born_on", "nationality", "document_kind", "document_number")


@transaction.atomic
def give(*, registration: Registration, photo: File | None = None, user=None, **document) -> Registration:
    """Keeps what the pass asks for; ``document`` has the keys of ``DOCUMENT`` or none, and a ``photo`` takes the place of
    the one before. The history names what changed, not to what. Where security has cleared the person already, a new round
    begins.

    Refuses with codes ``withdrawn``, ``over`` and ``not_asked``.
    """
    Registration.objects.select_for_update().get(pk=registration.pk)  # without joins, as in ``editing.edit``
    row = Registration.objects.with_names().get(pk=registration.pk)
    _refuse(row)
    before = Accreditation.objects.filter(pk=row.pk).first()
    given = before or Accreditation(registration=row)
    wanted = {name: document[name] for name in DOCUMENT if name in document} if row.pass_type.asks_document else {}
    changed = [name for name, value in wanted.items() if getattr(given, name) != value]
    for name in changed:
        setattr(given, name, wanted[name])
    if photo:
        changed.append("photo")
        _delete_later([given])
        given.photo = photo
    if not changed:
        return row
    given.version += before is not None
    given.save(force_insert=before is None)
    log(instance=row, action="registration.accredit", user=user, data={"changed": sorted(changed)})
    present_again(row)
    return row


def take_over(*, keep: Registration, other: Registration, document: bool, photo: bool) -> list[str]:
    """Of two registrations of one person: what is chosen of the other's becomes that of ``keep``, as far as its pass asks
    for it; what changed. Both are locked and live. What the other has left goes with its end."""
    given = Accreditation.objects.filter(pk=other.pk).first()
    document = document and given and given.document_number and keep.pass_type.asks_document
    photo = photo and given and given.photo and keep.pass_type.asks_photo
    if not (document or photo):
        return []
    before = Accreditation.objects.filter(pk=keep.pk).first()
    kept = before or Accreditation(registration=keep)
    if document:
        for name in DOCUMENT:
            setattr(kept, name, getattr(given, name))
    if photo:
        _delete_later([kept])
        kept.photo = given.photo.name
        # The file is the other's no more, or it would be deleted with the row.
        Accreditation.objects.filter(pk=other.pk).exclude(document_number="").update(photo="")
        Accreditation.objects.filter(pk=other.pk, document_number="").delete()
    kept.version += before is not None
    kept.save(force_insert=before is None)
    return [name for name, is_taken in (("document", document), ("photo", photo)) if is_taken]


def _refuse(row):
    if not row.is_live:
        raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
    if row.edition.is_over:
        raise ValidationError(_("This forum is over."), code="over")
    if not row.pass_type.asks_photo:
        raise ValidationError(_("This pass needs no clearance and no photo."), code="not_asked")


def present_again(row: Registration) -> None:
    """What security saw is no longer so. The other offices saw none of it, so only security is asked."""
    if not row.decisions.filter(round=row.round, step=Step.SECURITY, is_yes=True).exists():
        return
    presenting.begin_again(row, after=Step.ORGANISER)
    Registration.objects.filter(pk=row.pk).update(**presenting.columns(row))
    emails.send_confirmation(row)


def of(registration: Registration) -> Accreditation | None:
    found = Accreditation.objects.filter(pk=registration.pk).first()
    if found:
        found.registration = registration
    return found


def lacks(registration: Registration) -> list[str]:
    """What is still missing, in words."""
    return Accreditation.objects.lacking([registration]).get(registration.pk, [])


def has_photo(registration: Registration) -> bool:
    is_asked = registration.pass_type.asks_photo
    return is_asked and Accreditation.objects.filter(pk=registration.pk).exclude(photo="").exists()


def photo_of(registration: Registration) -> bytes | None:
    """The portrait as JPEG, 3:4 (``cms.images.PORTRAIT``); None where there is none."""
    given = photos_of([registration]).get(registration.pk)
    return given and read_photo(given)


def photos_of(registrations: Iterable[Registration]) -> dict[int, Accreditation]:
    """What holds the photo of each who has given one. The file of another photo has another name."""
    people = [registration.pk for registration in registrations]
    return {given.pk: given for given in Accreditation.objects.filter(pk__in=people).exclude(photo="")}


def read_photo(given: Accreditation) -> bytes | None:
    try:
        with given.photo.open() as file:
            return file.read()
    except FileNotFoundError:
        return None


def forget(people: Iterable[int]) -> int:
    """Deletes the rows of these registrations, and their photos once that is certain; how many."""
    rows = list(Accreditation.objects.filter(pk__in=list(people)))
    if not rows:
        return 0
    _delete_later(rows)
    Accreditation.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _delete_later(rows):
    files = [(row.photo.storage, row.photo.name) for row in rows if row.photo]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
