"""Passes with their quotas, gates, and two hundred made-up people who have registered."""

import datetime
import itertools

from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from forum.checkin.models import Gate
from forum.home.demonstration import approvals, figures
from forum.home.demonstration.files import HERE, read_csv, read_json
from forum.registration import honorifics
from forum.registration.honorifics import Honorific
from forum.registration.models import PassType, Quota, Registration, Role
from forum.registration.models.receiving import reached

GRAND_EVERY = 12  # one delegate of so many is addressed as an excellency, and has a protocol rank
GRAND_TITLES = ["doctor", "", "", "professor", "neak-oknha", ""]
AIDE = reached(
    "", contact="Example Protocol Office", address="aide@example.org", role=Role.SECRETARY
)  # registers the first delegates


@transaction.atomic
def load(edition: Edition) -> None:
    plan = read_json("people.json")
    Gate.objects.bulk_create(Gate(edition=edition, **entry) for entry in plan["gates"])
    quotas = _quotas(plan, edition)
    names, speaking = read_csv(HERE / "names.csv"), set(edition.speakers.values_list("name_en", flat=True))
    # Each pass has its share of foreigners: the names go round as dealt cards do.
    free = _dealt([name for name in names if name["name_latin"] not in speaking])
    numbers = itertools.count(1)
    for position, entry in enumerate(plan["passes"]):
        pass_type = _pass_type(entry, edition, position, quotas)
        people = itertools.islice(free, entry["people"] + entry.get("waiting", 0))
        bodies = itertools.cycle(plan["bodies"][entry["body"]])
        rows = [_registration(pass_type, name, next(bodies), next(numbers)) for name in people]
        for row in rows[entry["people"] :]:
            row.state, row.waiting_since = Registration.State.WAITING, timezone.now()
        Registration.objects.bulk_create(rows)
    approvals.load(edition)
    figures.load(edition)


def _quotas(plan, edition) -> dict[str, Quota]:
    """Each with as many places taken as people hold a pass that draws on it."""
    quotas = {}
    for entry in plan["quotas"]:
        taken = sum(row["people"] for row in plan["passes"] if entry["key"] in row["quotas"])
        quotas[entry["key"]] = Quota.objects.create(edition=edition, name=entry["name"], size=entry["size"], taken=taken)
    return quotas


def _dealt(names):
    """Ten Khmer names, then one of another nationality, and so on."""
    khmer = iter([name for name in names if name["country"] == "KH"])
    foreign = iter([name for name in names if name["country"] != "KH"])
    while batch := [*itertools.islice(khmer, 10), *itertools.islice(foreign, 1)]:
        yield from batch


def _pass_type(entry, edition, position, quotas) -> PassType:
    columns = {name: entry[name] for name in entry.keys() - {"people", "waiting", "quotas", "body", "first_days"}}
    days = [(edition.opens_on + datetime.timedelta(days=number)).isoformat() for number in range(entry.get("first_days", 0))]
    pass_type = PassType.objects.create(edition=edition, position=position, days=days, **columns)
    pass_type.quotas.set(quotas[key] for key in entry["quotas"])
    return pass_type


def _registration(pass_type, name, body, number) -> Registration:
    """A person as signing up leaves them, but that no letter was sent."""
    language = "km" if name["name_km"] else "en"
    registration = Registration(
        edition=pass_type.edition,
        pass_type=pass_type,
        honorific=_honorific(pass_type, name, number),
        protocol_rank=number // GRAND_EVERY + 1 if _is_grand(pass_type, number) else None,
        name_latin=name["name_latin"],
        name_km=name["name_km"],
        position=body[f"position_{language}"],
        agency_name=body[f"agency_{language}"],
        language=language,
        link_sent_at=timezone.now(),
        **(AIDE if number <= 3 else {"email": f"guest{number}@example.org"}),
    )
    registration.set_keys()
    return registration


def _is_grand(pass_type, number) -> bool:
    return pass_type.slug == "delegate" and number % GRAND_EVERY == 1


def _honorific(pass_type, name, number) -> str:
    is_man = name["gender"] == "male"
    if _is_grand(pass_type, number):
        style = Honorific.EXCELLENCY if is_man or not name["name_km"] else Honorific.LOK_CHUMTEAV
        return honorifics.normal([style, GRAND_TITLES[number // GRAND_EVERY % len(GRAND_TITLES)]])
    return Honorific.MR if is_man else Honorific.MS
