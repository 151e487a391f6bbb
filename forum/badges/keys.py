"""The keys that vouch for badges: one signs for each edition, earlier ones are still believed, until they are revoked."""

import base64
from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from forum.accounts import sealing
from forum.badges.models import Badge, SigningKey

PURPOSE = b"vetika: badges"
CURVE = ec.SECP256R1()


def of(edition: Edition) -> SigningKey:
    """The key that signs now, made where there is none; two who need one at once get the same."""
    signing = SigningKey.objects.signing(edition)
    if key := signing.first():
        return key
    try:
        return _make(edition)
    except IntegrityError:
        return signing.get()


@transaction.atomic
def rotate(*, edition: Edition, user=None) -> SigningKey:
    """Another key signs from now on; what the one before signed stays good. Of two at once each makes one, in turn."""
    list(Edition.objects.select_for_update().filter(pk=edition.pk))
    SigningKey.objects.signing(edition).update(retired_at=timezone.now())
    made = _make(edition)
    log(instance=edition, action="badges.rotate_key", user=user, data={"key": made.code})
    return made


@transaction.atomic
def revoke(*, key: SigningKey, reason: str, user=None) -> SigningKey:
    """Somebody else may have the key: no badge that it signed is believed any more, and all are to be printed anew.

    Once more changes nothing. Refuses with ``reason`` without one.
    """
    if not reason.strip():
        raise ValidationError(_("Say why."), code="reason")
    now = timezone.now()
    revoked = SigningKey.objects.filter(pk=key.pk, revoked_at=None)
    if revoked.update(revoked_at=now, retired_at=Coalesce("retired_at", now)):
        Badge.objects.current().filter(key=key).update(revoked_at=now)
        log(instance=key.edition, action="badges.revoke_key", user=user, data={"key": key.code, "reason": reason.strip()})
    key.refresh_from_db()
    return key


@lru_cache(maxsize=16)
def public_of(written: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, base64.b64decode(written))


def private_of(key: SigningKey) -> ec.EllipticCurvePrivateKey:
    return _private(key.sealed)


@lru_cache(maxsize=16)
def _private(sealed: str) -> ec.EllipticCurvePrivateKey:
    return serialization.load_pem_private_key(sealing.unseal(sealed, PURPOSE).encode(), password=None)


@transaction.atomic
def _make(edition: Edition) -> SigningKey:
    private = ec.generate_private_key(CURVE)
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return SigningKey.objects.create(
        edition=edition, public=base64.b64encode(point).decode(), sealed=sealing.seal(pem.decode(), PURPOSE)
    )
