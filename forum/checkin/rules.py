"""What a gate says of what is held out to it: decided from plain facts alone, without database or clock.

The facts are what JSON can hold, so that the same cases (``tests/checkin/rules.json``) can be put to whatever decides
elsewhere: ``static/js/gate-rules.js`` is this once more.
"""

MINUTES = 24 * 60


def doubt(seen: dict) -> str:
    """Why what was held out is no badge of this forum, as a code of ``Scan.Refusal``; nothing where it is one.

    ``seen``: ``edition`` (the gate's); ``token`` (none where somebody typed) with ``is_signed`` (by a key of ours),
    ``is_revoked`` (that key) and ``edition``; ``badge`` (none where it is unknown) with ``edition``; ``is_own_page`` (the
    code of a person's page) and ``is_slip`` (a serial that its last character refutes) of what was typed; ``is_all_known``:
    whether there can be no badge that we do not know, such as one printed since a device was here last.
    """
    token, badge = seen["token"], seen["badge"]
    if token and not token["is_signed"]:
        return "forged"
    if token and token["is_revoked"]:
        return "invalid"
    if any(one and one["edition"] != seen["edition"] for one in (token, badge)):
        return "edition"
    if badge:
        return ""
    if token:
        return "invalid" if seen["is_all_known"] else ""  # signed by us and not there: erased since, or new
    if seen["is_own_page"]:
        return "desk"
    return "mistyped" if seen["is_slip"] else "unknown"


def refusal(facts: dict) -> str:
    """Why the badge is not let through, as a code of ``Scan.Refusal``; nothing where it is.

    ``facts``: ``day`` (ISO 8601) and ``clock`` ("HH:MM") of the edition, whose day begins at ``begins`` ("HH:MM");
    ``way`` ("in" or "out"); ``is_valid`` (the badge is its present holder's); ``forum`` (the days on which anybody is let
    in; none: every day); ``gate`` with ``zone`` (its key or none), ``days`` (none: every day), ``opens`` and ``closes``
    ("HH:MM" or none); ``pass`` with ``days`` (none: every day) and ``zones``; ``also`` and ``never`` with the ``days`` and
    ``zones`` that are open to this person whatever the pass says, or are not.
    Whoever leaves is never stopped: a door must let people out.
    """
    if facts["way"] == "out":
        return ""
    if not _is_named(facts["day"], facts["forum"]["days"]):
        return "day"
    if not facts["is_valid"]:
        return "invalid"
    if not _is_open(facts, "days", facts["day"], _is_named(facts["day"], facts["pass"]["days"])):
        return "pass-day"
    gate = facts["gate"]
    if gate["zone"] and not _is_open(facts, "zones", gate["zone"], gate["zone"] in facts["pass"]["zones"]):
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


def _is_open(facts: dict, kind: str, name: str, by_pass: bool) -> bool:
    """To this person: what is said of them alone goes before what their pass says."""
    return name not in facts["never"][kind] and (by_pass or name in facts["also"][kind])


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
