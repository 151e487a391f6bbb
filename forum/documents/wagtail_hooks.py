"""How staff work with issued documents."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from forum.documents import back_office
from forum.documents.models import IssuedDocument


@hooks.register("register_snippet_listing_buttons")
def buttons(instance, user, next_url=None):
    if not isinstance(instance, IssuedDocument):
        return
    if instance.file:
        yield Button(_("PDF"), url=reverse("documents_file", args=[instance.pk]), icon_name="download", priority=60)
    if not instance.revoked_at and user.has_perm("documents.revoke_issueddocument"):
        yield Button(_("Revoke"), url=reverse("documents_revoke", args=[instance.pk]), icon_name="cross", priority=70)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("documents/issued/<int:pk>/revoke/", back_office.revoke, name="documents_revoke"),
        path("documents/issued/<int:pk>/paper.pdf", back_office.file, name="documents_file"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("documents.revoke", gettext_lazy("Revoke a paper"), gettext_lazy("Paper revoked"))
