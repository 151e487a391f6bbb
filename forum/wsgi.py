"""The door for web servers."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forum.settings")

from cms import khmer

application = get_wsgi_application()
# All addresses with their views, and the table of letters: loaded now, so that no first visitor waits a second for
# them, least of all while a transaction keeps the others out.
reverse("root")
khmer.sort_key("ក")
