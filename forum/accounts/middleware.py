"""Who may come in where."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse


class BackOfficeDoor:
    """Refuses people without business in the back office.

    Wagtail would send them to sign in, and sign-in, which knows them already, back again: for ever.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_inside = request.path_info.startswith(reverse("wagtailadmin_home"))
        if is_inside and request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied("no business in the back office")
        return self.get_response(request)
