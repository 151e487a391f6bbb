"""``manage.py check_allocation``: whether an answer that was published is what is said of it. Asks no database."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from exhibitors.placing import Problem, rules
from exhibitors.placing.problem import digest

SAID = ("edition", "proposal", "seed", "score", "bound", "digest")


class Command(BaseCommand):
    help = (
        "Checks a proposal that was published: the digest of its question, its points, that no rule is broken, and that the "
        "file of the page “How booths were given” says the same."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="question and answer, as the organisers hand them over")
        parser.add_argument("--public", type=Path, metavar="FILE", help="as it was taken from the page")

    def handle(self, *, file, public, **options):
        told, problem = _read(file)
        answer = told["answer"]
        wrong = []
        if (found := digest(told["question"])) != told["digest"]:
            wrong.append(f"The question has the digest {found}, not {told['digest']}.")
        broken = rules.broken(problem, answer)
        wrong += [f"The rule “{each.rule}” is broken for {', '.join(each.applications)}." for each in broken]
        if not broken and (points := rules.score(problem, answer)) != told["score"]:
            wrong.append(f"The answer counts {points} points, not {told['score']}.")
        if public and (other := _differing(told, public)):
            wrong.append(f"{public} says something else of: {', '.join(other)}.")
        if wrong:
            raise CommandError(" ".join(wrong))
        placed, total = len(answer), len(problem.applications)
        self.stdout.write(f"As it is said: {placed} of {total} placed, {told['score']} points, no rule broken.")


def _read(file) -> tuple[dict, Problem]:
    """Whatever else stands in the file is refused in one sentence."""
    try:
        told = json.loads(file.read_text())
        problem = Problem.read(told["question"])
        known = told["answer"].keys() <= problem.by_key.keys() and {*told["answer"].values()} <= problem.booth_by_key.keys()
        if not (known and {"digest", "score"} <= told.keys()):
            raise ValueError("incomplete")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise CommandError(f"{file} holds no question and answer that could be read.") from trouble
    return told, problem


def _differing(told, public) -> list[str]:
    """What the public file says otherwise; of the answer it holds the booths alone, with those who stand there now."""
    try:
        shown = json.loads(public.read_text())
        other = [name for name in SAID if shown[name] != told.get(name)]
        return other + ["answer"] * ({*shown["answer"]} != {*told["answer"].values()})
    except (OSError, ValueError, KeyError, TypeError) as trouble:
        raise CommandError(f"{public} is no file of the page “How booths were given”.") from trouble
