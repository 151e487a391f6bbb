"""``manage.py check_allocation``: whether an answer that was published is what is said of it. Asks no database."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from exhibitors.placing import Problem, rules
from exhibitors.placing.problem import digest


class Command(BaseCommand):
    help = "Checks a file of the page “How booths were given”: its digest, its points, and that no rule is broken."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="as it was taken from the page")

    def handle(self, *, file, **options):
        told, problem = _read(file)
        answer = told["answer"]
        wrong = []
        if (found := digest(told["question"])) != told["digest"]:
            wrong.append(f"The question has the digest {found}, not {told['digest']}.")
        broken = rules.broken(problem, answer)
        wrong += [f"The rule “{each.rule}” is broken for {', '.join(each.applications)}." for each in broken]
        if not broken and (points := rules.score(problem, answer)) != told["score"]:
            wrong.append(f"The answer counts {points} points, not {told['score']}.")
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
