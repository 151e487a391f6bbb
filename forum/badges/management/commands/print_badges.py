"""Prints badges into one PDF file."""

import time
from pathlib import Path
from shutil import copyfileobj

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cms.models import Edition
from exhibitors.models import Agency
from forum.badges import batching
from forum.badges.models import BadgePrint
from forum.registration.models import PassType

WAIT = 0.2  # seconds, while others draw


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
        if not output.parent.is_dir():
            raise CommandError(f"There is no folder {output.parent}.")
        try:
            batch = batching.order(
                edition=edition,
                pass_type=_find(PassType, "pass", edition=edition, slug=pass_type) if pass_type else None,
                agency=_find(Agency, "agency", code=agency) if agency else None,
                reason=again,
            )
        except ValidationError:
            raise CommandError("No badges to print.") from None
        self._print(batch)
        if not batch.file:
            raise CommandError("No badges to print.")
        with batch.file.open() as file, output.open("wb") as target:
            copyfileobj(file, target)
        self.stdout.write(f"Written to {output}.")

    def _print(self, batch):
        """Here and by the workers together."""
        while not batch.is_ended:
            if not batching.do_next():
                time.sleep(WAIT)
            before = batch.done
            batch.refresh_from_db()
            if batch.has_failed:
                raise CommandError(f"Batch {batch.code} failed; the log says why.")
            if batch.done != before:
                self.stdout.write(f"{batch.done} of {batch.count} badges")


def _find(model, what, **where):
    try:
        return model.objects.get(**where)
    except model.DoesNotExist:
        raise CommandError(f"There is no {what} {list(where.values())[-1]}.") from None
