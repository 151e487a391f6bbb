"""Deletes personal data whose time has come."""

from itertools import chain

from django.core.management.base import BaseCommand

from forum.badges import handing, keeping
from forum.certificates import certifying
from forum.checkin import excepting
from forum.desks import forgetting
from forum.registration import purging
from forum.visas import asking


class Command(BaseCommand):
    help = "Delete personal data that is past its retention time; --dry-run says what would go. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would be deleted, and delete nothing.")

    def handle(self, *, dry_run, **options):
        rooms = (purging, keeping, handing, excepting, certifying, asking, forgetting)
        found = list(chain.from_iterable(room.due() for room in rooms))
        for due in found:
            self.stdout.write(f"{'would delete' if dry_run else 'deleting'} {due.number}: {due.what}")
            if not dry_run:
                due.purge()
        if not found:
            self.stdout.write("Nothing is past its time.")
