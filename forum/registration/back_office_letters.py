"""Acts of staff upon guests and their letters, each asked for before it is done; and what they take out."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log

from cms import back_office, history, languages, pdf, uploads
from cms.back_office import ask
from forum.registration import (
    erasing,
    guest_figures,
    invitation_documents,
    inviting,
    replying,
)
from forum.registration.back_office_acts import EraseForm
from forum.registration.back_office_guests import GuestViewSet, chosen
from forum.registration.models import Guest, GuestList
from forum.registration.question_fields import Upload
from forum.registration.reply_forms import StaffReplyForm

AT_ONCE = 200  # letters in one file: about a quarter of a minute
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    "pdf": (lambda issued: pdf.join(issued.papers), "application/pdf"),
    "docx": (lambda issued: invitation_documents.render(issued.letters, issued.emblem), DOCX),
    "zip": (lambda issued: invitation_documents.render_each(issued.letters, issued.emblem), "application/zip"),
}
ASKED = ["GET", "HEAD", "POST"]


def act_upon_guest(permission="registration.write_to_guest"):
    """A view that is given the guest."""

    def decorate(view):
        @permission_required(permission, raise_exception=True)
        @require_http_methods(ASKED)
        def asked(request, pk):
            return view(request, get_object_or_404(Guest.objects.present().with_names(), pk=pk))

        return asked

    return decorate


def _list() -> str:
    return GuestViewSet().get_url_name("list")


def _typed(request):
    return request.POST if request.method == "POST" else None


def _named(guest) -> str:
    return guest.addressed_in(languages.current())


@act_upon_guest()
def reply(request, guest):
    """Writes down what came by telephone or on paper, after the deadline too."""
    form = StaffReplyForm(_typed(request), guest=guest)
    question = back_office.Question(
        title=_("Reply of %(code)s") % {"code": guest.short_code},
        text=_("%(name)s, %(list)s. Who comes is registered with the pass “%(pass)s”; another reply replaces or withdraws "
               "them.")
        % {"name": _named(guest), "list": guest.guest_list.name, "pass": guest.guest_list.pass_type.name},
        button=_("Record the reply"),
        done=_("The reply is recorded."),
        icon="mail",
    )  # fmt: skip
    return ask(
        request,
        question,
        back=_list(),
        form=form,
        act=lambda **typed: replying.reply(guest=guest, user=request.user, **typed),
    )


class ScanForm(forms.Form):
    scan = Upload(label=gettext_lazy("Signed original"), help_text=gettext_lazy("PDF, JPEG or PNG, at most 5 MB."))


@act_upon_guest()
def scan(request, guest):
    question = back_office.Question(
        title=_("Signed original of %(code)s") % {"code": guest.short_code},
        text=_("The letter to %(name)s as it was signed. It replaces the file that is there, if there is one.")
        % {"name": _named(guest)},
        button=_("Keep the original"),
        done=_("The original is kept."),
        icon="upload",
    )
    return ask(
        request,
        question,
        back=_list(),
        form=ScanForm(_typed(request), request.FILES or None),
        act=lambda scan: inviting.keep_scan(guest=guest, scan=scan, user=request.user),
    )


@permission_required("registration.view_guest", raise_exception=True)
@require_safe
def original(request, pk):
    guest = get_object_or_404(Guest.objects.exclude(scan=""), pk=pk)
    response = uploads.answer(guest.scan)
    log(instance=guest, action="registration.scan", user=request.user)
    return response


@act_upon_guest()
def take_off(request, guest):
    question = back_office.Question(
        title=_("Take %(code)s off the list") % {"code": guest.short_code},
        text=_("%(name)s: nothing has gone out to them, and nothing of them is kept.") % {"name": _named(guest)},
        button=_("Take off the list"),
        done=_("The guest is off the list."),
        icon="bin",
        is_serious=True,
    )
    return ask(request, question, back=_list(), act=lambda: inviting.take_off(guest=guest, user=request.user))


@act_upon_guest("registration.erase_registration")
def erase(request, guest):
    question = back_office.Question(
        title=_("Erase %(code)s") % {"code": guest.short_code},
        text=_("%(name)s: name, address, original and e-mails are deleted for ever, and so is their own registration. "
               "Number and reply stay.") % {"name": _named(guest)},
        button=_("Erase for ever"),
        done=_("%(code)s is erased.") % {"code": guest.short_code},
        icon="bin",
        is_serious=True,
    )  # fmt: skip
    return ask(
        request,
        question,
        back=_list(),
        form=EraseForm(_typed(request)),
        act=lambda reason: erasing.erase_guest(guest=guest, reason=reason, user=request.user),
    )


class NumberForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Date of the letters"), required=False, widget=AdminDateInput,
        help_text=gettext_lazy("Blank: today."),
    )  # fmt: skip


@permission_required("registration.write_to_guest", raise_exception=True)
@require_http_methods(ASKED)
def number(request):
    """All letters of the filtered list that have no number, by rank."""
    guests = [guest for guest in chosen(request) if guest.letter_number is None]
    question = back_office.Question(
        title=_("Number the letters"),
        text=ngettext(
            "%(count)d letter gets a number. It keeps it for good.",
            "%(count)d letters get numbers, by rank and then in dictionary order. They keep them for good.",
            len(guests),
        ) % {"count": len(guests)},
        button=_("Number them"),
        done=_("The letters are numbered."),
        icon="list-ol",
    )  # fmt: skip
    return ask(
        request,
        question,
        back=_list(),
        form=NumberForm(_typed(request)),
        act=lambda on: inviting.number_many(guests=guests, on=on, user=request.user),
    )


@permission_required("registration.write_to_guest", raise_exception=True)
@require_http_methods(ASKED)
def send(request):
    """To all guests of the filtered list that have an address and have not replied."""
    guests = [guest for guest in chosen(request) if not guest.has_replied]
    reached = [guest for guest in guests if guest.email]
    again = sum(bool(guest.sent_at) for guest in reached)
    question = back_office.Question(
        title=_("Send the letters by e-mail"),
        text=_("%(reached)d guests who have not replied are written to, %(again)d of them again; letters without a number "
               "get one. %(without)d have no address: print theirs.")
        % {"reached": len(reached), "again": again, "without": len(guests) - len(reached)},
        button=_("Send the letters"),
        done=_("The letters go out within a few minutes."),
        icon="mail",
    )  # fmt: skip
    return ask(request, question, back=_list(), act=lambda: inviting.ask_to_send_many(guests=guests, user=request.user))


@permission_required("registration.write_to_guest", raise_exception=True)
@require_safe
def letters(request, kind):
    """The letters of the filtered list as one file."""
    if kind not in KINDS:
        raise Http404("no such kind of file")
    guests = list(chosen(request)[: AT_ONCE + 1])
    editions = {guest.edition_id for guest in guests}
    if trouble := _trouble(guests, editions):
        messages.warning(request, trouble)
        return redirect(f"{reverse(_list())}?{request.GET.urlencode()}")
    render_file, media_type = KINDS[kind]
    rows = {
        "format": kind,
        "rows": len(guests),
        "filters": {name: request.GET.getlist(name) for name in request.GET if name != "q"},
    }
    history.write_list(model=Guest, action="cms.export", user=request.user, data=rows)
    issued = inviting.issue(guests=guests, user=request.user)
    response = HttpResponse(render_file(issued), content_type=media_type)
    name = (
        invitation_documents.name_of(guests[0], kind) if len(guests) == 1 else f"invitations-{guests[0].edition.slug}.{kind}"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _trouble(guests, editions) -> str:
    if not guests:
        return _("No guest is left by these filters.")
    if len(guests) > AT_ONCE:
        return _("More than %(most)d letters at once: filter the list, by rank for example.") % {"most": AT_ONCE}
    return _("Choose a list first: here are guests of several forums.") if len(editions) > 1 else ""


@permission_required("registration.view_guest", raise_exception=True)
@require_safe
def overview(request, pk):
    """How the guests of one list have replied, drawn and in words."""
    guest_list = get_object_or_404(GuestList.objects.with_edition(), pk=pk)
    context = {
        "guest_list": guest_list,
        "figures": guest_figures.of(guest_list),
        "guests_url": f"{reverse(_list())}?guest_list={guest_list.pk}",
        "may_add": request.user.has_perm("registration.add_guest"),
        "may_write": request.user.has_perm("registration.write_to_guest"),
    }
    return render(request, "registration/back_office/guest_list.html", context)
