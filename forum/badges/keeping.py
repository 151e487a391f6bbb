"""Badges that are drawn already, so that a desk waits for nothing; one that is no longer right cannot come out."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pikepdf
import weasyprint
from django.core.files.base import ContentFile
from django.db import transaction

from cms import fitting, fonts, pdf, pdf_pages, qr
from cms.models import Edition
from cms.prepared import Prepared
from forum.badges import facing, imposing, painting, rendering, shapes
from forum.badges.models import BATCHES, FOLDER, PICTURES, Badge, BadgeBatch, BadgeLayout, BatchPart, KeptBadge
from forum.registration.purging import Due, lost_files, remove

AT_ONCE = 500
DRAWING = (fitting, fonts, pdf, pdf_pages, qr, imposing, painting, rendering, shapes)

logger = logging.getLogger(__name__)


def paper(badge: Badge) -> bytes:
    """The badge as PDF: as it is kept, where that is what would be drawn now; else drawn, and kept for the next time."""
    (drawable,) = facing.drawables([badge])
    kept = _kept.first(badge=badge.pk)
    is_right = kept and kept.digest == digest_of(drawable)
    return (is_right and kept.read()) or draw(badge, drawable)


_kept = Prepared(lambda badge: KeptBadge.objects.filter(badge=badge), badge=int)


def draw(badge: Badge, drawable: facing.Drawable) -> bytes:
    """Draws and keeps it. Whoever waits for a badge gets it, also where it cannot be kept."""
    face = drawable.whole()
    content = rendering.render([face], badge.registration.language)
    if bool(drawable.photo) == bool(face.photo):  # not where the photo's file could not be read this time
        try:
            _keep(badge, digest_of(drawable), content)
        except Exception:
            logger.exception("A badge could not be kept; it is drawn again the next time")
    return content


def stale(badges: Iterable[Badge]) -> list[tuple[Badge, facing.Drawable]]:
    """Those that are not kept as they would be drawn now."""
    badges = list(badges)
    kept = dict(KeptBadge.objects.filter(badge__in=badges).values_list("badge", "digest"))
    drawables = zip(badges, facing.drawables(badges), strict=True)
    return [(badge, drawable) for badge, drawable in drawables if kept.get(badge.pk) != digest_of(drawable)]


def digest_of(drawable: facing.Drawable) -> str:
    """Of all that decides how a badge looks. The file of another photo has another name."""
    design = drawable.face.design
    pictures = (design.emblem, design.back.picture if design.back else b"")
    parts = (drawn_by(), repr(drawable.face).encode(), drawable.photo_name.encode(), *pictures)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@cache
def drawn_by() -> bytes:
    """The code and the fonts that draw, so that an update leaves nothing drawn the old way."""
    files = [*(Path(module.__file__) for module in DRAWING), fonts.KHMER, fonts.LATIN]
    versions = [weasyprint.__version__.encode(), pikepdf.__version__.encode()]
    return b"".join(hashlib.sha256(part).digest() for part in (*(file.read_bytes() for file in files), *versions))


@transaction.atomic
def _keep(badge, digest, content):
    before = KeptBadge.objects.select_for_update().filter(badge=badge).first()
    name = KeptBadge.file.field.storage.save(f"{FOLDER}/{KeptBadge.new_name()}", ContentFile(content))
    transaction.on_commit(lambda: before and before.file.storage.delete(before.file.name))
    KeptBadge.objects.update_or_create(badge=badge, defaults={"digest": digest, "file": name})


def needless():
    """Those of people who have left, were erased or replaced, of badges that a reprint has ended, and of forums that are
    over."""
    over = [edition.pk for edition in Edition.objects.all() if edition.is_over]
    in_use = Badge.objects.valid().filter(registration__erased_at=None).exclude(registration__edition__in=over)
    return KeptBadge.objects.exclude(badge__in=in_use)


@transaction.atomic
def forget_some() -> int:
    """Deletes some of those that nobody needs any more, and their files once that is certain; how many."""
    rows = list(needless()[:AT_ONCE])
    KeptBadge.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: [row.file.storage.delete(row.file.name) for row in rows])
    return len(rows)


def due() -> Iterator[Due]:
    """What the purge tells and deletes of this room."""
    if number := needless().count():
        yield Due("badges kept ready that nobody needs", number, _forget_all)
    of_layouts = _names(BadgeLayout, "emblem"), _names(BadgeLayout, "back_picture")
    of_batches = _names(BadgeBatch, "file"), _names(BatchPart, "file")
    known = {*_names(KeptBadge, "file"), *chain(*of_layouts, *of_batches)}
    if files := lost_files((FOLDER, PICTURES, BATCHES), known):
        yield Due("files of badges that no row names", len(files), lambda: remove(files))


def _forget_all():
    while forget_some():
        pass


def _names(model, field) -> Iterable[str]:
    return model.objects.exclude(**{field: ""}).values_list(field, flat=True)
