"""Takes away a second factor where no administrator can sign in any more."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from forum.accounts import factors


class Command(BaseCommand):
    help = "Take away the second factor of somebody who has lost it; they are told by mail."

    def add_arguments(self, parser):
        parser.add_argument("address", help="the e-mail address of the account")

    def handle(self, address, **options):
        person = get_user_model().objects.filter(email__iexact=address).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {address}.")
        try:
            factors.take_away(person=person)
        except ValidationError as refusal:
            raise CommandError(refusal.messages[0]) from None
        self.stdout.write(f"{person.email} signs in with the password alone now; staff then set up a new factor.")
