"""Acts of staff upon registrations, each asked for before it is done."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cms.back_office import Question, ask
from forum.registration import access, signup
from forum.registration.back_office import RegistrationViewSet
from forum.registration.back_office_passes import AccessCodeViewSet
from forum.registration.forms import AccessCodesForm
from forum.registration.models import PassType, Registration


@permission_required("registration.change_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    """Asks, then withdraws a person."""
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk)
    question = Question(
        title=_("Withdraw %(code)s") % {"code": registration.short_code},
        text=_("%(name)s (%(pass)s): the place goes back, and the badge is no longer valid.")
        % {"name": registration.name_latin, "pass": registration.pass_type.name},
        button=_("Withdraw"),
        done=_("%(code)s is withdrawn; the place is free again.") % {"code": registration.short_code},
        icon="user",
        is_serious=True,
    )
    back = RegistrationViewSet().get_url_name("list")
    return ask(request, question, back=back, act=lambda: signup.withdraw(registration=registration, user=request.user))


@permission_required("registration.add_accesscode", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_codes(request, pk):
    """Asks how many codes for a pass, then makes them."""
    pass_type = get_object_or_404(PassType.objects.select_related("edition"), pk=pk)
    question = Question(
        title=_("Make access codes: %(pass)s") % {"pass": pass_type.name},
        text=_("Whoever has one of these codes may choose this pass. A link with ?code= behind the address of the form "
               "fills the code in."),
        button=_("Make codes"),
        done=_("The codes are made; download this list to send them out."),
        icon="key",
    )  # fmt: skip
    return ask(
        request,
        question,
        back=AccessCodeViewSet().get_url_name("list"),
        form=AccessCodesForm(request.POST if request.method == "POST" else None),
        act=lambda **typed: access.issue_codes(pass_type=pass_type, user=request.user, **typed),
    )
