"""How staff work with letters for visas."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from forum.visas import back_office
from forum.visas.models import VisaRequest


@hooks.register("register_snippet_listing_buttons")
def buttons(instance, user, next_url=None):
    if isinstance(instance, VisaRequest) and instance.is_asked and user.has_perm(back_office.PERMISSION):
        yield Button(_("Write the letter"), url=reverse("visas_grant", args=[instance.pk]), icon_name="tick", priority=60)
        yield Button(_("Refuse"), url=reverse("visas_refuse", args=[instance.pk]), icon_name="cross", priority=70)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("visas/<int:pk>/grant/", back_office.grant, name="visas_grant"),
        path("visas/<int:pk>/refuse/", back_office.refuse, name="visas_refuse"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("visas.ask", gettext_lazy("Ask for a visa letter"), gettext_lazy("Asked for a visa letter"))
    actions.register_action("visas.grant", gettext_lazy("Write a visa letter"), gettext_lazy("Visa letter written"))
    actions.register_action("visas.refuse", gettext_lazy("Refuse a visa letter"), gettext_lazy("Visa letter refused"))
