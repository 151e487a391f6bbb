"""Bodies that may take part: real ones by name alone, and some made up for those who try the exhibitor's desk."""

from pathlib import Path

from django.db import transaction

import exhibitors
from cms import khmer
from exhibitors.models import Agency
from forum.home.demonstration.files import read_csv

FILE = Path(exhibitors.__file__).parent / "data" / "agencies.csv"
# Whose people sign in as exhibitors; they have no booth yet.
MADE_UP = [
    {
        "name_en": "Example Software Company",
        "name_km": "ក្រុមហ៊ុនកម្មវិធីកុំព្យូទ័រឧទាហរណ៍",
        "kind": Agency.Kind.PRIVATE,
        "country": "KH",
        "about_en": "A made-up company that builds software for public services. It exists in this demonstration only.",
        "about_km": "ក្រុមហ៊ុនប្រឌិតដែលបង្កើតកម្មវិធីសម្រាប់សេវាសាធារណៈ។ ក្រុមហ៊ុននេះមានតែក្នុងការបង្ហាញសាកល្បងនេះប៉ុណ្ណោះ។",
    },
    {
        "name_en": "Example Payments Company",
        "name_km": "ក្រុមហ៊ុនទូទាត់ឧទាហរណ៍",
        "kind": Agency.Kind.PRIVATE,
        "country": "KH",
        "about_en": "A made-up company that makes paying fees easy. It exists in this demonstration only.",
        "about_km": "ក្រុមហ៊ុនប្រឌិតដែលជួយឱ្យការបង់កម្រៃសេវាកាន់តែងាយស្រួល។ ក្រុមហ៊ុននេះមានតែក្នុងការបង្ហាញសាកល្បងនេះប៉ុណ្ណោះ។",
    },
    {
        "name_en": "Example Network of Universities",
        "name_km": "បណ្ដាញសាកលវិទ្យាល័យឧទាហរណ៍",
        "kind": Agency.Kind.ACADEMIA,
        "country": "KH",
        "about_en": "A made-up network whose members share one pavilion. It exists in this demonstration only.",
        "about_km": "បណ្ដាញប្រឌិតដែលនាំសមាជិកមកជួបជុំក្នុងពន្លាតែមួយ។ បណ្ដាញនេះមានតែក្នុងការបង្ហាញសាកល្បងនេះប៉ុណ្ណោះ។",
    },
]
COLUMNS = ("name_en", "name_km", "kind", "country")


@transaction.atomic
def load() -> None:
    """Enters the bodies that are not there; those that are stay as they are."""
    listed = [{name: row[name] for name in COLUMNS} for row in read_csv(FILE)]
    known = set(Agency.objects.values_list("name_en", flat=True))
    Agency.objects.bulk_create(_indexed(Agency(**row)) for row in [*listed, *MADE_UP] if row["name_en"] not in known)


def _indexed(agency: Agency) -> Agency:
    """What ``save`` does, which writing many rows at once leaves out."""
    agency.search_text = khmer.fold(f"{agency.name_en} {agency.name_km}")
    agency.sort_key = khmer.sort_key(agency.name_en)
    return agency
