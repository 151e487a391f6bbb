"""What opens the page of the people for whom an address acts."""

import datetime

from django.core import signing
from django.db import models
from django.utils import timezone

from cms import codes
from cms.models import Edition

acting_page = signing.Signer(salt="registration.acting-page", sep="~")

# So long after it was last sent the link opens; a mail that lies about longer opens nothing, and asking again renews it.
OPENS_FOR = datetime.timedelta(days=30)


class ActingLink(models.Model):
    """An address of one edition whose links were asked for. It holds no people: who they are is read when it is opened."""

    code = models.CharField(max_length=10, unique=True, default=codes.ten, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")
    address = models.EmailField()
    # One more each time the link is renewed: the one before then no longer opens.
    epoch = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "address"], name="one_acting_link_per_address")]

    def __str__(self):
        return self.code

    @property
    def token(self) -> str:
        return acting_page.sign(f"{self.code}.{self.epoch}")

    @property
    def is_open(self) -> bool:
        return bool(self.sent_at) and self.sent_at > timezone.now() - OPENS_FOR
