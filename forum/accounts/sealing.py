"""Secrets that must be read again (an app's key, the seed of recovery codes, a key that signs) are not kept in clear."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# The key of each purpose serves nothing else that SECRET_KEY is used for.
SECOND_FACTOR = b"vetika: second factor"

Unreadable = InvalidToken


def seal(text: str, purpose: bytes = SECOND_FACTOR) -> str:
    return _locks(purpose, *_keys()).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: bytes = SECOND_FACTOR) -> str:
    """Raises Unreadable where neither ``SECRET_KEY`` nor any of ``SECRET_KEY_FALLBACKS`` sealed it."""
    return _locks(purpose, *_keys()).decrypt(sealed.encode()).decode()


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=8)
def _locks(purpose: bytes, *keys: str) -> MultiFernet:
    """The first key seals, every one opens (HKDF, RFC 5869)."""
    return MultiFernet(Fernet(base64.urlsafe_b64encode(_derive(key, purpose))) for key in keys)


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
