from django.apps import AppConfig, apps
from django.core.checks import register

from cms import caching, catalogues, checks


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Site"

    def ready(self):
        # Wagtail would note each letter in its index of references, by a task of its own. It asks for this mark on
        # the model, which is another package's; this runs before Wagtail's own app is ready.
        apps.get_model("post_office", "Email").wagtail_reference_index_ignore = True
        caching.watch()
        catalogues.remember()
        register(checks.security_contact)
