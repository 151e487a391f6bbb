"""What a badge's QR holds: short, typed by a scanner without loss, signed, and nothing of a person."""

import base64
from dataclasses import fields, replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from cms import codes, qr
from forum.badges import tokens
from forum.badges.tokens import Token

PRIVATE = ec.generate_private_key(ec.SECP256R1())


def token() -> Token:
    unsigned = Token(key="BCD", edition=codes.six(), pass_type=codes.six(), serial=codes.checked(12))
    return replace(unsigned, signature=tokens.sign(unsigned, PRIVATE))


def test_a_token_is_read_as_it_was_written_whatever_a_scanner_puts_around_it():
    made = token()

    for typed in (str(made), f"  {str(made).lower()}\r\n", "-".join(str(made))):
        assert tokens.read(typed) == made
    assert tokens.read(str(made)).is_signed_by(PRIVATE.public_key())


def test_it_is_capitals_and_figures_in_a_code_of_49_modules_with_its_margin():
    made = str(token())

    assert len(made) == tokens.LENGTH == 131
    assert set(made) <= codes.KNOWN
    assert len(qr.matrix(made)) + 2 * qr.QUIET == 49


@pytest.mark.parametrize("name", [field.name for field in fields(Token)])
def test_no_part_can_be_changed(name):
    made = token()
    other = replace(made, **{name: getattr(token(), name) if name != "key" else "ZZZ"})

    assert not other.is_signed_by(PRIVATE.public_key())


def test_another_key_signed_nothing_of_it():
    assert not token().is_signed_by(ec.generate_private_key(ec.SECP256R1()).public_key())


def test_a_signature_for_something_else_is_none_for_a_badge():
    made = token()
    first, second = tokens.decode_dss_signature(PRIVATE.sign(made.body.encode(), tokens.ALGORITHM))
    raw = first.to_bytes(32, "big") + second.to_bytes(32, "big")

    assert not replace(made, signature=base64.b32encode(raw).decode().rstrip("=")).is_signed_by(PRIVATE.public_key())


@given(st.text(max_size=200))
def test_anything_else_is_no_token(text):
    assert tokens.read(text) is None or len(codes.read(text)) == tokens.LENGTH


@given(st.text(alphabet=sorted(codes.KNOWN), min_size=tokens.SIGNATURE, max_size=tokens.SIGNATURE))
def test_any_letters_in_the_place_of_the_signature_are_refused_quietly(letters):
    assert not replace(token(), signature=letters).is_signed_by(PRIVATE.public_key())
