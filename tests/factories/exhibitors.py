"""Agencies, halls and bookings for tests."""

from exhibitors.models import Agency


def agency(name_en="Ministry of Examples", **fields) -> Agency:
    return Agency.objects.create(name_en=name_en, **({"kind": Agency.Kind.GOVERNMENT, "country": "KH"} | fields))
