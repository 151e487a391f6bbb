"""Countries by their ISO 3166-1 codes, as the protocol of an edition names them in both languages."""

from cms import languages
from cms.models import Country, Edition, starting_countries

AT_HOME = "KH"


def name(edition_id: int, code: str, language: str = "") -> str:
    """In the reader's language where none is said; of a code that is not in the list what the file says, else the code."""
    language = language or languages.current()
    if not code:
        return ""
    names = Country.objects.names(edition_id, language)
    return names.get(code) or starting_countries().get(code, {}).get(f"name_{language}", code)


def choices(edition_id: int, language: str = "") -> list[tuple[str, str]]:
    """(code, name) in dictionary order, Cambodia first."""
    rows = Country.objects.names(edition_id, language or languages.current()).items()
    return sorted(rows, key=lambda row: row[0] != AT_HOME)


def edition_for_staff() -> Edition | None:
    """Whose list names the countries of what outlives editions: the current one, else the latest."""
    return Edition.objects.current() or Edition.objects.first()


def choices_for_staff() -> list[tuple[str, str]]:
    """For what outlives editions."""
    if edition := edition_for_staff():
        return choices(edition.pk)
    return [(code, row[f"name_{languages.current()}"]) for code, row in starting_countries().items()]
