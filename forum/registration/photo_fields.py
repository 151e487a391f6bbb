"""A photo and the part of it that stands on the badge; how a browser chooses that part is in ``static/js/photo.js``."""

from django import forms

from cms import images


class PhotoInput(forms.FileInput):
    """Beneath the field the picture that was chosen, with a frame to be moved by hand; without scripts, the field alone."""

    template_name = "registration/widgets/photo.html"

    class Media:
        css = {"all": ["css/photo.css"]}
        js = [forms.Script("js/photo.js", type="module")]


class Share(forms.HiddenInput):
    def format_value(self, value):
        """Of a picture that a browser does not send twice."""


class FrameInput(forms.MultiWidget):
    def __init__(self):
        super().__init__(dict.fromkeys(images.Frame._fields, Share))

    def decompress(self, value):
        return [None] * len(self.widgets)


class FrameField(forms.MultiValueField):
    """A ``cms.images.Frame``, of which the picture is still to be asked; None where no part was chosen."""

    widget = FrameInput

    def __init__(self):
        shares = [forms.FloatField() for _name in images.Frame._fields]
        super().__init__(shares, required=False, require_all_fields=False)

    def compress(self, shares):
        return images.Frame(*shares) if shares else None
