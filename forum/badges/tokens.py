"""What a badge's QR holds: who vouches for it, of which forum, badge and pass it is; no name, no address and no rights.

One line of capitals and figures, so that a scanner which types cannot garble it and the QR packs it tightly:

    1 · key (3) · edition (6) · pass (6) · serial (12) · signature (103)

The signature is ECDSA on P-256 with SHA-256 over ``SIGNED`` and the 28 characters before it, as the two raw numbers of 32
bytes (IEEE P1363, which WebCrypto takes), in Base32 without padding (RFC 4648). What the pass may do stands in a table that
the gates have, so that another date or zone needs no other badge.
"""

import base64
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from cms import codes

VERSION = "1"
SIGNED = b"vetika badge "  # a signature of this key is good for badges and nothing else
KEY, EDITION, PASS, SERIAL, SIGNATURE = 3, 6, 6, 12, 103
BODY = len(VERSION) + KEY + EDITION + PASS + SERIAL
LENGTH = BODY + SIGNATURE
SIDE = 32  # bytes of each of the two numbers
ALGORITHM = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class Token:
    """The parts of a token as they were read; nothing of it is known to be true before ``is_signed_by``."""

    key: str
    edition: str
    pass_type: str
    serial: str
    signature: str = ""

    def __str__(self):
        return self.body + self.signature

    @property
    def body(self) -> str:
        return VERSION + self.key + self.edition + self.pass_type + self.serial

    def is_signed_by(self, public: ec.EllipticCurvePublicKey) -> bool:
        try:
            public.verify(_from_raw(self.signature), SIGNED + self.body.encode(), ALGORITHM)
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(token: Token, private: ec.EllipticCurvePrivateKey) -> str:
    """The signature of the token, as it is written in it."""
    first, second = decode_dss_signature(private.sign(SIGNED + token.body.encode(), ALGORITHM))
    raw = first.to_bytes(SIDE, "big") + second.to_bytes(SIDE, "big")
    return base64.b32encode(raw).decode().rstrip("=")


def read(typed: str) -> Token | None:
    """The token that somebody scanned, true or not; None for anything that is none by its shape."""
    text = codes.read(typed)
    if len(text) != LENGTH or not text.startswith(VERSION):
        return None
    parts, start = [], len(VERSION)
    for length in (KEY, EDITION, PASS, SERIAL, SIGNATURE):
        parts.append(text[start : start + length])
        start += length
    return Token(*parts)


def _from_raw(signature: str) -> bytes:
    """As ``cryptography`` takes it; ValueError where it is none."""
    raw = base64.b32decode(signature + "=" * (-len(signature) % 8))
    return encode_dss_signature(int.from_bytes(raw[:SIDE], "big"), int.from_bytes(raw[SIDE:], "big"))
