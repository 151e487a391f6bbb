"""What a reader of Khmer meets on every page, and on every form filled in wrongly."""

import re
import zoneinfo
from itertools import chain
from pathlib import Path

import django
import polib
import pytest
import wagtail
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from lxml import html

from agenda import spoken
from forum.accounts import roles
from forum.registration.honorifics import WRITTEN, Form
from tests.cms.test_catalogue import entries
from tests.walk import access, world

PEOPLE = ("stranger", "member", "administrator")
# Machines read these; the back office, in which Wagtail's own words stay English, has a test of its own.
NOT_READ = ("/cms/", "/documents/", "/media/")
# What Wagtail's own pages hold, and its scripts and templates say without a catalogue.
WAGTAILS_PAGES = ("wagtailadmin", "wagtaildocs", "wagtailimages", "wagtailsites", "wagtailusers", "bulk accounts.user")
THE_SAME = (
    "_results",
    ":copy",
    ":delete",
    ":history",
    ":revisions_revert",
    ":usage",
    ":workflow_history",
)  # in Wagtail's words
# What its templates part by elements or leave out of its catalogue, and where a name of ours is parted.
WAGTAILS_TEXTS = re.compile(
    r"Ctrl \+|(New|Inspect|Edit|Editing|Add|Delete|Choose|Usage|History|Unpublish|Preview|You have|See our|Go live)\b|"
    r"Expiry|JavaScript is|Here are the|instructions how|to disable them|Keyboard shortcuts|\d+ model log|Autosave is|"
    r"unsaved edits|"
    r"for more information|<div>|content checks|\d\d:\d\d by|Click save|Ministry of$|Examples \d+$|\{"
)
KHMER = re.compile("[\u1780-\u17ff]")
WAGTAILS_WORDS = {"Esc", "Page", "paused", "by", "True", "False", "x"}
# Names of things that are the same in every language (a script fills in the credential); honorifics, as on a badge.
NAMES = {"Vetika", "WebP", "JavaScript", "passkey", "Credential", "Lok", "Chumteav", "Latin", "English", "km", "en"}
# Addresses, and telephone numbers in their international form.
ADDRESS = re.compile(r"https?://\S*|[\w.+-]+@[\w.-]+|\+\d[\d ]+\d")
NOT_WORDS = "ancestor-or-self::*[self::script or self::style or self::textarea or contains(@class, 'code')]"
WORD = re.compile(r"[A-Za-z0-9]+")
LETTERS = re.compile("[a-z].*[a-z].*[a-z]", re.IGNORECASE)  # what is but values would be any text
VALUE = re.compile(r"%\\\((\w+)\\\)[sd]|\\{\w*\\}|%[sd]")  # as re.escape leaves it
NAMES |= {word for words in WRITTEN.values() for form in Form for word in WORD.findall(words.form("en", form))}
TYPED = {"nothing": "", "too much": "x" * 3_000, "a figure": "1"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # Wagtail leaves a picture's file open
]


@pytest.fixture(scope="module")
def made(once):
    return once(world.make)


@pytest.fixture
def house(made, db):
    cache.clear()
    return world.enter(made)


def pages(house, may):
    """The address in Khmer and who opens it."""
    table = access.read()
    for name, address in sorted(world.addresses(house).items()):
        if not address.startswith(NOT_READ):
            in_khmer = re.sub("^/en/", "/km/", address)
            in_khmer += "" if in_khmer.startswith("/km/") else ("&" if "?" in address else "?") + "language=km"
            yield from ((in_khmer, house.people[who]) for who in PEOPLE if who in getattr(table[name], may))


def data() -> re.Pattern:
    """Whatever stands in a row: it is in the language in which somebody wrote it."""
    ours = {"forum", "exhibitors", "agenda", "cms"}
    rooms = {room.label for room in apps.get_app_configs() if room.name.split(".")[0] in ours} | {
        "wagtailcore",
        "post_office",
    }
    rows = chain.from_iterable(
        model._default_manager.values_list() for model in apps.get_models() if model._meta.app_label in rooms
    )
    texts = {value for row in rows for value in row if isinstance(value, str) and len(value) > 2}
    texts -= zoneinfo.available_timezones()  # people know a clock by its city
    texts |= {f"{text[:5]}-{text[5:]}" for text in texts if len(text) == 10}  # a person's code, as it is written
    return re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)))


def is_page(response) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and bool(response.content)


