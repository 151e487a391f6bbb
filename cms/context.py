"""What every page's shell needs."""

from django.conf import settings

from cms.models import Edition


def shell(request) -> dict:
    """The edition of this page (set by its view) and the current one, found only when a template asks."""
    return {"current_edition": Edition.objects.current, "DEMO": settings.DEMO}
