"""Whose clock a file's times are on."""

import datetime
import zoneinfo


def guess(name: str, city: str, moment: datetime.datetime) -> str:
    """The zone that the file names, else the one called after its city, else that of its times; "" without any hint."""
    known = zoneinfo.available_timezones()
    if name in known:
        return name
    place = "_".join(city.split()).casefold()
    for zone in sorted(known) if place else ():
        if zone.casefold().split("/")[-1] == place and "/" in zone:
            return zone
    return _of_offset(moment.utcoffset())


def _of_offset(offset: datetime.timedelta | None) -> str:
    """The zone of whole hours east of Greenwich; the names of these zones turn the sign round (POSIX)."""
    if offset is None:
        return ""
    hours, rest = divmod(offset.total_seconds(), 3600)
    name = f"Etc/GMT{-int(hours):+d}"
    return name if hours and not rest and name in zoneinfo.available_timezones() else "UTC"