def shown(page: str):
    """Every text that a reader sees or hears, but for what is marked as another language or as a code."""
    tree = html.fromstring(page)
    for text in tree.xpath("//text() | //@title | //@alt | //@aria-label | //@placeholder"):
        around = text.getparent().getparent() if getattr(text, "is_tail", False) else text.getparent()
        languages = [element.get("lang") for element in (around, *around.iterancestors()) if element.get("lang")]
        if languages[:1] in ([], ["km"]) and not around.xpath(NOT_WORDS):
            yield text


def foreign(page: str, known: re.Pattern) -> list[str]:
    """Latin words and digits in what is ours; codes (B12) and the like (PDF) are neither."""
    found = []
    for text in shown(page):
        plain = known.sub(" ", ADDRESS.sub(" ", text))
        words = [word for word in WORD.findall(plain) if word not in NAMES and not is_code(word)]
        if words:
            found.append(" ".join(text.split()))
    return found


def wagtails() -> re.Pattern:
    """What Wagtail and Django say, with any values in it, less what is said in our catalogue too."""
    folders = [Path(package.__file__).parent for package in (wagtail, django)]
    files = [file for folder in folders for file in folder.glob("**/locale/en/LC_MESSAGES/django*.po")]
    said = {text for file in files for entry in polib.pofile(str(file)) for text in (entry.msgid, entry.msgid_plural)}
    said -= {entry.msgid for entry in entries()} | {""}
    texts = (re.escape(" ".join(text.split())) for text in said)
    patterns = [VALUE.sub(".*?", text) for text in texts if LETTERS.search(VALUE.sub("", text))]
    return re.compile("|".join(patterns), re.IGNORECASE)  # a field's name is written with a capital


def is_code(word: str) -> bool:
    return word.isupper() or (not word.isalpha() and not word.isdecimal())


def test_every_page_is_in_khmer_words_and_digits(house):
    known, wrong = data(), {}
    for address, client in [*pages(house, "read"), ("/km/none-such/", house.people["stranger"])]:
        response = client.get(address)
        if is_page(response) and (left := foreign(response.content.decode(), known)):
            wrong[address] = left
    assert wrong == {}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_every_form_refuses_in_khmer_words_and_digits(house, typed):
    known, wrong, refused = data(), {}, 0
    for address, client in pages(house, "write"):
        for where, fields in forms(client.get(address), address, typed):
            cache.clear()  # or allauth says that these are too many tries
            with transaction.atomic():
                response = client.post(where, fields)
                transaction.set_rollback(True)
            if is_page(response) and (left := foreign(response.content.decode().replace(TYPED["too much"], ""), known)):
                wrong[where] = left
            refused += is_page(response)
    assert wrong == {}
    assert refused > 3


def forms(response, address, typed):
    """Where each form of a page is sent, and its fields filled in."""
    for form in html.fromstring(response.content.decode()).forms if is_page(response) else ():
        if form.method == "POST" and "logout" not in address:
            kept = {field.name for field in form.inputs if getattr(field, "type", "") in ("hidden", "submit")}
            yield (
                form.action or address,
                {name: form.fields[name] or "" if name in kept else typed for name in form.fields if name},
            )


def test_the_back_office_says_its_own_words_in_khmer(house):
    """Wagtail's words stay English, and so do names of clocks and of languages for which Khmer has none."""
    known, said_by_wagtail, wrong = data(), wagtails(), {}
    others = WAGTAILS_WORDS | zoneinfo.available_timezones() | set(spoken.names("en").values()) | set(roles.ROLES)
    table, pages, fine = access.read(), 0, set()
    for name, address in sorted(world.addresses(house).items()):
        is_ours = address.startswith("/cms/") and not name.startswith(WAGTAILS_PAGES) and not name.endswith(THE_SAME)
        if is_ours and "administrator" in table[name].read:
            response = house.people["administrator"].get(address, headers={"Accept-Language": "km"})
            if response.get("Content-Type", "").startswith("text/html") and response.status_code == 200:
                pages += 1
                texts = {" ".join(text.split()) for text in shown(b"".join(response).decode())} - others - fine
                if left := {text for text in texts if in_english(text, known) and not said_by_wagtail.fullmatch(text)}:
                    wrong[name] = left
                fine |= texts - left
    assert wrong == {}
    assert pages > 300


def in_english(text: str, known: re.Pattern) -> bool:
    """Digits are Latin here: what staff compare stands in sheets and statements too. A sentence in Khmer may name things."""
    if WAGTAILS_TEXTS.match(text) or KHMER.search(text):
        return False
    words = WORD.findall(known.sub(" ", ADDRESS.sub(" ", text)))
    return any(not word.isdecimal() and word not in NAMES and not is_code(word) for word in words)
