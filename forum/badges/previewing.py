"""A layout with the people whom it must suit; and every badge that would lose words, before any prints."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from cms import fonts, languages
from cms.models import Edition
from forum.badges import facing, rendering, tokens
from forum.badges.models import BadgeLayout
from forum.registration import accrediting
from forum.registration.models import PassType, Registration

MEASURED = 30  # of the longest by letters, to find the widest on paper
AT_ONCE = 500
CODE = "XXXX-XXXX-XXXX"  # as wide as that of a badge, and of none

# Nobody; shown where nobody is registered yet.
NOBODY = [
    {
        "honorific": "excellency", "name_latin": "EXEMPLE Person-of-Considerable-Length",
        "name_km": "គំរូ ឈ្មោះវែងណាស់សម្រាប់សាកល្បង",
        "position": "Deputy Director General of the Department of Examples",
        "agency_name": "អគ្គនាយកដ្ឋានគំរូ និងឧទាហរណ៍នៃក្រសួងគំរូ", "language": "km",
    },
    {"honorific": "mr", "name_latin": "LY O", "name_km": "លី អូ", "position": "", "agency_name": "Agency", "language": "en"},
]  # fmt: skip


def passes_of(layout: BadgeLayout) -> QuerySet[PassType]:
    """Those that have this layout: its own, and all that have none where it is for the others."""
    own = Q(badge_layouts=layout)
    return PassType.objects.filter(own | Q(badge_layouts=None) if layout.is_for_others else own, edition=layout.edition_id)


def examples(layout: BadgeLayout) -> list[Registration]:
    """The people of the widest and the narrowest names in each script, of the widest agency and position; of the layout's
    passes, else of the edition. Nobody real where nobody is registered."""
    everybody = Registration.objects.of(layout.edition).coming().with_names()
    people = everybody.filter(pass_type__in=passes_of(layout).values("pk"))
    people = people if people.exists() else everybody
    found = [
        *_extremes(people, "name_latin", lambda person: person.name_latin),
        *_extremes(people.exclude(name_km=""), "name_km", lambda person: person.name_km),
        *_extremes(people.exclude(agency=None), "agency__name_km", lambda person: person.agency_in("km"))[:1],
        *_extremes(people, "position", lambda person: person.position)[:1],
    ]
    return list(dict.fromkeys(found)) or _nobody(layout)


def _extremes(people, column, read) -> list[Registration]:
    """The widest, and the narrowest, as they stand on paper."""
    longest = people.order_by(Length(column).desc(), "pk")[:MEASURED]
    shortest = people.order_by(Length(column), "pk")[:MEASURED]

    def width(person):
        return fonts.width(read(person), 700)

    return [pick(list(some), key=width) for pick, some in ((max, longest), (min, shortest)) if some]


def _nobody(layout) -> list[Registration]:
    pass_type = passes_of(layout).first() or PassType(edition=layout.edition, name_en="Delegate", name_km="ប្រតិភូ")
    return [Registration(edition=layout.edition, pass_type=pass_type, **person) for person in NOBODY]


def preview(layout: BadgeLayout) -> bytes:
    """The badges of the examples as PDF. Their codes open no door, and they say so."""
    designs = facing.Designs(layout.edition, layout)
    return rendering.render([_sample(person, designs) for person in examples(layout)], languages.current())


def _sample(person, designs) -> rendering.BadgeFace:
    # As dense as that of a badge, and no token.
    token = "PREVIEW".ljust(tokens.LENGTH, "-")
    face = facing.face(person, designs, code=CODE, token=token)
    photo = accrediting.photo_of(person) if face.design.has_photo and person.pk else None
    return replace(face, photo=photo or b"", mark=_("Preview: opens no door"))


@dataclass(frozen=True)
class Problem:
    """What would not come out as it should: of one person, or of all badges of a pass."""

    of: Registration | PassType
    texts: tuple[str, ...] = ()
    lacks_photo: bool = False


def problems(edition: Edition) -> Iterator[Problem | int]:
    """Everything that would not fit, even at the smallest size, on badges of the edition, and photos that are missing;
    between them how many people have been looked at. What a pass shares is told once. Holds ``AT_ONCE`` people."""
    designs = facing.Designs(edition)
    people = Registration.objects.of(edition).coming().with_names().order_by("pk").iterator(chunk_size=AT_ONCE)
    told, seen = set(), 0
    while block := list(islice(people, AT_ONCE)):
        faces = [(person, _face_of(person, designs)) for person in block]
        photos = accrediting.photos_of(person for person, face in faces if face.design.has_photo)
        for person, face in faces:
            yield from _shared(person, face, told)
            lacks_photo = face.design.has_photo and person.pk not in photos
            if (texts := rendering.cut(face, shared=False)) or lacks_photo:
                yield Problem(person, tuple(texts), lacks_photo)
        seen += len(block)
        yield seen


def _face_of(person, designs):
    return facing.face(person, designs, code=CODE, token="")


def _shared(person, face, told: set) -> Iterable[Problem]:
    if (key := (person.pass_type_id, person.language)) in told:
        return
    told.add(key)
    if texts := rendering.cut(replace(face, **dict.fromkeys(rendering.TYPED, "")), shared=True):
        yield Problem(person.pass_type, tuple(texts))
