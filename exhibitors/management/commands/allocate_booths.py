"""``manage.py allocate_booths``: proposes booths for all accepted applications of an edition."""

import json
import secrets
import time
from dataclasses import asdict
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cms.models import Edition
from exhibitors import proposing
from exhibitors.models import AllocationRun
from exhibitors.placing import Weights

WAIT = 0.2  # seconds, while a worker makes it

REPORT = """{mode}booths for {placed} of {total} applications of edition {edition}
  {score} points, at most {bound} ({proof}), in {seconds:.1f} s; seed {seed}
  question {digest}"""


class Command(BaseCommand):
    help = "Proposes booths for all accepted applications; the proposal waits in the back office to be published."

    def add_arguments(self, parser):
        parser.add_argument("edition", metavar="EDITION", help="its name in addresses, such as 2027")
        parser.add_argument("--dry-run", action="store_true", help="say what would be proposed and write nothing")
        parser.add_argument(
            "--seed", type=_seed, help="draws lots where two answers are equally good; one is drawn if not given"
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the proposal with its reasons there")

    def handle(self, *, edition, dry_run, seed, json, **options):
        edition = _find(edition)
        if json and not json.parent.is_dir():
            raise CommandError(f"There is no folder {json.parent}.")
        try:
            told = _try(edition, seed) if dry_run else _make(edition, seed)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if json:
            _write(json, told)
        self._tell(told, dry_run)

    def _tell(self, told, dry_run):
        gap = (told["bound"] - told["score"]) / max(abs(told["bound"]), 1)
        proof = "proven: none is better" if told["score"] == told["bound"] else f"{gap:.2%} may be missing"
        placed = sum(line["booth"] is not None for line in told["lines"])
        mode = "Would propose " if dry_run else f"Proposal {told['proposal']}: "
        self.stdout.write(REPORT.format(mode=mode, placed=placed, total=len(told["lines"]), proof=proof, **told))
        for line in told["lines"]:
            wish = f"wish {line['rank']}" if line["rank"] else "no wish of theirs" if line["booth"] else ""
            self.stdout.write(f"  {line['application']}  {line['booth'] or 'no booth':10}  {wish}".rstrip())
        for conflict in told["conflicts"]:
            rules, codes = ", ".join(conflict["rules"]), ", ".join(conflict["applications"])
            self.stdout.write(f"  - {rules}: {conflict['booths']} of {len(conflict['applications'])} fit: {codes}")


def _try(edition, seed) -> dict:
    """As ``proposing`` would make it, with nothing written."""
    proposing.refuse_needless(edition)
    weights, seed = Weights(), secrets.randbelow(proposing.SEEDS) if seed is None else seed
    problem, result, lines, conflicts = proposing.solve(edition, weights, seed)
    return {
        **_head(edition, asdict(weights), result.seed, problem.digest),
        "score": result.score,
        "bound": result.bound,
        "seconds": result.seconds,
        "lines": [proposing.plain_line(problem, line) for line in lines],
        "conflicts": [proposing.plain_conflict(conflict) for conflict in conflicts],
    }


def _make(edition, seed) -> dict:
    """Here, unless a worker is quicker."""
    run = proposing.ask(edition=edition, user=None, seed=seed)
    while run.is_at_work:
        if not proposing.do_next():
            time.sleep(WAIT)
        run.refresh_from_db()
    if run.state != AllocationRun.State.DONE:
        raise CommandError(f"Proposal {run.code} is {run.state}; the log says why.")
    lines = run.lines.select_related("application", "booth").order_by("application__code")
    return {
        "proposal": run.code,
        **_head(edition, run.weights, run.seed, run.digest),
        "score": run.score,
        "bound": run.bound,
        "seconds": run.seconds,
        "lines": [
            {
                "application": line.application.code,
                "booth": line.booth and line.booth.code,
                "rank": line.rank,
                "is_pinned": line.is_pinned,
                "reasons": line.reasons,
            }
            for line in lines
        ],
        "conflicts": run.conflicts,
    }


def _head(edition, weights, seed, digest) -> dict:
    return {"edition": edition.slug, "seed": seed, "weights": weights, "digest": digest}


def _write(path: Path, told: dict) -> None:
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def _find(slug: str) -> Edition:
    try:
        return Edition.objects.get(slug=slug)
    except Edition.DoesNotExist:
        raise CommandError(f"There is no edition {slug}.") from None


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 2**63:
        raise ValueError(text)
    return seed
