"""What a proposal says, in sentences: which wish somebody got, why no better one, and which rules conflict.

A proposal keeps codes, so that everybody reads it in their own language.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.models import Edition
from exhibitors.models import AllocationLine, AllocationRun, Zone
from exhibitors.placing import Rule

# Why a booth is none for an application, whoever else stands where.
REFUSALS = {
    Rule.SIZE: gettext_lazy("The size does not fit."),
    Rule.SIDES: gettext_lazy("It has fewer open sides than were asked for."),
    Rule.POWER: gettext_lazy("It has less power than was asked for."),
    Rule.ACCESSIBLE: gettext_lazy("It is not accessible."),
    Rule.FITTING: gettext_lazy("Shell scheme was asked for and it is raw space, or the other way round."),
    Rule.ZONE_CLASS: gettext_lazy("The zone is meant for others."),
    Rule.PINNED: gettext_lazy("The organisers have pinned the application to another booth."),
    Rule.ZONE_POWER: gettext_lazy("The zone has not enough power for all of them."),
    Rule.TAKEN: gettext_lazy("It is taken."),
}
NAMED = 5  # in one sentence; of more than so many the rest is counted


@dataclass(frozen=True)
class Said:
    """One wish that was not met."""

    rank: int
    label: str
    sentences: list[str]


class Names:
    """What codes are called, looked up once for a whole edition. Two queries."""

    def __init__(self, edition: Edition):
        rows = edition.applications.select_related("agency")
        self.agencies = {row.code: row.agency.name for row in rows}
        self.zones = {row.code: row.name for row in Zone.objects.filter(hall__edition=edition)}

    def agency(self, code: str) -> str:
        return self.agencies.get(code, code)

    def listed(self, codes: Iterable[str]) -> str:
        names = sorted(self.agency(code) for code in codes)
        more = len(names) - NAMED
        if more < 2:
            return ", ".join(names)
        return ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more) % {
            "names": ", ".join(names[:NAMED]),
            "count": more,
        }

    def wish(self, wish: dict) -> str:
        if "booth" in wish:
            return _("Booth %(booth)s") % {"booth": wish["booth"]}
        return _("Zone “%(zone)s”") % {"zone": self.zones.get(wish["zone"], wish["zone"])}


def explain_line(line: AllocationLine, names: Names) -> list[Said]:
    """Each better wish, and why it was not met."""
    return [
        Said(rank, names.wish(reason["wish"]), _sentences(reason, names, line.is_pinned))
        for rank, reason in enumerate(line.reasons, 1)
    ]


def proof(run: AllocationRun) -> str:
    """How good a proposal is that is done."""
    if run.is_optimal:
        return _("proven: none is better")
    return _("at most %(percent)s %% better is possible") % {"percent": f"{run.gap * 100:.2f}"}


def explain_conflicts(run: AllocationRun, names: Names) -> list[str]:
    return [_conflict(conflict, names) for conflict in run.conflicts]


def refusal(rule: Rule, whom: str = "") -> str:
    """Why a booth is none for an application, as one sentence."""
    if rule == Rule.APART:
        return _("It is too near to %(agencies)s; they are to stand apart.") % {"agencies": whom}
    return str(REFUSALS[rule])


def _sentences(reason, names, is_pinned) -> list[str]:
    whom = names.listed(reason["with"])
    if reason["rules"] == [Rule.TAKEN]:
        return [_taken(reason, whom)]
    if reason["rules"] == [Rule.PINNED] and whom and not is_pinned:
        return [_("The organisers keep it for %(agencies)s.") % {"agencies": whom}]
    if reason["rules"]:
        return [refusal(rule, whom) for rule in reason["rules"]]
    return [_free(reason["costs"])]


def _taken(reason, whom) -> str:
    values = {"agencies": whom, "theirs": reason["their_gain"], "points": reason["gain"]}
    if reason["their_gain"] > reason["gain"]:
        return _("%(agencies)s has it: there it counts %(theirs)s points, here %(points)s.") % values
    if reason["their_gain"] == reason["gain"]:
        return _("%(agencies)s has it: it counts %(points)s points for each; the sum of all, or the lot, decided.") % values
    return _("%(agencies)s has it: though it counts %(points)s points here and %(theirs)s there, all gain more so.") % values


def _free(costs: int | None) -> str:
    if costs is None:
        return _("No such booth was to be given: it is taken or not published.")
    if costs > 0:
        return _("It is free, but all together would lose %(points)s points by it.") % {"points": costs}
    if costs == 0:
        return _("It is free and worth as much to all together: the lot decided.")
    return _("It is free and would have been better: the time was over before that was found.")


def _conflict(conflict, names) -> str:
    rules, whom = conflict["rules"], names.listed(conflict["applications"])
    values = {"agencies": whom, "count": len(conflict["applications"]), "booths": conflict["booths"]}
    if not conflict["booths"]:
        values["why"] = " ".join(str(REFUSALS[rule]) for rule in rules)
        return _("No booth fits %(agencies)s. Of the one that comes closest: %(why)s") % values
    if rules == [Rule.TAKEN]:
        return (
            ngettext(
                "%(count)s applications fit %(booths)s booth only: %(agencies)s.",
                "%(count)s applications fit %(booths)s booths only: %(agencies)s.",
                conflict["booths"],
            )
            % values
        )
    if rules == [Rule.ZONE_POWER]:
        return _("The power of a zone reaches for %(booths)s of these %(count)s: %(agencies)s.") % values
    if rules == [Rule.APART]:
        return _("As some are to stand apart, %(booths)s of these %(count)s have a booth: %(agencies)s.") % values
    return (
        _("By the power of zones and as some are to stand apart, %(booths)s of these %(count)s have a booth: %(agencies)s.")
        % values
    )
