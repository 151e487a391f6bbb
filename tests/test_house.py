"""The house: strings point the way imports do, nothing unsafe slips in, files stay small, settings are written down.

``lint-imports`` holds the imports; what Django finds by a string is held here.
"""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import SwappableTuple
from django.template.base import Lexer, TokenType

from tests.conftest import ROOT

# Top to bottom; what stands in one line knows nothing of its neighbour.
FLOORS = [
    ["forum"],
    ["forum.home"],
    ["forum.desks"],
    ["forum.certificates", "forum.visas"],
    ["forum.checkin"],
    ["forum.badges", "forum.mou"],
    ["forum.payments"],
    ["forum.registration"],
    ["forum.documents"],
    ["forum.accounts"],
    ["exhibitors"],
    ["agenda"],
    ["cms"],
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
LABELS = {config.label: config.name for config in apps.get_app_configs() if config.name in FLOOR_OF}
TOPS = [ROOT / name for name in ("forum", "exhibitors", "agenda", "cms")]
CODE = sorted(path for top in TOPS for path in top.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for top in TOPS for path in top.rglob("templates/**/*.*"))
# The two places that may name what is above them.
NAMES_ALL = {"forum/settings.py", "forum/urls.py"}

# Where an escape from safety is meant, and why.
UNSAFE_ON_PURPOSE = {
    "agenda/richtext.py": "editors' rich text, cleaned by nh3 to a short list of tags just before",
    "cms/quick_drawing.py": "each word is escaped on its way in; tests compare with what the templates of others write",
    "cms/origin.py": "a public form has no session to forge; it asks for its own origin instead",
    "forum/checkin/back_office_devices.py": "the picture of a QR code is drawn by us, from a link that we made",
    "forum/desks/own.py": "the picture of a QR code is drawn by us, from a code alone",
    "forum/payments/views.py": "the picture of a KHQR is drawn by us, from Latin words alone",
    "forum/payments/webhook.py": "a machine calls, with a signature instead of a session",
}


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The room a file stands in; what is right under forum/ belongs to the top floor."""
    parts = path.relative_to(ROOT).parts
    return ".".join(parts[:2]) if ".".join(parts[:2]) in FLOOR_OF else parts[0]


def may_know(room: str, other: str) -> bool:
    return room == other or FLOOR_OF[room] < FLOOR_OF[other]


def room_named_by(text: str) -> str | None:
    """The room whose module, model or label a string names."""
    if match := re.fullmatch(r"(\w+)\.[A-Z]\w*", text):
        return LABELS.get(match[1])
    if re.fullmatch(r"[a-z_]+(\.\w+)+", text) and names_a_module(text):
        first, second, *_ = text.split(".")
        return next((name for name in (f"{first}.{second}", first) if name in FLOOR_OF), None)
    return None


def names_a_module(text: str) -> bool:
    """Whether a dotted name leads anywhere, not only to a file such as ``forum.ics``."""
    path = ROOT.joinpath(*text.split(".")[:2])
    return path.is_dir() or path.with_suffix(".py").exists()


def own_template(name: str) -> Path | None:
    return next((path for path in TEMPLATES if path.as_posix().endswith(f"/templates/{name}")), None)


def own_library(name: str) -> str | None:
    return next(
        (room for room in FLOOR_OF if (ROOT / room.replace(".", "/") / "templatetags" / f"{name}.py").exists()), None
    )


def strings(path: Path):
    """The string constants of a file that are not documentation, with their lines."""
    tree = ast.parse(path.read_text())
    expressions = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in expressions:
            yield node.lineno, node.value


def found(pattern: str, paths: list[Path], flags: int = 0) -> list[str]:
    return [f"{short(path)}: {match[0]}" for path in paths for match in re.finditer(pattern, path.read_text(), flags)]


def test_every_room_has_its_floor():
    rooms = {f"forum.{path.parent.name}" for path in (ROOT / "forum").glob("*/apps.py")} | {"exhibitors", "agenda", "cms"}

    assert rooms == FLOOR_OF.keys() - {"forum"}


def pieces(path: Path):
    """The rooms of our own templates and libraries that a template takes pieces from."""
    for token in Lexer(path.read_text()).tokenize():
        if token.token_type != TokenType.BLOCK:
            continue
        tag, *words = token.split_contents()
        if tag in {"include", "extends"} and (piece := own_template(words[0].strip("\"'"))):
            yield short(piece), room_of(piece)
        elif tag == "load":
            names = words[words.index("from") + 1 :] if "from" in words else words
            yield from ((name, room) for name in names if (room := own_library(name)))


def test_templates_take_pieces_from_below():
    upward = [
        f"{short(path)} takes {piece}"
        for path in TEMPLATES
        for piece, room in pieces(path)
        if not may_know(room_of(path), room)
    ]

    assert upward == []


def test_models_point_down():
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if (room := LABELS.get(model._meta.app_label))
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.is_relation and field.related_model and (other := LABELS.get(field.related_model._meta.app_label))
        if not may_know(room, other) and getattr(field, "swappable_setting", None) is None
    ]

    assert upward == []


def test_no_model_points_anywhere():
    generic = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in LABELS
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]

    assert generic == []


def test_migrations_depend_on_those_below():
    upward = [
        f"{label}.{name} → {dependency}"
        for (label, name), migration in MigrationLoader(None).disk_migrations.items()
        if label in LABELS
        for dependency in migration.dependencies
        if not isinstance(dependency, SwappableTuple) and dependency[0] in LABELS
        if not may_know(LABELS[label], LABELS[dependency[0]])
    ]

    assert upward == []


def test_strings_name_what_is_below():
    upward = [
        f"{short(path)}, line {line}: {text}"
        for path in CODE
        if short(path) not in NAMES_ALL
        for line, text in strings(path)
        if (room := room_named_by(text)) and not may_know(room_of(path), room)
    ]

    assert upward == []


def test_no_file_grows_past_four_hundred_lines():
    assert [short(path) for path in CODE if len(path.read_text().splitlines()) > 400] == []


def test_signals_do_not_steer_the_domain():
    """The cache of public pages may listen: it only forgets."""
    listened = [path for path in CODE if short(path) != "cms/caching.py"]

    assert found(r"\b(pre|post)_(save|delete|init)\b|\bm2m_changed\b", listened) == []


def test_nothing_escapes_from_safety():
    unsafe = r"\|\s*safe\b|mark_safe|SafeString|autoescape off|csrf_exempt|unsafe-inline|unsafe-eval"

    assert found(unsafe, [path for path in CODE + TEMPLATES if short(path) not in UNSAFE_ON_PURPOSE]) == []


def test_pages_hold_no_inline_style_or_script():
    """The Content-Security-Policy would drop it. Mail and paper, which no browser shows, may have a style element."""
    pages = [path for path in TEMPLATES if path.suffix == ".html" and "mail" not in path.parts]
    inline = r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"

    assert found(inline, pages, re.IGNORECASE) == []
    assert found("<style", [path for path in pages if "pdf" not in path.parts], re.IGNORECASE) == []


def test_addresses_carry_no_primary_keys():
    """The demonstration's letter box, which exists on this machine alone, may."""
    urls = [path for path in CODE if path.stem.endswith("urls") and path.stem != "demo_urls"]

    assert found(r"<int:|<pk>|:pk>|:id>", urls) == []


def test_every_setting_of_the_environment_is_written_down():
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "forum" / "settings.py").read_text()))
    example = (ROOT / ".env.example").read_text()
    table = (ROOT / "README.md").read_text().partition("## Settings")[2].partition("\n## ")[0]

    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == read
    assert {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    } == read


def test_every_place_the_readme_names_is_there():
    readme = (ROOT / "README.md").read_text()
    places = re.findall(r"`((?:forum|exhibitors|agenda|cms|tests|docs|\.ci)/[^` ]*)`", readme)

    assert places
    assert [place for place in places if not list(ROOT.glob(place.rstrip("/")))] == []


def test_the_locked_requirements_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text()
