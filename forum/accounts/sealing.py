"""Secrets that must be read again (an app's key, the seed of recovery codes) are not kept in clear."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"vetika: second factor"  # the key serves nothing else that SECRET_KEY is used for

Unreadable = InvalidToken


def seal(text: str) -> str:
    return _locks(*_keys()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises Unreadable where neither ``SECRET_KEY`` nor any of ``SECRET_KEY_FALLBACKS`` sealed it."""
    return _locks(*_keys()).decrypt(sealed.encode()).decode()


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


@lru_cache(maxsize=4)
def _locks(*keys: str) -> MultiFernet:
    """The first key seals, every one opens (HKDF, RFC 5869)."""
    return MultiFernet(Fernet(base64.urlsafe_b64encode(_derive(key))) for key in keys)


def _derive(key: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
