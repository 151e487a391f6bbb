"""``manage.py reconcile_payments``: asks the card provider about everything open."""

from django.core.management.base import BaseCommand, CommandError

from forum.payments import card_client, cards


class Command(BaseCommand):
    help = "Ask the card provider about every open page and refund; safe to repeat."

    def handle(self, **options):
        if not card_client.is_on():
            raise CommandError("Cards are not set up: STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are empty.")
        asked, failed = cards.reconcile()
        self.stdout.write(f"Asked about {asked}; no answer for {failed}.")
        if failed:
            raise CommandError("Some were not answered; try again later.")
