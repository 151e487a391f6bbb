"""PDF from HTML: packaged fonts, named files only, text that copies in the right order, same bytes for the same input."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pydyf
import weasyprint.draw.text
from django.http import HttpResponse
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from cms import fonts

FONT_FACES = """
@font-face { font-family: Paper; font-weight: 400; src: url(font:khmer-400) }
@font-face { font-family: Paper; font-weight: 700; src: url(font:khmer-700) }
@font-face { font-family: "Paper Latin"; font-weight: 400; src: url(font:latin-400) }
@font-face { font-family: "Paper Latin"; font-weight: 700; src: url(font:latin-700) }
:root { font-family: Paper, "Paper Latin", sans-serif }
"""
FAMILIES = ("Paper", "Paper Latin", "sans-serif")

# Pango's font map and WeasyPrint's caches belong to one thread at a time.
one_at_a_time = threading.Lock()


class PDFRefused(Exception):
    """The document asked for something other than the files named for it."""


class NamedFiles(URLFetcher):
    """Knows a few files by name; no address, path or data is ever opened. WeasyPrint draws on when a file cannot be had, so
    what was refused is remembered."""

    def __init__(self, files: Mapping[str, Callable[[], bytes]]):
        super().__init__(allowed_protocols=())
        self.files = files
        self.refused = []

    def fetch(self, url, headers=None):
        if url not in self.files:
            self.refused.append(url)
            raise PDFRefused(url)
        return URLFetcherResponse(url, self.files[url]())


FONT_FILES = NamedFiles(
    {
        f"font:{script.__name__}-{weight}": lambda script=script, weight=weight: script(weight).read_bytes()
        for script in (fonts.khmer, fonts.latin)
        for weight in (400, 700)
    }
)


def render(
    html: str,
    *,
    stylesheets: Iterable[str] = (),
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of a whole HTML document (title and language from its head). ``images`` are reached as ``image:<name>``;
    anything else outside the document raises PDFRefused."""
    files = NamedFiles({f"image:{name}": lambda data=data: data for name, data in (images or {}).items()})
    with one_at_a_time:
        source = HTML(string=html, base_url="nowhere:", url_fetcher=files)
        styles = [_font_faces(), *map(_stylesheet, stylesheets)]
        paper = source.write_pdf(font_config=_font_configuration(), stylesheets=styles)
    if files.refused:
        raise PDFRefused(", ".join(files.refused))
    return paper


def join(pdfs: Iterable[bytes]) -> bytes:
    """One document of all pages; title and language are those of the first. Holds the compressed parts, not their pages.
    Raises ValueError when there is none."""
    parts = list(pdfs)
    if not parts:
        raise ValueError("nothing to join")
    if len(parts) == 1:
        return parts[0]
    target = BytesIO()
    _join([BytesIO(part) for part in parts], target)
    return target.getvalue()


def join_files(parts: Sequence[Path], target: Path) -> None:
    """The same of files into a file: what is on their pages is copied and never held. Raises ValueError when there is
    none."""
    if not parts:
        raise ValueError("nothing to join")
    _join(parts, target)


def _join(parts, target):
    with ExitStack() as opened, pikepdf.new() as whole:
        sources = [opened.enter_context(pikepdf.open(part)) for part in parts]
        for source in sources:
            whole.pages.extend(source.pages)
        whole.docinfo = whole.copy_foreign(sources[0].docinfo)
        whole.Root.Lang = sources[0].Root.Lang
        whole.save(target, deterministic_id=True)


def answer(content: bytes, name: str) -> HttpResponse:
    """To be read within the browser; ``name`` is what it is called where it is saved."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def fonts_of_paper() -> FontConfiguration:
    """With the packaged fonts in it."""
    _font_faces()
    return _font_configuration()


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


@cache
def _font_faces() -> CSS:
    return CSS(string=FONT_FACES, base_url="nowhere:", font_config=_font_configuration(), url_fetcher=FONT_FILES)


@lru_cache(maxsize=32)
def _stylesheet(css: str) -> CSS:
    return CSS(string=css, base_url="nowhere:", font_config=_font_configuration(), url_fetcher=NamedFiles({}))


def draw_line(stream, textbox, *rest):
    """Khmer vowels are drawn before the letters they follow, so a reader of glyphs copies them in the wrong order: each line
    says what it reads (``/ActualText``, PDF 32000-1, 14.9.4)."""
    text = textbox.text.replace("\u200b", "").replace("\u00ad", "")
    if not text.strip():
        return _draw_line(stream, textbox, *rest)
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(text)}))
    emojis = _draw_line(stream, textbox, *rest)
    stream.end_marked_content()
    return emojis


_draw_line = weasyprint.draw.text.draw_first_line
weasyprint.draw.text.draw_first_line = draw_line
