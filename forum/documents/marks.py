"""What every paper carries so that a stranger can check it: the QR, the code in groups, and where to go with it."""

from django.utils import translation
from django.utils.translation import gettext

from cms import khmer, languages, qr
from forum.documents.models import IssuedDocument


def of(link: str) -> dict:
    """For ``documents/includes/mark.html``, by the name ``mark``."""
    address, code = link.rstrip("/").rsplit("/", 1)
    words = {}
    for language in languages.CODES:
        with translation.override(language):
            words[language] = khmer.split_lines(gettext("Whether this paper is valid can be checked here:"))
    shown = f"{address.partition('://')[2]}/"
    return {"words": words, "address": shown, "code": IssuedDocument(code=code).written_code}


def images(link: str) -> dict[str, bytes]:
    """For ``pdf.render``."""
    return {"mark": qr.png(link, scale=4)}
