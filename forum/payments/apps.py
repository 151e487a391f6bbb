from importlib import import_module

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "forum.payments"
    verbose_name = "Payments"

    def ready(self):
        import_module("forum.payments.booth_orders")  # which is told of booths that go back
