"""What letters of invitation say: the words an edition begins with, and the places in them that each letter fills."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What may stand in braces. Each is filled in the language of the text.
PLACES = (
    "address", "name", "position", "agency", "forum", "theme", "dates", "venue", "organiser", "occasion", "deadline",
    "companions",
)  # fmt: skip
PLACE = re.compile(r"\{(\w*)\}")
BLANK = "………………"  # what is not known yet is written in by hand
SPACES = re.compile(r"[ \t]+(?=[ \t]|$)|(?<=\()\s+", re.MULTILINE)

# On official letters of Cambodia: the nation's name and its motto.
KINGDOM = {"km": "ព្រះរាជាណាចក្រកម្ពុជា", "en": "KINGDOM OF CAMBODIA"}
MOTTO = {"km": "ជាតិ សាសនា ព្រះមហាក្សត្រ", "en": "Nation Religion King"}
# The day by the moon stands above the date; who signs fills it in.
LUNAR_DATE = "ថ្ងៃ………………… ខែ……………… ឆ្នាំ……………… ………ស័ក ព.ស.…………"

TEXT_EN = """{address},

{organiser} has the honour to inform you that {forum} will be held on {dates} at {venue}.

On this occasion it is our great pleasure to invite {name} to take part. {companions}

We should be grateful to learn by {deadline} whether you will attend or, should you be prevented, who will represent you.

Please accept, {address}, the assurances of our highest consideration."""

TEXT_KM = """{organiser} មានកិត្តិយសសូមគោរពជម្រាប {name} ជ្រាបថា {forum} នឹងប្រព្រឹត្តទៅនៅ{dates} នៅ{venue}។

ក្នុងឱកាសនេះ សូមគោរពអញ្ជើញ {name} ចូលរួមតាមកាលបរិច្ឆេទ និងទីកន្លែងខាងលើ ដោយមេត្រីភាព។ {companions}

សូមផ្តល់ចម្លើយឱ្យបានត្រឹម{deadline} អំពីការអញ្ជើញចូលរួម ឬឈ្មោះអ្នកតំណាង ប្រសិនបើជាប់ភារកិច្ចផ្សេង។

សូម {address} ទទួលនូវការគោរពដ៏ខ្ពង់ខ្ពស់ពីយើងខ្ញុំ។"""


def text_en() -> str:
    return TEXT_EN


def text_km() -> str:
    return TEXT_KM


def subject_en() -> str:
    return "Invitation to {forum}"


def subject_km() -> str:
    return "ការគោរពអញ្ជើញចូលរួម{forum}"


def place_en() -> str:
    return "Phnom Penh"


def place_km() -> str:
    return "រាជធានីភ្នំពេញ"


def number_form() -> str:
    return "{number}"


def check(text: str) -> None:
    """Refuses a text with something in braces that no letter can fill (``place``), and a brace without its other
    (``brace``)."""
    if unknown := sorted({name for name in PLACE.findall(text) if name not in PLACES}):
        raise ValidationError(
            _("A letter does not know {%(name)s}. It knows: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in PLACES)},
            code="place",
        )
    if re.search(r"[{}]", PLACE.sub("", text)):
        raise ValidationError(_("Here is a brace without its other, or something between braces that is no word."), "brace")


def check_number(form: str) -> None:
    """Refuses a form of numbers in which the number does not stand exactly once."""
    if form.count("{number}") != 1 or re.search(r"[{}]", form.replace("{number}", "")):
        raise ValidationError(_("Write {number} once where the number stands, and no other braces."), code="number")


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its places filled; what has nothing to say leaves no gap."""
    return SPACES.sub("", PLACE.sub(lambda place: values.get(place[1], ""), text)).strip()


def paragraphs(text: str) -> list[str]:
    return [each for each in (" ".join(line.split()) for line in text.splitlines()) if each]
