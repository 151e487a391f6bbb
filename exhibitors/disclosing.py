"""How booths were given, told to everybody: a published proposal with its rules, seed, proof and the digest of its question.

Nothing is shown before the organisers say so. The question itself says whom an agency wants near or far and what it needs,
and by the booths each code in it leads to a name: it stays with the organisers, who hand it to whoever is to check the
answer. Why an agency did not get a better wish it reads on its own desk alone, and there others are not named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cms.dates import digits
from cms.models import Edition
from exhibitors import explaining, proposing
from exhibitors.models import Agency, AllocationLine, AllocationRun, Booking


@transaction.atomic
def show(*, run: AllocationRun, user) -> AllocationRun:
    """From now on everybody may read how the booths of this proposal were given. Once more changes nothing.

    Refuses with ``forbidden``, ``unpublished``, and ``no_question`` of one that was made before questions were kept.
    """
    run = _locked(run, user)
    if run.disclosed_at:
        return run
    if not run.published_at:
        raise ValidationError(
            _("Publish the proposal first: agencies learn of their booths by a letter."), code="unpublished"
        )
    if not run.question:
        sentence = _("The question of this proposal was not kept, so that nobody could check the answer.")
        raise ValidationError(sentence, code="no_question")
    run.disclosed_at, run.disclosed_by = timezone.now(), user
    run.save(update_fields=["disclosed_at", "disclosed_by"])
    log(instance=run, action="exhibitors.disclose", user=user)
    return run


@transaction.atomic
def hide(*, run: AllocationRun, user) -> AllocationRun:
    """Takes the page away; what others have kept of it stays with them. Refuses with ``forbidden``."""
    run = _locked(run, user)
    if run.disclosed_at:
        run.disclosed_at = run.disclosed_by = None
        run.save(update_fields=["disclosed_at", "disclosed_by"])
        log(instance=run, action="exhibitors.hide", user=user)
    return run


def _locked(run, user) -> AllocationRun:
    proposing.refuse_stranger(user)
    return AllocationRun.objects.select_for_update(of=["self"]).select_related("edition").get(pk=run.pk)


def lines_of(run: AllocationRun) -> list[AllocationLine]:
    """Those who got a booth, by name; who got none is nobody else's business. One query."""
    lines = run.lines.filter(booth__isnull=False).select_related("application__agency", "booth__zone")
    return sorted(lines, key=lambda line: line.application.agency.sort_key)


def as_data(run: AllocationRun) -> dict:
    """For everybody: the booths that were given, each with the code of its agency where the exhibition shows it there. Two
    queries."""
    shown = dict(Booking.objects.shown_at(run.edition).values_list("booth__code", "agency__code"))
    given = run.lines.filter(booth__isnull=False).order_by("booth__code")
    pairs = given.values_list("booth__code", "application__agency__code")
    return _said(run) | {"answer": {booth: agency if shown.get(booth) == agency else None for booth, agency in pairs}}


def whole(run: AllocationRun) -> dict:
    """For whoever the organisers ask to check it: the question too, and the booth of each application. One query."""
    answer = run.lines.filter(booth__isnull=False).order_by("application__code")
    answer = dict(answer.values_list("application__code", "booth__code"))
    return _said(run) | {"question": run.question, "answer": answer}


def _said(run) -> dict:
    return {"edition": run.edition.slug, "proposal": run.code} | {
        name: getattr(run, name) for name in ("seed", "score", "bound", "digest")
    }


@dataclass(frozen=True)
class OwnLine:
    """What a proposal says of one agency, to itself."""

    line: AllocationLine
    said: list[explaining.Said]


def own_line(agency: Agency, edition: Edition) -> OwnLine | None:
    """Of the latest proposal that everybody may read and that knows the agency."""
    lines = AllocationLine.objects.filter(application__agency=agency, run__in=AllocationRun.objects.disclosed(edition))
    line = lines.select_related("run", "booth").order_by("-run__published_at", "-run__pk").first()
    if line is None:
        return None
    said = explaining.explain_line(line, Discreet(edition))
    return OwnLine(line, [explaining.Said(each.rank, each.label, [*map(capfirst, each.sentences)]) for each in said])


class Discreet(explaining.Names):
    """Names zones, and nobody: what others asked for is their own."""

    def listed(self, codes: Iterable[str]) -> str:
        count = len(set(codes))
        sentence = ngettext("another applicant", "%(count)s other applicants", count)
        return sentence % {"count": digits(str(count))}
