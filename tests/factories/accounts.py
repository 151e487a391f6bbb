"""People who sign in."""

from itertools import count

from django.contrib.auth.models import Permission

from forum.accounts.models import User

_numbers = count(1)


def user(*permissions: str, **fields) -> User:
    """A user with these permissions, each written ``app.codename``."""
    made = User.objects.create_user(fields.pop("email", f"user{next(_numbers)}@example.org"), **fields)
    for name in permissions:
        app, codename = name.split(".")
        made.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return made
