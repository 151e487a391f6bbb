"""Closes the site of this machine for work, and opens it again."""

from django.core.management.base import BaseCommand

from cms import maintenance


class Command(BaseCommand):
    help = "Closes the site on this machine to all but staff of the back office, or opens it again. Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("switch", choices=["on", "off", "status"])
        parser.add_argument("--minutes", type=int, default=30, help="How long it will take, as visitors are told (30).")

    def handle(self, *, switch, minutes, **options):
        if switch == "on":
            maintenance.begin(minutes)
        elif switch == "off":
            maintenance.end()
        self.stdout.write("The site is closed for work." if maintenance.is_on() else "The site is open.")
