"""An act of the exhibition that says no."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.refusals import code_of


def refused(act, **arguments) -> tuple[str, list[str]]:
    """The code and the sentences of the refusal, which leaves no trace: no row, letter or entry of the history."""
    before = _rows()
    with pytest.raises(ValidationError) as caught:
        act(**arguments)
    assert _rows() == before
    return code_of(caught.value), caught.value.messages


def _rows():
    kept = [*apps.get_app_config("exhibitors").get_models(include_auto_created=True), Email, ModelLogEntry]
    return {model: list(model.objects.order_by("pk").values()) for model in kept}
