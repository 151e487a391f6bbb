"""What a gate says of a badge that is ours: decided from plain facts alone, without database or clock.

The facts are what JSON can hold, so that the same cases (``tests/checkin/rules.json``) can be put to whatever decides
elsewhere.
"""

MINUTES = 24 * 60


def refusal(facts: dict) -> str:
    """Why the badge is not let through, as a code of ``Scan.Refusal``; nothing where it is.

    ``facts``: ``day`` (ISO 8601) and ``clock`` ("HH:MM") of the edition, whose day begins at ``begins`` ("HH:MM");
    ``way`` ("in" or "out"); ``is_valid`` (the badge is its present holder's); ``forum`` (the days on which anybody is let
    in; none: every day); ``gate`` with ``zone`` (its key or none), ``days`` (none: every day), ``opens`` and ``closes``
    ("HH:MM" or none); ``pass`` with ``days`` (none: every day) and ``zones``.
    Whoever leaves is never stopped: a door must let people out.
    """
    if facts["way"] == "out":
        return ""
    if not _is_named(facts["day"], facts["forum"]["days"]):
        return "day"
    if not facts["is_valid"]:
        return "invalid"
    if not _is_named(facts["day"], facts["pass"]["days"]):
        return "pass-day"
    gate = facts["gate"]
    if gate["zone"] and gate["zone"] not in facts["pass"]["zones"]:
        return "zone"
    if not _is_named(facts["day"], gate["days"]) or not _is_within(facts, gate["opens"], gate["closes"]):
        return "closed"
    return ""


def once_key(facts: dict, *, passage: str, badge: str, left: int) -> str | None:
    """What may be written once: the same badge into the same place on the same day, and after each time that it left once
    more where the gate lets people return. ``passage`` is "once", "return" or "free"; ``left`` counts the times that the
    badge went out of there today. None: as often as it likes."""
    if facts["way"] == "out" or passage == "free":
        return None
    times = left if passage == "return" else 0
    return f"{badge} {facts['day']} {facts['gate']['zone'] or ''} {times}"


def _is_named(day: str, days: list[str]) -> bool:
    return not days or day in days


def _is_within(facts: dict, opens: str | None, closes: str | None) -> bool:
    """Hours of the edition's day, which may end after midnight."""
    begins = _minutes(facts["begins"])
    now = (_minutes(facts["clock"]) - begins) % MINUTES
    first = (_minutes(opens) - begins) % MINUTES if opens else 0
    end = ((_minutes(closes) - begins) % MINUTES or MINUTES) if closes else MINUTES
    return first <= now < end


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
