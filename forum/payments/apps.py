from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "forum.payments"
    verbose_name = "Payments"
