"""Pages at the card provider that were opened for orders: what is still open there is asked about again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from forum.payments.models.orders import Order


class Checkout(models.Model):
    """One page at the provider."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="checkouts")
    session_id = models.CharField(max_length=120, unique=True)
    url = models.CharField(max_length=2000)
    amount = models.PositiveBigIntegerField()
    # Until the provider says that nothing can come of it any more.
    is_open = models.BooleanField(_("open"), default=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.session_id
