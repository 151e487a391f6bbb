"""Bakong, asked over its Open API: the only place that knows its words. Never called inside a transaction.

Page: https://api-bakong.nbc.gov.kh/document (``POST /v1/check_transaction_by_md5``). It answers in Cambodia only.
"""

import datetime
import http.client
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from cms.money import LARGEST, PLACES, Currency

PROVIDER = "bakong"
SECONDS = 6  # for an answer: a payer waits for it
LONGEST = 100_000  # bytes of an answer
FOUND, NOT_FOUND, FAILED, REFUSED = 0, 1, 3, 6  # the first is a response code, the others say which error
TOKEN_REFUSED = {401, 403}
HASH = re.compile(r"[0-9A-Za-z]{8,120}")


@dataclass(frozen=True)
class Transfer:
    """What Bakong says was paid."""

    hash: str
    amount: int
    currency: str
    from_account: str
    to_account: str
    at: datetime.datetime | None


class Unreachable(Exception):
    """Bakong did not answer, or not with sense; to be asked again later."""


class TokenRefused(Unreachable):
    """It does not know our token (any more: a token lives for some ninety days)."""


class NoLeading(urllib.request.HTTPRedirectHandler):
    """Our token goes to the address that was set, and to no other."""

    def redirect_request(self, *args, **kwargs):
        return None


def is_on() -> bool:
    return bool(settings.BAKONG_TOKEN)


def check(md5: str) -> Transfer | None:
    """The transfer by the code with this hash; None where there was none so far."""
    answer = _ask({"md5": md5})
    code, error = answer.get("responseCode"), answer.get("errorCode")
    if code == FOUND and isinstance(answer.get("data"), dict):
        return _transfer(answer["data"])
    if error == REFUSED:
        raise TokenRefused("the token is refused")
    if code == 1 and error in (NOT_FOUND, FAILED):
        return None
    raise Unreachable("an answer without sense")


def _ask(question: dict) -> dict:
    with transaction.atomic(durable=True):
        pass  # raises within a transaction: nobody keeps a lock while a stranger thinks
    request = urllib.request.Request(  # noqa: S310 (the address is that of the settings)
        f"{settings.BAKONG_API_BASE.rstrip('/')}/v1/check_transaction_by_md5",
        data=json.dumps(question).encode(),
        headers={
            "Authorization": f"Bearer {settings.BAKONG_TOKEN}",
            "Content-Type": "application/json",
            "User-Agent": "Vetika",
        },
    )
    try:
        with urllib.request.build_opener(NoLeading).open(request, timeout=SECONDS) as response:
            answer = json.loads(response.read(LONGEST), parse_float=Decimal)
    except urllib.error.HTTPError as refusal:
        kind = TokenRefused if refusal.code in TOKEN_REFUSED else Unreachable
        raise kind(f"status {refusal.code}") from None
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as trouble:
        raise Unreachable(type(trouble).__name__) from None
    if not isinstance(answer, dict):
        raise Unreachable("an answer without sense")
    return answer


def _transfer(data: dict) -> Transfer:
    hash, currency = str(data.get("hash") or ""), str(data.get("currency") or "").upper()
    if not HASH.fullmatch(hash) or currency not in Currency.values:
        raise Unreachable("a transfer without sense")
    return Transfer(
        hash=hash,
        amount=_minor(data.get("amount"), currency),
        currency=currency,
        from_account=str(data.get("fromAccountId") or "")[:60],
        to_account=str(data.get("toAccountId") or ""),
        at=_moment(data.get("acknowledgedDateMs") or data.get("createdDateMs")),
    )


def _minor(amount, currency) -> int:
    """It counts dollars and riel, as figures or as text; what has no sense is no transfer."""
    try:
        found = Decimal(str(amount)).scaleb(PLACES[currency])
        if 0 < found <= LARGEST and found == int(found):
            return int(found)
    except (ArithmeticError, ValueError):
        pass
    raise Unreachable("an amount without sense")


def _moment(milliseconds) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromtimestamp(int(milliseconds) / 1000, datetime.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
