"""Prints badges into one PDF file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cms import pdf
from cms.models import Edition
from exhibitors.models import Agency
from forum.badges import printing
from forum.badges.models import BadgePrint
from forum.registration.models import PassType

BLOCK = 100  # badges rendered at a time; memory stays that of one block


class Command(BaseCommand):
    help = "Print badges of an edition into one PDF and remember them as printed."

    def add_arguments(self, parser):
        parser.add_argument("--output", required=True, type=Path, metavar="FILE.pdf")
        parser.add_argument("--edition", metavar="SLUG", help="the current one if not given")
        parser.add_argument("--pass", dest="pass_type", metavar="SLUG")
        parser.add_argument("--agency", metavar="CODE")
        parser.add_argument(
            "--again", default="", choices=BadgePrint.Reason.values, help="also those already printed, and why"
        )

    def handle(self, *, output, edition, pass_type, agency, again, **options):
        edition = _find(Edition, "edition", slug=edition) if edition else Edition.objects.current()
        if edition is None:
            raise CommandError("There is no current edition; name one with --edition.")
        people = list(
            printing.queue(
                edition=edition,
                pass_type=_find(PassType, "pass", edition=edition, slug=pass_type) if pass_type else None,
                agency=_find(Agency, "agency", code=agency) if agency else None,
                again=bool(again),
            )
        )
        if not people:
            raise CommandError("No badges to print.")
        if not output.parent.is_dir():
            raise CommandError(f"There is no folder {output.parent}.")
        parts = []
        for start in range(0, len(people), BLOCK):
            parts.append(printing.print_badges(registrations=people[start : start + BLOCK], reason=again))
            self.stdout.write(f"{min(start + BLOCK, len(people))} of {len(people)} badges")
        output.write_bytes(pdf.join(parts))
        self.stdout.write(f"Written to {output}.")


def _find(model, what, **where):
    try:
        return model.objects.get(**where)
    except model.DoesNotExist:
        raise CommandError(f"There is no {what} {list(where.values())[-1]}.") from None
