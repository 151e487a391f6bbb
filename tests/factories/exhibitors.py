"""Agencies, people, halls and bookings for tests."""

import datetime
import itertools

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.utils import timezone

from exhibitors.models import (
    AccountRequest,
    Agency,
    Application,
    Booking,
    Booth,
    Call,
    ChosenTheme,
    Extra,
    Hall,
    Invitation,
    Membership,
    MoveSlot,
    Package,
    Pavilion,
    Price,
    PriceList,
    Product,
    RequiredDocument,
    SentDocument,
    SessionHost,
    Structure,
    Theme,
    Zone,
)

numbers = itertools.count(1)


def agency(name_en=None, **fields) -> Agency:
    values = {"kind": Agency.Kind.GOVERNMENT, "country": "KH"}
    return Agency.objects.create(name_en=name_en or f"Ministry of Examples {next(numbers)}", **(values | fields))


def person(email=None, **fields):
    """Somebody with a verified address, who belongs to nobody."""
    user = get_user_model().objects.create_user(email or f"person{next(numbers)}@example.org", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def member(agency, role="manager", **fields):
    """Somebody who acts for this agency."""
    user = person(**fields)
    Membership.objects.create(user=user, agency=agency, role=role)
    return user


def exhibition_manager(**fields):
    """Somebody who works in the back office and places agencies."""
    user = person(**fields)
    names = [
        "access_admin",
        "confirm_booking",
        "view_booking",
        "decide_application",
        "view_application",
        "change_pavilion",
        "decide_accountrequest",
        "view_accountrequest",
        "change_application",
        "add_invitation",
        "change_invitation",
        "change_agency",
    ]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def hall(edition, **fields) -> Hall:
    values = {"name_en": f"Hall {next(numbers)}", "width": 6_000, "depth": 4_000}
    return Hall.objects.create(edition=edition, **(values | fields))


def zone(hall, **fields) -> Zone:
    return Zone.objects.create(hall=hall, **({"name_en": f"Zone {next(numbers)}"} | fields))


def structure(hall, kind="pillar", **fields) -> Structure:
    values = {"x": 3_000, "y": 3_000, "width": 50, "depth": 50}
    return Structure.objects.create(hall=hall, kind=kind, **(values | fields))


def booth(zone, code="A01", **fields) -> Booth:
    return Booth.objects.create(zone=zone, code=code, **({"x": 0, "y": 0, "width": 300, "depth": 300} | fields))


def pavilion(edition, organiser=None, **fields) -> Pavilion:
    """One without booths yet."""
    names = {"name_en": f"Pavilion {next(numbers)}"}
    return Pavilion.objects.create(edition=edition, organiser=organiser or agency(), **(names | fields))


def booths(zone, count, letter="A") -> list[Booth]:
    """A row of in-line booths along the north wall, whatever the hall's width."""
    return [booth(zone, f"{letter}{n + 1:02}", x=300 * n) for n in range(count)]


def booking(booth, by=None, state="confirmed", **fields) -> Booking:
    """A row as the acts leave it, without their mail and history."""
    now = timezone.now()
    times = {
        "held": {"held_until": now + datetime.timedelta(hours=72)},
        "confirmed": {"confirmed_at": now},
        "released": {"ended_at": now},
        "lapsed": {"held_until": now, "ended_at": now},
    }
    return Booking.objects.create(booth=booth, agency=by or agency(), state=state, **(times[state] | fields))


def overdue(booth, by=None) -> Booking:
    """A hold whose time is over, not yet lapsed."""
    return booking(booth, by, "held", held_until=timezone.now() - datetime.timedelta(minutes=1))


def invitation(agency, email="guest@example.org", **fields) -> Invitation:
    values = {"expires_at": timezone.now() + datetime.timedelta(days=14)}
    return Invitation.objects.create(agency=agency, email=email, **(values | fields))


def account_request(edition, is_confirmed=True, **fields) -> AccountRequest:
    """A row as the acts leave it, with a letter of a few bytes."""
    values = {
        "name_en": f"Example Body {next(numbers)}",
        "kind": Agency.Kind.PRIVATE,
        "country": "KH",
        "person": "SOK Dara",
        "position": "Director",
        "email": "asker@example.org",
        "letter": ContentFile(b"%PDF-", name="letter.pdf"),
        "confirmed_at": timezone.now() if is_confirmed else None,
    }
    return AccountRequest.objects.create(edition=edition, **(values | fields))


def call(edition, **fields) -> Call:
    """One that is open today."""
    days = {
        "opens_on": edition.today - datetime.timedelta(days=10),
        "closes_on": edition.today + datetime.timedelta(days=10),
    }
    return Call.objects.create(edition=edition, **(days | fields))


def application(edition, by=None, state="submitted", **fields) -> Application:
    """A row as the acts leave it, without their mail and history."""
    submitted_at = None if state == "draft" else timezone.now()
    values = {"state": state, "submitted_at": submitted_at} | fields
    return Application.objects.create(edition=edition, agency=by or agency(), **values)


def product(agency, edition, name_en="Open data portal", **fields) -> Product:
    place = Product.objects.filter(agency=agency, edition=edition).count() + 1
    return Product.objects.create(agency=agency, edition=edition, name_en=name_en, **({"place": place} | fields))


def theme(edition, name_en=None, by=(), **fields) -> Theme:
    """One that these agencies have chosen."""
    row = Theme.objects.create(edition=edition, name_en=name_en or f"Theme {next(numbers)}", **fields)
    for agency in by:
        place = ChosenTheme.objects.filter(agency=agency, edition=edition).count() + 1
        ChosenTheme.objects.create(theme=row, agency=agency, edition=edition, place=place)
    return row


def host(session, agency) -> SessionHost:
    return SessionHost.objects.create(session=session, agency=agency)


def price(edition, amount=10_000, **fields) -> Price:
    """A row of the edition's price list, in US dollars: so much for each m²."""
    price_list, _created = PriceList.objects.get_or_create(edition=edition)
    return Price.objects.create(price_list=price_list, amount=amount, **fields)


def extra(edition, name_en="Chair", **fields) -> Extra:
    """One that costs twelve dollars."""
    price_list, _created = PriceList.objects.get_or_create(edition=edition)
    return Extra.objects.create(price_list=price_list, name_en=name_en, **({"amount": 1_200} | fields))


def package(edition, name_en="Gold", **fields) -> Package:
    """One of two, for ten thousand dollars."""
    price_list, _created = PriceList.objects.get_or_create(edition=edition)
    return Package.objects.create(price_list=price_list, name_en=name_en, **({"amount": 1_000_000, "stock": 2} | fields))


def required_document(edition, name_en=None, **fields) -> RequiredDocument:
    return RequiredDocument.objects.create(edition=edition, name_en=name_en or f"Paper {next(numbers)}", **fields)


def sent_document(required, agency, version=1, state="sent", **fields) -> SentDocument:
    """A row as the acts leave it; the file is kept where there is one."""
    values = {"file": "" if state == "waived" else ContentFile(b"%PDF-1.7", name="paper.pdf")}
    values |= {} if state == "sent" else {"decided_at": timezone.now()}
    values |= {"remark": "Sign it."} if state == "returned" else {}
    return SentDocument.objects.create(required=required, agency=agency, version=version, state=state, **(values | fields))


def move_slot(hall, **fields) -> MoveSlot:
    """One the day before the forum, for four booths."""
    edition = hall.edition
    starts_at = datetime.datetime.combine(edition.opens_on, datetime.time(8), edition.zone) - datetime.timedelta(days=1)
    values = {"door": "Dock 1", "starts_at": starts_at, "ends_at": starts_at + datetime.timedelta(hours=2), "size": 4}
    return MoveSlot.objects.create(hall=hall, **(values | fields))
