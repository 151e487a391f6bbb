"""Registrations of one edition that are likely one person: found by the stored keys, however they came in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from cms import khmer
from cms.models import Edition
from forum.registration.models import DifferentPeople, Registration

# What makes two alike, and how much it says. Of the names in one script the strongest counts.
WEIGHTS = {
    "name_key": (3, _("same name in Latin letters")),
    "khmer_key": (3, _("same name in Khmer")),
    "sound_key": (2, _("names that sound alike")),
    "email": (3, _("same e-mail address")),
    "contact": (1, _("same contact")),
    "phone": (3, _("same telephone")),
    "agency": (2, _("same agency")),
}
# Beside a name that only sounds alike one of these must be the same: names alone sound alike by the hundred.
BESIDE = ("email", "contact_email", "phone", "agency_id", "agency_name")
ALIKE = 40  # people with one key; of more it says nothing, and their pairs would be thousands


class Likelihood(IntEnum):
    POSSIBLE, LIKELY, NEARLY_CERTAIN = 1, 2, 3

    @property
    def label(self):
        return {1: _("possible"), 2: _("likely"), 3: _("nearly certain")}[self]


@dataclass
class Pair:
    first: Registration
    second: Registration
    points: int
    reasons: list[str]

    @property
    def likelihood(self) -> Likelihood:
        return Likelihood.NEARLY_CERTAIN if self.points >= 6 else Likelihood(1 + (self.points >= 5))


@dataclass
class Group:
    """Who may all be one person, and the pairs that say so, the likeliest first."""

    people: list[Registration] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    @property
    def likelihood(self) -> Likelihood:
        return self.pairs[0].likelihood


def groups_of(edition: Edition) -> list[Group]:
    """The likeliest first. The queries are as many for any number of people."""
    suspects = list(_suspects(edition).with_names().select_related("delegation__agency").order_by("sort_key", "pk"))
    return _grouped(_pairs(suspects))


@transaction.atomic
def say_different(*, first: Registration, second: Registration, user) -> None:
    """These two are not shown as a pair again; once more changes nothing."""
    one, other = sorted((first, second), key=lambda person: person.pk)
    _word, is_new = DifferentPeople.objects.get_or_create(first=one, second=other, defaults={"said_by": user})
    if is_new:
        log(instance=one, action="registration.different", user=user, data={"other": other.code})
        log(instance=other, action="registration.different", user=user, data={"other": one.code})


def pair_of(first: Registration, second: Registration) -> Pair:
    """What two have in common, however little."""
    reasons = [name for name in ("name_key", "khmer_key") if getattr(first, name) and _same(first, second, name)]
    if not reasons and _same(first, second, "sound_key"):
        reasons.append("sound_key")
    reasons += [name for name in ("email", "phone") if getattr(first, name) and _same(first, second, name)]
    if _body(first) and _body(first) == _body(second):
        reasons.append("agency")
    # A shared contact's address says less than one's own.
    if "email" not in reasons and _written_to(first) & _written_to(second):
        reasons.append("contact")
    points = sum(WEIGHTS[name][0] for name in reasons)
    return Pair(first, second, points, [WEIGHTS[name][1] for name in reasons])


def _suspects(edition) -> QuerySet:
    """Who shares a key with somebody."""
    people = Registration.objects.of(edition).live().filter(erased_at=None)
    same_name = [_shared(people, "name_key"), _shared(people.exclude(khmer_key=""), "khmer_key")]
    alike = [_shared(_filled(people, name), "sound_key", name) for name in BESIDE]
    crossed = [(("email", "contact_email"), "email"), (("contact_email", "email"), "contact_email")]
    alike += [_crossed(_filled(people, filled), *names) for names, filled in crossed]
    return people.filter(_any(same_name + alike))


def _any(conditions) -> Q:
    found = Q()
    for condition in conditions:
        found |= Q(condition)
    return found


def _filled(people, name) -> QuerySet:
    return people.exclude(**{name: None}) if name == "agency_id" else people.exclude(**{name: ""})


def _shared(people, *names) -> Exists:
    """Whose ``names`` somebody else has too."""
    same = {name: OuterRef(name) for name in names}
    return Exists(people.order_by().filter(**same).exclude(pk=OuterRef("pk")))


def _crossed(people, name, other) -> Exists:
    """Whose address somebody of the same sound has as the contact's, or the other way round."""
    return Exists(people.order_by().filter(sound_key=OuterRef("sound_key"), **{name: OuterRef(other)}))


def _pairs(people: list[Registration]) -> list[Pair]:
    known = {(row.first_id, row.second_id) for row in _said_of(people)}
    candidates = {}
    for bucket in _buckets(people):
        for first, second in combinations(sorted(bucket, key=lambda person: person.pk), 2):
            candidates[first.pk, second.pk] = (first, second)
    return [pair_of(*pair) for pks, pair in candidates.items() if pks not in known]


def _said_of(people) -> Iterable[DifferentPeople]:
    return DifferentPeople.objects.filter(first__edition=people[0].edition_id) if people else []


def _buckets(people) -> Iterable[list[Registration]]:
    """Those with one key, for each key."""
    found = defaultdict(list)
    for person in people:
        for key in _keys(person):
            found[key].append(person)
    return [bucket for bucket in found.values() if 1 < len(bucket) <= ALIKE]


def _keys(person):
    yield "name", person.name_key
    if person.khmer_key:
        yield "khmer", person.khmer_key
    for address in _written_to(person):
        yield "address", person.sound_key, address
    for name in ("phone", "agency_id", "agency_name"):
        if value := getattr(person, name):
            yield name, person.sound_key, value


def _written_to(person) -> set[str]:
    return {person.email, person.contact_email} - {""}


def _same(first, second, name) -> bool:
    return getattr(first, name) == getattr(second, name)


def _body(person) -> str:
    return khmer.fold(person.agency_in("en"))


def _grouped(pairs: list[Pair]) -> list[Group]:
    """Pairs that share a person belong together."""
    group_of: dict[int, Group] = {}
    for pair in sorted(pairs, key=lambda pair: -pair.points):
        known = [group_of[pk] for pk in (pair.first.pk, pair.second.pk) if pk in group_of]
        group = known[0] if known else Group()
        if len(known) == 2 and known[1] is not group:
            _swallow(group, known[1], group_of)
        group.pairs.append(pair)
        for person in (pair.first, pair.second):
            if group_of.get(person.pk) is not group:
                group_of[person.pk] = group
                group.people.append(person)
    found = {id(group): group for group in group_of.values()}.values()
    for group in found:
        group.pairs.sort(key=lambda pair: -pair.points)
    return sorted(found, key=lambda group: (-group.pairs[0].points, group.people[0].sort_key))


def _swallow(group, other, group_of):
    for person in other.people:
        group_of[person.pk] = group
    group.people += other.people
    group.pairs += other.pairs


def channel_of(person: Registration):
    """How somebody came in, in words."""
    if person.guest_id:
        return _("official letter")
    if person.delegation_id:
        return _("delegation")
    return _("access code") if person.access_code_id else _("by themselves")
