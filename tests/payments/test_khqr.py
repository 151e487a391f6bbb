"""KHQR: fields, lengths and checksum as the specification has them; the picture reads back."""

import datetime

import pytest
import zxingcpp
from PIL import Image

from cms import money, qr
from forum.payments import khqr
from forum.payments.models import Terms

AT = datetime.datetime(2027, 3, 1, 2, tzinfo=datetime.UTC)  # 1803866400000
HOUR = datetime.timedelta(hours=1)


def made(order, **terms) -> str:
    terms = Terms(**({"khqr_account": "forum@exmp", "khqr_name": "Forum Secretariat"} | terms))
    return khqr.of_order(order, terms)


class Asked:
    """As much of an order as the code names."""

    def __init__(self, due=5_000, currency="USD", held_until=AT + HOUR):
        self.due, self.currency, self.held_until, self.code = due, currency, held_until, "BCDFGHJKMN"
        self.placed_at = self.accepted_at = AT


def fields(text) -> dict[str, str]:
    found = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        found[tag], text = text[4 : 4 + length], text[4 + length :]
    return found


def test_the_checksum_is_that_of_the_specification():
    assert khqr.crc(b"123456789") == 0x29B1  # the check value of CRC-16/CCITT-FALSE


def test_the_code_of_a_persons_account_names_amount_and_order():
    text = made(Asked())

    assert fields(text) == {
        "00": "01", "01": "12", "29": "0010forum@exmp", "52": "5999", "53": "840", "54": "50.00", "58": "KH",
        "59": "Forum Secretariat", "60": "Phnom Penh", "62": "0110BCDFGHJKMN", "99": "0013180386640000001131803870000000",
        "63": f"{khqr.crc(text[:-4].encode()):04X}",
    }  # fmt: skip


def test_a_merchants_account_has_its_own_template_and_riel_have_no_parts():
    text = made(
        Asked(due=205_000, currency=money.Currency.KHR, held_until=None),
        khqr_merchant_id="12345",
        khqr_bank="Example Bank",
    )

    found = fields(text)
    assert (found["53"], found["54"]) == ("116", "205000")
    assert fields(found["30"]) == {"00": "forum@exmp", "01": "12345", "02": "Example Bank"}
    assert fields(found["99"]) == {"00": "1803866400000", "01": "1835402400000"}  # a year


@pytest.mark.parametrize("due", [1, 5_000, 125_050])
def test_the_picture_reads_back(due, tmp_path):
    text = made(Asked(due=due))
    path = tmp_path / "code.png"
    path.write_bytes(qr.png(text))

    assert [found.text for found in zxingcpp.read_barcodes(Image.open(path))] == [text]
