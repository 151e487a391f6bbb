"""How the guests of a list have replied, in numbers that people compare."""

from dataclasses import dataclass

from django.db.models import Count

from forum.registration.models import Guest, GuestList, Registration

WIDTH = 1_000  # of the whole bar


@dataclass(frozen=True)
class Share:
    """So many of all; ``start`` and ``width`` are where it stands in the bar."""

    reply: str
    label: str
    number: int
    start: int
    width: int


@dataclass(frozen=True)
class Figures:
    guests: int
    shares: list[Share]
    companions: int
    people: int  # who come, companions included
    numbered: int
    sent: int
    scanned: int


def of(guest_list: GuestList) -> Figures:
    """Three queries, however many guests there are."""
    guests = guest_list.guests.order_by()
    rows = {row["reply"]: row for row in guests.values("reply").annotate(
        all=Count("pk"), numbers=Count("letter_number"), mails=Count("sent_at"))}  # fmt: skip
    total = sum(row["all"] for row in rows.values())
    people = Registration.objects.live().filter(guest__guest_list=guest_list).order_by()
    by_kind = dict(people.values_list("is_companion").annotate(all=Count("pk")))
    return Figures(
        guests=total,
        shares=_shares({reply: rows.get(reply, {}).get("all", 0) for reply in Guest.Reply.values}, total),
        companions=by_kind.get(True, 0),
        people=sum(by_kind.values()),
        numbered=sum(row["numbers"] for row in rows.values()),
        sent=sum(row["mails"] for row in rows.values()),
        scanned=guests.exclude(scan="").count(),
    )


def _shares(numbers: dict[str, int], total: int) -> list[Share]:
    """Those who come first; the bar ends where the last one does."""
    order = [Guest.Reply.ATTENDING, Guest.Reply.REPRESENTED, Guest.Reply.REGRETS, Guest.Reply.SILENT]
    shares, before = [], 0
    for reply in order:
        start, end = (WIDTH * count // total if total else 0 for count in (before, before + numbers[reply]))
        shares.append(Share(reply.value, str(reply.label), numbers[reply], start, end - start))
        before += numbers[reply]
    return shares
