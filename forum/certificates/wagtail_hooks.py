"""How staff take out somebody's certificate."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from cms import addresses, pdf
from cms.privacy import personal
from forum.certificates import certifying
from forum.registration.models import Registration

PERMISSION = "registration.change_registration"


@personal
@require_safe
@permission_required(PERMISSION, raise_exception=True)
def certificate(request, pk):
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk)
    try:
        document = certifying.certify(registration=registration, user=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("wagtailsnippets_registration_registration:list")
    log(instance=registration, action="certificates.take_out", user=request.user, data={"document": document.code})
    return pdf.answer(document.read(), f"certificate-{registration.code}.pdf")


@hooks.register("register_snippet_listing_buttons")
def certificate_button(instance, user, next_url=None):
    is_person = isinstance(instance, Registration) and not instance.erased_at
    if is_person and certifying.may_have_come(instance.edition) and user.has_perm(PERMISSION):
        yield Button(
            _("Certificate (PDF)"),
            url=addresses.of_row("certificates_paper", instance.pk),
            icon_name="doc-full",
            priority=88,
        )


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("registrations/<int:pk>/certificate.pdf", certificate, name="certificates_paper")]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action(
        "certificates.take_out", gettext_lazy("Take out a certificate"), gettext_lazy("Certificate taken out")
    )
