"""Files that people send: told by what is in them, never by their names."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cms import codes, images
from cms.csp import sandboxed

LARGEST_FILE = 5_000_000  # bytes
ACCEPTED = ".pdf,.jpg,.jpeg,.png"


class Upload(forms.FileField):
    """A PDF, or a picture that is drawn anew."""

    widget = forms.FileInput(attrs={"accept": ACCEPTED})

    def clean(self, value, initial=None):
        file = super().clean(value, initial)
        if not file:
            return None
        if file.size > LARGEST_FILE:
            raise ValidationError(
                _("The file is larger than %(size)s.") % {"size": filesizeformat(LARGEST_FILE)}, code="size"
            )
        file.seek(0)
        if file.read(5) == b"%PDF-":
            file.seek(0)
            return ContentFile(file.read(), name=f"{codes.new(16).lower()}.pdf")
        try:
            return images.reencode(file)
        except ValidationError as refusal:
            if refusal.code != "format":
                raise
        raise ValidationError(_("Only PDF files and pictures (JPEG, PNG) are taken."), code="format")


def answer(file: FieldFile) -> FileResponse:
    """The file, to be saved and never shown within the site, for whoever the view has let in; not found where it is gone."""
    try:
        content = file.open()
    except (FileNotFoundError, ValueError):  # no longer in its place, or no row names one any more
        raise Http404("the file is gone") from None
    return sandboxed(FileResponse(content, as_attachment=True, filename=file.name.rpartition("/")[2]))


def told() -> str:
    """What is taken, for the help beside the field."""
    return _("PDF, JPEG or PNG, at most %(size)s.") % {"size": filesizeformat(LARGEST_FILE)}
