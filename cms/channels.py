"""The ways by which a message reaches somebody: one adapter each, all of the same form.

E-mail is always there. SMS and Telegram are absent without their keys, and then nothing is queued for them. What is queued
stands in rows; the sweep talks to the provider outside of any transaction, and again until it has an answer. So a message
goes out at least once, with the same idempotency key each time.
"""

import datetime
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils import timezone

from cms import mail
from cms.models import Message

AT_ONCE = 20
MOST_TRIES = 24
LONGEST_REST = datetime.timedelta(hours=1)
WAIT = 10  # seconds for a provider's answer
LATER = {408, 425, 429}  # of the answers that begin with 4, those that say: not now


class Refused(Exception):
    """The provider says no for good; its words are the reason that staff read."""


@dataclass(frozen=True)
class Channel:
    """``written`` gives an address as the channel wants it, empty where it is none; ``send`` returns the provider's number
    of the message, raises ``Refused``, or anything else where it is worth trying again."""

    name: str
    is_on: Callable[[], bool]
    written: Callable[[str], str]
    send: Callable[[Message], str]


def _mail_address(typed: str) -> str:
    try:
        validate_email(typed.strip())
    except ValidationError:
        return ""
    return typed.strip()


def _send_mail(message: Message) -> str:
    """Mail has a queue of its own, which goes on from here."""
    context = {"subject": message.subject, "text": message.text}
    return mail.queue(template="cms/mail/message", context=context, to=[message.address], language="en").message_id


def _phone(typed: str) -> str:
    """The number as E.164 has it; one without a country is of Cambodia."""
    try:
        number = phonenumbers.parse(typed, "KH")
    except phonenumbers.NumberParseException:
        return ""
    is_number = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_number else ""


def _send_sms(message: Message) -> str:
    """As gateways commonly have it: JSON with to, from, text and a reference; the answer's ``id`` is kept if it has one."""
    body = {"to": message.address, "from": settings.SMS_SENDER, "text": message.text, "reference": str(message.key)}
    headers = {"Authorization": f"Bearer {settings.SMS_GATEWAY_KEY}", "Idempotency-Key": str(message.key)}
    return str(_post(settings.SMS_GATEWAY_URL, body, headers).get("id", ""))


def _chat(typed: str) -> str:
    """The number of a chat; the bot's own answer to /start tells it."""
    return typed.strip() if typed.strip().removeprefix("-").isdecimal() else ""


def _send_telegram(message: Message) -> str:
    """core.telegram.org/bots/api#sendmessage; it knows no idempotency key."""
    address = f"{settings.TELEGRAM_API_BASE}/bot{settings.TELEGRAM_BOT_TOKEN}/sendMessage"
    answer = _post(address, {"chat_id": message.address, "text": message.text}, {})
    if not answer.get("ok"):
        raise Refused(str(answer.get("description", "")))
    return str(answer["result"]["message_id"])


def _post(address: str, body: dict, headers: dict) -> dict:
    """``address`` comes from the settings alone, which have looked at its scheme."""
    headers = {"Content-Type": "application/json"} | headers
    request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=WAIT) as answer:  # noqa: S310
            content = answer.read(100_000)
    except urllib.error.HTTPError as answer:
        words = f"{answer.code} {answer.read(200).decode(errors='replace')}"
        if 400 <= answer.code < 500 and answer.code not in LATER:
            raise Refused(words) from None
        raise ConnectionError(words) from None
    try:
        found = json.loads(content)
    except ValueError:
        return {}  # taken, in words of its own
    return found if isinstance(found, dict) else {}


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel("mail", lambda: True, _mail_address, _send_mail),
        Channel("sms", lambda: bool(settings.SMS_GATEWAY_URL and settings.SMS_GATEWAY_KEY), _phone, _send_sms),
        Channel("telegram", lambda: bool(settings.TELEGRAM_BOT_TOKEN), _chat, _send_telegram),
    )
}


def queue(*, channel: str, to: str, text: str, subject: str = "") -> Message | None:
    """Queues it in the caller's transaction; nothing where the channel is absent or ``to`` is no address of it."""
    way = CHANNELS[channel]
    address = way.written(to)
    if not (way.is_on() and address):
        return None
    return Message.objects.create(channel=channel, address=address, subject=subject, text=text)


def send_due() -> bool:
    """Sends what is due, some at a time; whether more is. Safe to repeat; what is sent twice has the same key."""
    present = [name for name, channel in CHANNELS.items() if channel.is_on()]
    due = Message.objects.filter(state=Message.State.WAITING, channel__in=present, due_at__lte=timezone.now())
    for message in due.order_by("due_at", "pk")[:AT_ONCE]:
        _send(message)
    return due.exists()


def _send(message: Message) -> None:
    row = Message.objects.filter(pk=message.pk, state=Message.State.WAITING)
    try:
        number = CHANNELS[message.channel].send(message)
    except Refused as refusal:
        row.update(state=Message.State.FAILED, reason=str(refusal)[:300])
    except (OSError, HTTPException, KeyError, TypeError, ValueError) as trouble:  # the network, or an answer in odd form
        tries = message.tries + 1
        rest = min(datetime.timedelta(minutes=2 ** min(tries, 10)), LONGEST_REST)
        state = Message.State.FAILED if tries >= MOST_TRIES else Message.State.WAITING
        reason = f"{type(trouble).__name__}: {trouble}"[:300]
        row.update(state=state, tries=tries, due_at=timezone.now() + rest, reason=reason)
    else:
        row.update(state=Message.State.SENT, provider_id=number[:100], sent_at=timezone.now(), reason="")


def unsent() -> QuerySet[Message]:
    """What waits or was given up, the oldest first; a mail among them is in its own queue."""
    return Message.objects.exclude(state=Message.State.SENT).order_by("queued_at", "pk")


def send_again() -> int:
    """Queues anew what was given up, with the same keys; how many."""
    failed = Message.objects.filter(state=Message.State.FAILED)
    return failed.update(state=Message.State.WAITING, tries=0, due_at=timezone.now())


def forget(*words: str) -> None:
    """Deletes every message in which one of these words stands, sent or not."""
    for word in words:
        Message.objects.filter(text__contains=word).delete()
