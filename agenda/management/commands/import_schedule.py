"""Brings the programme of a conference in from a file."""

from dataclasses import asdict
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from agenda import importing
from agenda.imports import NotASchedule, schedule_xml
from cms.models import Edition

REPORT = """{mode}edition {edition} ({time_zone}):
  sessions: {created} new, {updated} changed, {unchanged} unchanged, {cancelled} no longer in the file and cancelled
  kept as edited here: {kept}
  speakers: {speakers_created} new, {speakers_updated} renamed; rooms: {rooms_created} new; tracks: {tracks_created} new"""


class Command(BaseCommand):
    help = "Reads a frab or pentabarf schedule.xml into an edition of its own, or into the one named."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--edition", metavar="SLUG", help="the edition to bring it into, which must exist")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")

    def handle(self, *, file, edition, dry_run, **options):
        try:
            report = importing.bring_in(programme=schedule_xml.read(file), edition=_named(edition), dry_run=dry_run)
        except NotASchedule as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(REPORT.format(mode="Would write: " if dry_run else "", **asdict(report)))
        if report.without_length:
            self.stdout.write(f"  without a length in the file, given the shortest: {report.without_length}")
        for note in report.notes:
            self.stdout.write(f"  - {note}")


def _named(slug: str | None) -> Edition | None:
    if slug is None:
        return None
    try:
        return Edition.objects.get(slug=slug)
    except Edition.DoesNotExist:
        raise CommandError(_("There is no edition “%(slug)s”.") % {"slug": slug}) from None
