"""What stands on a badge: from the person, the pass and its layout to a face that can be drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agenda.models import Slot
from cms import dates
from cms.models import Edition
from cms.prepared import Prepared
from forum.badges.models import Badge, BadgeLayout
from forum.badges.rendering import Back, BadgeFace, Design
from forum.registration import accrediting
from forum.registration.models import AccessZone, Accreditation, PassType, Registration


@dataclass(frozen=True)
class Drawable:
    """A face without its photo, and where the photo is: its name tells one from another, so that it is read only where it
    is drawn."""

    face: BadgeFace
    photo: Accreditation | None = None

    @property
    def photo_name(self) -> str:
        return self.photo.photo.name if self.photo else ""

    def whole(self) -> BadgeFace:
        photo = accrediting.read_photo(self.photo) if self.photo else None
        return replace(self.face, photo=photo) if photo else self.face


_zones = Prepared(lambda pass_type: AccessZone.objects.filter(pass_types=pass_type), pass_type=int)


class Designs:
    """The designs of the passes of one edition, each made once for each language; ``layout`` instead of theirs."""

    def __init__(self, edition: Edition, layout: BadgeLayout | None = None):
        self.edition, self.layout = edition, layout
        self.layouts = {None: layout} if layout else BadgeLayout.objects.by_pass(edition)
        self.made, self.files, self.zones = {}, {}, {}

    def of(self, pass_type: PassType, language: str) -> Design:
        key = (pass_type.pk, language)
        if key not in self.made:
            layout = self.layouts.get(pass_type.pk) or self.layouts.get(None)
            with translation.override(language):
                self.made[key] = self._design(layout, pass_type) if layout else Design()
        return self.made[key]

    def zones_of(self, pass_type: PassType) -> list:
        if pass_type.pk not in self.zones:
            self.zones[pass_type.pk] = _zones(pass_type=pass_type.pk)
        return self.zones[pass_type.pk]

    def _design(self, layout, pass_type) -> Design:
        return Design(
            shape=layout.shape,
            ground=layout.ground,
            accent=layout.accent,
            fields=tuple(layout.order),
            emblem=self._read(layout.emblem),
            has_photo=layout.has_photo,
            back=self._back(layout, pass_type),
        )

    def _back(self, layout, pass_type) -> Back | None:
        title = f"{self.edition.short_name} · {self.edition.dates}"
        if layout.back == BadgeLayout.Back.PROGRAMME:
            return Back(title=title, lines=tuple(programme(self.edition, pass_type)))
        if layout.back == BadgeLayout.Back.TEXT:
            return Back(title=title, lines=tuple((line, False) for line in layout.back_text.splitlines() if line.strip()))
        if layout.back == BadgeLayout.Back.PICTURE and layout.back_picture:
            return Back(title=title, picture=self._read(layout.back_picture))
        return None

    def _read(self, file) -> bytes:
        """Nothing where it is gone: a badge without its emblem is better than none."""
        if not file:
            return b""
        if file.name not in self.files:
            try:
                with file.open() as opened:
                    self.files[file.name] = opened.read()
            except FileNotFoundError:
                self.files[file.name] = b""
        return self.files[file.name]


def programme(edition: Edition, pass_type: PassType) -> Iterator[tuple[str, bool]]:
    """The public sessions of the pass's days, in the reader's language: (line, whether it is a heading)."""
    before = None
    for slot in Slot.objects.public(edition).filter(is_cancelled=False).select_related("session"):
        day = edition.day_of(slot.starts_at)
        if not pass_type.is_valid_on(day):
            continue
        if day != before:
            yield dates.weekday(day), True
            before = day
        yield f"{dates.clock(localtime(slot.starts_at, edition.zone))}  {slot.session.title}", False


def drawables(badges: Iterable[Badge], *, layout: BadgeLayout | None = None) -> list[Drawable]:
    """What is to be drawn, in the order given. ``badges`` are of one edition and come with ``registration`` and its names;
    ``layout`` instead of that of each pass."""
    badges = list(badges)
    if not badges:
        return []
    designs = Designs(badges[0].registration.edition, layout)
    faces = [face(badge.registration, designs, code=badge.spoken, token=str(badge.token)) for badge in badges]
    pictured = [badge.registration for badge, each in zip(badges, faces, strict=True) if each.design.has_photo]
    photos = accrediting.photos_of(pictured) if pictured else {}
    return [Drawable(each, photos.get(badge.registration_id)) for badge, each in zip(badges, faces, strict=True)]


def face(person: Registration, designs: Designs, *, code: str, token: str) -> BadgeFace:
    """In the person's language, where it is not in both."""
    edition, pass_type = designs.edition, person.pass_type
    agency_km, agency_en = person.agency_in("km"), person.agency_in("en")
    design = designs.of(pass_type, person.language)
    with translation.override(person.language):
        return BadgeFace(
            edition_name_en=edition.short_name_en,
            edition_name_km=edition.short_name_km,
            dates=edition.dates,
            honorific_km=person.honorific_in("km") if person.name_km else "",
            name_km=person.name_km,
            honorific_en=person.honorific_in("en"),
            name_en=person.name_latin,
            position=person.position,
            agency_km=agency_km,
            agency_en=agency_en if agency_en != agency_km else "",  # typed by hand it is one in both
            pass_name_km=pass_type.name_km,
            pass_name_en=pass_type.name_en,
            band=pass_type.band,
            zones=tuple(zone.name for zone in designs.zones_of(pass_type)),
            days=pass_type.days_written,
            code=code,
            token=token,
            mark=_("Demonstration: opens no real door") if edition.is_demonstration else "",
            design=design,
        )
