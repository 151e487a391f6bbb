"""Acts of staff upon registrations, each asked for before it is done."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from cms import back_office, pdf, uploads
from cms.back_office import ask
from cms.fields import Line
from forum.registration import access, confirmation_letters, editing, erasing, signup
from forum.registration.back_office import RegistrationViewSet
from forum.registration.back_office_groups import ReasonForm
from forum.registration.back_office_passes import AccessCodesForm, AccessCodeViewSet
from forum.registration.forms import AnswersForm
from forum.registration.models import Answer, PassType, Question, Registration


@permission_required("registration.change_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    """Asks, then withdraws a person."""
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk)
    question = back_office.Question(
        title=_("Withdraw %(code)s") % {"code": registration.short_code},
        text=_("%(name)s (%(pass)s): the place goes back, the badge is no longer valid, and the person is told by mail.")
        % {"name": registration.name_latin, "pass": registration.pass_type.name},
        button=_("Withdraw"),
        done=_("%(code)s is withdrawn; the place is free again.") % {"code": registration.short_code},
        icon="user",
        is_serious=True,
    )
    return ask(
        request,
        question,
        back=RegistrationViewSet().get_url_name("list"),
        form=ReasonForm(request.POST if request.method == "POST" else None),
        act=lambda reason: signup.withdraw(registration=registration, reason=reason, user=request.user, tells=True),
    )


class EraseForm(forms.Form):
    reason = Line(
        label=gettext_lazy("Reason"), max_length=200,
        help_text=gettext_lazy("Such as the letter by which the person asked; no name. It stands in the history."),
    )  # fmt: skip


@permission_required("registration.erase_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request, pk):
    """For who asks by letter or in person; on their own page people do it themselves."""
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk, erased_at=None)
    question = back_office.Question(
        title=_("Erase %(code)s") % {"code": registration.short_code},
        text=_("%(name)s: name, address, answers and letters are deleted for ever and the place goes back. What counts and "
               "names nobody stays, and so do orders and their papers.") % {"name": registration.name_latin},
        button=_("Erase for ever"),
        done=_("%(code)s is erased.") % {"code": registration.short_code},
        icon="bin",
        is_serious=True,
    )  # fmt: skip
    return ask(
        request,
        question,
        back=RegistrationViewSet().get_url_name("list"),
        form=EraseForm(request.POST if request.method == "POST" else None),
        act=lambda reason: erasing.erase(registration=registration, reason=reason, user=request.user),
    )


@permission_required("registration.change_registration", raise_exception=True)
@require_safe
def letter(request, pk):
    """The paper with the QR, for a person whom no e-mail reaches."""
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk, state=Registration.State.CONFIRMED)
    log(instance=registration, action="registration.letter", user=request.user)
    return pdf.answer(confirmation_letters.render([registration]), f"letter-{registration.code}.pdf")


@permission_required("registration.add_accesscode", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_codes(request, pk):
    """Asks how many codes for a pass, then makes them."""
    pass_type = get_object_or_404(PassType.objects.select_related("edition"), pk=pk)
    question = back_office.Question(
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


@permission_required("registration.change_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request, pk):
    """What a person answered, to correct or to complete; staff may leave open what people must answer."""
    registration = get_object_or_404(Registration.objects.with_names(), pk=pk)
    form = AnswersForm(
        request.POST or None,
        request.FILES or None,
        pass_type=registration.pass_type,
        questions=Question.objects.asked(registration.edition),
        answered={answer.question_id: answer for answer in registration.answers.all()},
    )
    question = back_office.Question(
        title=_("Answers of %(code)s") % {"code": registration.short_code},
        text=registration.name_latin,
        button=_("Keep these answers"),
        done=_("The answers are kept."),
        icon="help",
    )
    back = RegistrationViewSet().get_url_name("list")
    return ask(
        request,
        question,
        back=back,
        form=form,
        act=lambda answers: editing.correct_answers(registration=registration, answers=answers, user=request.user),
    )


@permission_required("registration.view_registration", raise_exception=True)
@require_safe
def answer_file(request, pk):
    """A file that came with an answer."""
    answer = get_object_or_404(Answer.objects.exclude(file="").select_related("registration"), pk=pk)
    response = uploads.answer(answer.file)
    log(instance=answer.registration, action="registration.answer_file", user=request.user)
    return response
