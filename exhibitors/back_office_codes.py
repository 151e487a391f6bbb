"""A field for booths, by their codes."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.models import Edition
from exhibitors.models import Booth


class BoothCodes(forms.CharField):
    """Booths as people write them, A12, B03; the code of a block stands for all of its booths."""

    def __init__(self, **kwargs):
        words = {
            "label": gettext_lazy("Booths"),
            "help_text": gettext_lazy(
                "Codes of booths such as A12, or of a block such as A for all of its booths; "
                "between them a comma or a space."
            ),
        }
        super().__init__(**words | kwargs)

    def find(self, edition: Edition, typed: str) -> list[Booth]:
        """In the order in which they were typed, each once."""
        codes = list(dict.fromkeys(filter(None, re.split(r"[\s,;]+", typed.upper()))))
        if self.required and not codes:
            raise ValidationError(self.error_messages["required"], code="required")
        rows = list(edition.booths.filter(Q(code__in=codes) | Q(block__in=codes)).order_by("code"))
        meant = {
            code: [row for row in rows if row.code == code] or [row for row in rows if row.block == code] for code in codes
        }
        if unknown := [code for code in codes if not meant[code]]:
            raise ValidationError(_("No booth or block: %(codes)s.") % {"codes": ", ".join(unknown)}, code="unknown")
        for code, booths in meant.items():
            if len({booth.zone_id for booth in booths}) > 1:
                sentence = _("Block %(block)s stands in several zones: write the codes of its booths.")
                raise ValidationError(sentence % {"block": code}, code="several")
        return list(dict.fromkeys(booth for code in codes for booth in meant[code]))
