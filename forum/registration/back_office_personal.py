"""Personal invitations in the back office: the list, and the acts upon one."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView

from cms import back_office, languages, pdf
from cms.back_office import NOT_SHOWN, FoldedSearch, InspectLocally, MadeByActs, ask
from forum.registration import erasing, personal_emails, personal_inviting
from forum.registration.back_office import StaffForm
from forum.registration.back_office_acts import EraseForm
from forum.registration.models import PersonalInvitation
from forum.registration.personal_forms import InviteForm, SendAgainForm

LIST = "wagtailsnippets_registration_personalinvitation:list"
REGISTRATION = "wagtailsnippets_registration_registration:inspect"
State = PersonalInvitation.State


class InvitationFilter(WagtailFilterSet):
    state = ChoiceFilter(label=gettext_lazy("State"), choices=State.choices, method="in_state")

    def in_state(self, queryset, name, value):
        return queryset.in_state(value)

    class Meta:
        model = PersonalInvitation
        fields = ["pass_type__edition", "pass_type", "language", "state"]


class ListInvitations(FoldedSearch):
    @cached_property
    def header_buttons(self):
        buttons = super().header_buttons
        if self.request.user.has_perm("registration.add_personalinvitation"):
            buttons = [
                *buttons,
                HeaderButton(_("Invite a person"), url=reverse("registration_personal_invite"), icon_name="plus"),
            ]
        return buttons

    def get_edit_url(self, instance):
        return None if instance.erased_at else super().get_edit_url(instance)

    def get_list_more_buttons(self, instance):
        return [*super().get_list_more_buttons(instance), *self._acts(instance)]

    def _acts(self, instance):
        """What may be done with an invitation in its state, and where a used one leads."""
        may = self.request.user.has_perm
        is_ended = instance.used_at or instance.revoked_at
        if instance.registration_id and may("registration.view_registration"):
            yield _button(_("The registration"), REGISTRATION, instance.registration_id, "user", 40)
        if not is_ended and may("registration.change_personalinvitation"):
            yield _button(_("Send again"), "registration_personal_send", instance.pk, "mail", 50)
            if instance.is_open:
                yield _button(_("Page (PDF)"), "registration_personal_letter", instance.pk, "doc-full", 60)
            yield _button(_("Revoke"), "registration_personal_revoke", instance.pk, "cross", 70)
        if not instance.erased_at and may("registration.erase_registration"):
            yield _button(_("Erase"), "registration_personal_erase", instance.pk, "bin", 95)


class CorrectInvitation(EditView):
    """Nothing is written about a person again who was erased."""

    def get_object(self, queryset=None):
        found = super().get_object(queryset)
        if found.erased_at:
            raise Http404("erased")
        return found


class InspectInvitation(InspectLocally):
    def get_edit_url(self):
        return None if self.object.erased_at else super().get_edit_url()


def _button(label, name, pk, icon, priority):
    return Button(label, url=reverse(name, args=[pk]), icon_name=icon, priority=priority)


class PersonalInvitationViewSet(MadeByActs):
    model = PersonalInvitation
    icon = "mail"
    menu_label = gettext_lazy("Personal invitations")
    list_display = [
        "code",
        "name_latin",
        Column("name_km", label=gettext_lazy("Khmer")),
        Column("agency", label=gettext_lazy("Agency"), accessor=lambda row: row.agency_in(languages.current())),
        "pass_type",
        Column("state_written", label=gettext_lazy("State")),
        Column("until", label=gettext_lazy("Valid until"), accessor="access_code.valid_until"),
        "sent_at",
        "registration",
    ]
    filterset_class = InvitationFilter
    list_export = [
        "code", "name_latin", "name_km", "agency", "agency_name", "pass_type", "email", "language", "state",
        "access_code.valid_until", "sent_at", "opened_at", "used_at", "revoked_at", "registration",
    ]  # fmt: skip
    export_headings = {"access_code.valid_until": gettext_lazy("Valid until"), "state": gettext_lazy("State")}
    list_per_page = 50
    index_view_class = ListInvitations
    edit_view_class = CorrectInvitation
    inspect_view_class = InspectInvitation
    inspect_view_fields_exclude = [*NOT_SHOWN, "access_code"]
    panels = [
        FieldRowPanel([FieldPanel("code", read_only=True), FieldPanel("pass_type", read_only=True)]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("honorific"), FieldPanel("title")]),
                FieldPanel("name_km"),
                FieldPanel("name_latin"),
                FieldPanel("position"),
            ],
            heading=gettext_lazy("Person"),
        ),
        MultiFieldPanel([FieldPanel("agency"), FieldPanel("agency_name")], heading=gettext_lazy("Agency")),
        MultiFieldPanel(
            [FieldPanel("contact_name"), FieldPanel("email", read_only=True), FieldPanel("language")],
            heading=gettext_lazy("Contact"),
        ),
    ]
    edit_handler = ObjectList(panels, base_form_class=StaffForm)

    def get_queryset(self, request):
        return PersonalInvitation.objects.with_names()


@permission_required("registration.add_personalinvitation", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request):
    question = back_office.Question(
        title=_("Invite a person"),
        text=_(
            "The person gets a link that opens the form for this pass alone, filled with what is written here. "
            "It serves once."
        ),
        button=_("Invite"),
        done=_("The invitation is made. Where it has no address, print its page from this list."),
        icon="mail",
    )
    return ask(
        request,
        question,
        back=LIST,
        form=InviteForm(request.POST if request.method == "POST" else None),
        act=lambda **typed: personal_inviting.invite(user=request.user, **typed),
    )


def act_upon_invitation(view, permission="registration.change_personalinvitation"):
    """A view that is given the invitation."""

    @permission_required(permission, raise_exception=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    def asked(request, pk):
        return view(request, get_object_or_404(PersonalInvitation.objects.with_names(), pk=pk, erased_at=None))

    return asked


@act_upon_invitation
def send_again(request, invitation):
    question = back_office.Question(
        title=_("Send the invitation %(code)s again") % {"code": invitation.short_code},
        text=invitation.addressed_in(languages.current()),
        button=_("Send again"),
        done=_("The invitation is on its way."),
        icon="mail",
    )
    known = {"email": invitation.email, "valid_until": invitation.access_code.valid_until}
    return ask(
        request,
        question,
        back=LIST,
        form=SendAgainForm(request.POST if request.method == "POST" else None, initial=known),
        act=lambda **typed: personal_inviting.send_again(invitation=invitation, user=request.user, **typed),
    )


@act_upon_invitation
def revoke(request, invitation):
    question = back_office.Question(
        title=_("Revoke the invitation %(code)s") % {"code": invitation.short_code},
        text=_("%(name)s: the link no longer opens the form.") % {"name": invitation.addressed_in(languages.current())},
        button=_("Revoke the invitation"),
        done=_("The invitation %(code)s is revoked.") % {"code": invitation.short_code},
        icon="mail",
        is_serious=True,
    )
    return ask(request, question, back=LIST, act=lambda: personal_inviting.revoke(invitation=invitation, user=request.user))


def _erase(request, invitation):
    """For who was invited and asks by letter to be forgotten; with a registration its own erasure does it."""
    question = back_office.Question(
        title=_("Erase the invitation %(code)s") % {"code": invitation.short_code},
        text=_("%(name)s: name, address and letters are deleted for ever, and the link no longer opens.")
        % {"name": invitation.addressed_in(languages.current())},
        button=_("Erase for ever"),
        done=_("%(code)s is erased.") % {"code": invitation.short_code},
        icon="bin",
        is_serious=True,
    )
    return ask(
        request,
        question,
        back=LIST,
        form=EraseForm(request.POST if request.method == "POST" else None),
        act=lambda reason: erasing.erase_invitation(invitation=invitation, reason=reason, user=request.user),
    )


erase = act_upon_invitation(_erase, permission="registration.erase_registration")


@permission_required("registration.change_personalinvitation", raise_exception=True)
@require_safe
def letter(request, pk):
    """The page with the QR, for a person whom no e-mail reaches."""
    invitation = get_object_or_404(PersonalInvitation.objects.with_names(), pk=pk)
    if not invitation.is_open:
        raise Http404("nothing to print")
    personal_inviting.note_printing(invitation=invitation, user=request.user)
    return pdf.answer(personal_emails.print_page(invitation), f"invitation-{invitation.code}.pdf")
