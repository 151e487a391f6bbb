"""Compiles what translators wrote; needs no gettext tools."""

from django.core.management.base import BaseCommand

from cms import catalogues


class Command(BaseCommand):
    help = "Compiles the message catalogues (.po to .mo)."
    requires_system_checks = []

    def handle(self, **options):
        for path in catalogues.compile_all():
            self.stdout.write(f"compiled {path.parent.parent.name}/{path.name}")
