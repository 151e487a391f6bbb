from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "forum.payments"
    verbose_name = "Payments"

    def ready(self):
        from exhibitors import allocation
        from forum.payments import booth_orders

        allocation.released.connect(booth_orders.close, dispatch_uid="forum.payments")
