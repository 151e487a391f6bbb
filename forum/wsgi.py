"""The door for web servers."""

import gc
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
# What is loaded by now stays for as long as the process: collections pass it over, and come less often, since nearly all
# that a request leaves behind is freed without them.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
