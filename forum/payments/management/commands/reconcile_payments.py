"""``manage.py reconcile_payments``: asks the card provider and Bakong about everything open."""

from django.core.management.base import BaseCommand, CommandError

from forum.payments import bakong, bakong_client, card_client, cards


class Command(BaseCommand):
    help = "Ask the card provider about every open page and refund, and Bakong about every open KHQR code; safe to repeat."

    def handle(self, **options):
        if not (card_client.is_on() or bakong_client.is_on()):
            raise CommandError(
                "Neither cards (STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET) nor Bakong (BAKONG_TOKEN) are set up."
            )
        failures = self._ask("Cards", cards.reconcile) if card_client.is_on() else 0
        if bakong_client.is_on():
            try:
                failures += self._ask("KHQR", bakong.reconcile, everything=True)
            except bakong_client.TokenRefused:
                raise CommandError("Bakong refuses BAKONG_TOKEN: renew it.") from None
        if failures:
            raise CommandError("Some were not answered; try again later.")

    def _ask(self, what, act, **kwargs) -> int:
        asked, failed = act(**kwargs)
        self.stdout.write(f"{what}: asked about {asked}; no answer for {failed}.")
        return failed
