"""What belongs to the gate's page and is kept on the device with it."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from cms import languages

SHEETS = ["css/tokens.css", "css/site.css", "css/gate.css"]
SCRIPT = "js/gate-device.js"
# They name each other as they lie here, without the digest that a name gets when static files are collected.
MODULES = [f"js/{name}.js" for name in ("gate-camera", "gate-store", "gate-verdict", "gate-rules", "badge-tokens")]
WORKER = "js/gate-worker.js"
FONTS = [f"fonts/noto-sans-khmer-{part}.woff2" for part in ("latin", "khmer", "switch")]
# Reads QR codes where the browser cannot; fetched when the site is set up, where that is possible.
READER = "js/jsQR.js"


def reader() -> str:
    """The address of the packaged reader; "" where there is none."""
    return static(READER) if finders.find(READER) else ""


def worker() -> str:
    """The service worker: what it keeps, then what it does."""
    named = [name for name in [*SHEETS, SCRIPT, "img/icon.svg", *FONTS, READER] if finders.find(name)]
    files = [*map(static, named), *(settings.STATIC_URL + name for name in MODULES)]
    pages = [f"{reverse('device:page')}?language={code}" for code in languages.CODES]
    said = {"VERSION": _digest((*named, *MODULES, WORKER)), "PAGES": pages, "FILES": files}
    heading = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in said.items())
    return heading + Path(finders.find(WORKER)).read_text()


@lru_cache(maxsize=1)
def _digest(names: tuple[str, ...]) -> str:
    """Another page is another version: its templates are of one age with its scripts."""
    shell = Path(__file__).parent / "templates" / "desks" / "device.html"
    catalogue = Path(settings.LOCALE_PATHS[0]) / "km" / "LC_MESSAGES" / "django.po"
    digest = hashlib.sha256(shell.read_bytes() + catalogue.read_bytes())
    for name in names:
        digest.update(Path(finders.find(name)).read_bytes())
    return digest.hexdigest()[:16]
