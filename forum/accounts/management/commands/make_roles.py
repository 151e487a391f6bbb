"""Makes the roles."""

from django.core.management.base import BaseCommand

from forum.accounts import roles


class Command(BaseCommand):
    help = "Make the roles and give each exactly its permissions; safe to repeat."

    def handle(self, **options):
        roles.make()
        self.stdout.write(f"Roles: {', '.join(roles.ROLES)}.")
