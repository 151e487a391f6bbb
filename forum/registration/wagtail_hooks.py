"""How staff work with registrations."""

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from cms import addresses
from forum.registration import (
    back_office_accreditation,
    back_office_acts,
    back_office_approvals,
    back_office_circulars,
    back_office_figures,
    back_office_groups,
    back_office_guest_sheets,
    back_office_letters,
    back_office_personal,
    back_office_registering,
    back_office_waiting,
)
from forum.registration.back_office_guests import InvitationsGroup
from forum.registration.models import Guest, GuestList, PassType, Registration

register_snippet(InvitationsGroup)


@hooks.register("register_snippet_listing_buttons")
def withdraw_button(instance, user, next_url=None):
    if isinstance(instance, Registration) and instance.is_live and user.has_perm("registration.change_registration"):
        yield Button(
            _("Withdraw"), url=addresses.of_row("registration_withdraw", instance.pk), icon_name="cross", priority=90
        )


@hooks.register("register_snippet_listing_buttons")
def erase_button(instance, user, next_url=None):
    may_erase = isinstance(instance, Registration) and user.has_perm("registration.erase_registration")
    if may_erase and not instance.erased_at:
        yield Button(_("Erase"), url=addresses.of_row("registration_erase", instance.pk), icon_name="bin", priority=95)


@hooks.register("register_snippet_listing_buttons")
def letter_button(instance, user, next_url=None):
    if isinstance(instance, Registration) and instance.is_coming and user.has_perm("registration.change_registration"):
        yield Button(
            _("Letter (PDF)"), url=addresses.of_row("registration_letter", instance.pk), icon_name="doc-full", priority=87
        )


@hooks.register("register_snippet_listing_buttons")
def answers_button(instance, user, next_url=None):
    if isinstance(instance, Registration) and user.has_perm("registration.change_registration"):
        yield Button(_("Answers"), url=addresses.of_row("registration_answers", instance.pk), icon_name="help", priority=85)


@hooks.register("register_snippet_listing_buttons")
def accredit_button(instance, user, next_url=None):
    is_asked = isinstance(instance, Registration) and instance.is_live and instance.pass_type.asks_photo
    if is_asked and user.has_perm("registration.change_accreditation"):
        yield Button(
            _("For clearance"), url=addresses.of_row("registration_accredit", instance.pk), icon_name="lock", priority=86
        )


@hooks.register("register_snippet_listing_buttons")
def codes_button(instance, user, next_url=None):
    if isinstance(instance, PassType) and instance.needs_code and user.has_perm("registration.add_accesscode"):
        yield Button(
            _("Make codes"), url=reverse("registration_issue_codes", args=[instance.pk]), icon_name="key", priority=80
        )


@hooks.register("register_snippet_listing_buttons")
def waiting_buttons(instance, user, next_url=None):
    if isinstance(instance, Registration) and instance.is_waiting and user.has_perm("registration.change_registration"):
        yield Button(
            _("Offer a place"), url=addresses.of_row("registration_offer", instance.pk), icon_name="tick", priority=70
        )
        yield Button(
            _("Prefer"), url=addresses.of_row("registration_prefer", instance.pk), icon_name="order-up", priority=75
        )
        yield Button(
            _("Withdraw the offer"),
            url=addresses.of_row("registration_withdraw_offer", instance.pk),
            icon_name="undo",
            priority=80,
        )


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("registrations/new/", back_office_registering.register, name="registration_register"),
        path("registrations/<int:pk>/withdraw/", back_office_acts.withdraw, name="registration_withdraw"),
        path("registrations/<int:pk>/erase/", back_office_acts.erase, name="registration_erase"),
        path("registrations/<int:pk>/letter.pdf", back_office_acts.letter, name="registration_letter"),
        path("registrations/<int:pk>/offer/", back_office_waiting.offer, name="registration_offer"),
        path("registrations/<int:pk>/prefer/", back_office_waiting.prefer, name="registration_prefer"),
        path(
            "registrations/<int:pk>/withdraw-offer/",
            back_office_waiting.withdraw_offer,
            name="registration_withdraw_offer",
        ),
        path("registrations/<int:pk>/answers/", back_office_acts.answers, name="registration_answers"),
        path("registrations/answers/<int:pk>/file/", back_office_acts.answer_file, name="registration_answer_file"),
        path("registrations/<int:pk>/accreditation/", back_office_accreditation.accredit, name="registration_accredit"),
        path("registrations/<int:pk>/photo.jpg", back_office_accreditation.photo, name="registration_photo"),
        path("registrations/security-list/", back_office_accreditation.security_list, name="registration_security_list"),
        path("registrations/figures/", back_office_figures.figures, name="registration_figures"),
        path("registrations/approvals/", back_office_approvals.approvals, name="registration_approvals"),
        path("registrations/group/<slug:act>/", back_office_groups.act_on_group, name="registration_group"),
        path("registrations/write/", back_office_circulars.write, name="registration_circular_write"),
        path("registrations/circulars/", back_office_circulars.circulars, name="registration_circulars"),
        path("registrations/circulars/<int:pk>/", back_office_circulars.circular, name="registration_circular"),
        path("registrations/circulars/<int:pk>/stop/", back_office_circulars.cancel, name="registration_circular_cancel"),
        path(
            "registrations/circulars/<int:pk>/letters/<int:part>/",
            back_office_circulars.letters,
            name="registration_circular_letters",
        ),
        path("registrations/invitations/new/", back_office_personal.invite, name="registration_personal_invite"),
        path("registrations/invitations/<int:pk>/send/", back_office_personal.send_again, name="registration_personal_send"),
        path("registrations/invitations/<int:pk>/revoke/", back_office_personal.revoke, name="registration_personal_revoke"),
        path("registrations/invitations/<int:pk>/erase/", back_office_personal.erase, name="registration_personal_erase"),
        path(
            "registrations/invitations/<int:pk>/page.pdf", back_office_personal.letter, name="registration_personal_letter"
        ),
        path("passes/<int:pk>/codes/", back_office_acts.issue_codes, name="registration_issue_codes"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions):
    actions.register_action("registration.register", gettext_lazy("Register"), gettext_lazy("Registered at the desk"))
    actions.register_action("registration.delegate", gettext_lazy("Name"), gettext_lazy("Named by the focal point"))
    actions.register_action("registration.letter", gettext_lazy("Print a letter"), gettext_lazy("Letter printed"))
    actions.register_action("registration.send_link", gettext_lazy("Send the link again"), gettext_lazy("Link sent again"))
    actions.register_action("registration.make_links", gettext_lazy("Make links"), gettext_lazy("Links to places made"))
    actions.register_action("registration.revoke_link", gettext_lazy("Revoke a link"), gettext_lazy("Link revoked"))
    actions.register_action("registration.use_link", gettext_lazy("Use a link"), gettext_lazy("Registered by a link"))
    actions.register_action("registration.correct", gettext_lazy("Correct"), gettext_lazy("Corrected by a sheet"))
    actions.register_action("registration.swap", gettext_lazy("Replace"), gettext_lazy("Replaced by another person"))
    actions.register_action("registration.withdraw", gettext_lazy("Withdraw"), gettext_lazy("Withdrawn"))
    actions.register_action("registration.approve", gettext_lazy("Approve"), gettext_lazy("Approved by an office"))
    actions.register_action("registration.refuse", gettext_lazy("Refuse"), gettext_lazy("Refused by an office"))
    actions.register_action("registration.agree", gettext_lazy("Agree"), gettext_lazy("Agreed to the privacy notice"))
    actions.register_action("registration.allow", gettext_lazy("Allow"), gettext_lazy("Further uses allowed or taken back"))
    actions.register_action("registration.say_coming", gettext_lazy("Say that they come"), gettext_lazy("Says they come"))
    actions.register_action("registration.make_firm", gettext_lazy("Make firm"), gettext_lazy("Place made firm"))
    actions.register_action("registration.issue_codes", gettext_lazy("Make codes"), gettext_lazy("Access codes made"))
    actions.register_action("registration.answers", gettext_lazy("Answers"), gettext_lazy("Answers corrected"))
    actions.register_action(
        "registration.answer_file", gettext_lazy("Take out a file"), gettext_lazy("File of an answer taken out")
    )
    actions.register_action("registration.edit", gettext_lazy("Edit"), gettext_lazy("Changed on the own page"))
    actions.register_action("registration.renew_link", gettext_lazy("Renew link"), gettext_lazy("Link renewed"))
    actions.register_action("registration.erase", gettext_lazy("Erase"), gettext_lazy("Erased"))
    actions.register_action("registration.offer", gettext_lazy("Offer a place"), gettext_lazy("Offered a place"))
    actions.register_action("registration.take_offer", gettext_lazy("Take a place"), gettext_lazy("Took the place offered"))
    actions.register_action("registration.lapse_offer", gettext_lazy("Lapse an offer"), gettext_lazy("The offer lapsed"))
    actions.register_action(
        "registration.withdraw_offer", gettext_lazy("Withdraw an offer"), gettext_lazy("Withdrew the offer of a place")
    )
    actions.register_action("registration.wait_again", gettext_lazy("Wait again"), gettext_lazy("Waits again"))

    actions.register_action(
        "registration.accredit",
        gettext_lazy("Details for clearance"),
        gettext_lazy("Details for clearance given or changed"),
    )

    @actions.register_action("registration.security_list")
    class SecurityListTaken(LogFormatter):
        label = gettext_lazy("Take out the list for security")

        def format_message(self, log_entry):
            return _("Took out the list for security: %(rows)s people, %(photos)s photos") % log_entry.data

    @actions.register_action("registration.grant_places")
    class PlacesGranted(LogFormatter):
        label = gettext_lazy("Grant places")

        def format_message(self, log_entry):
            if log_entry.data["package"]:
                return _("%(number)s places came with the package “%(package)s”") % log_entry.data
            return _("%(number)s places came with its booths") % log_entry.data

    @actions.register_action("registration.withdraw_places")
    class PlacesWithdrawn(LogFormatter):
        label = gettext_lazy("Withdraw places")

        def format_message(self, log_entry):
            if log_entry.data["package"]:
                return _("%(number)s places went back with the package “%(package)s”") % log_entry.data
            return _("%(number)s places went back with its booths") % log_entry.data

    actions.register_action("registration.cancel_circular", gettext_lazy("Stop a circular"), gettext_lazy("Stopped"))

    @actions.register_action("registration.circulate")
    class Circulated(LogFormatter):
        label = gettext_lazy("Write to people")

        def format_message(self, log_entry):
            return _("Wrote to %(number)s people: %(chosen_by)s") % log_entry.data

    @actions.register_action("registration.circular_letters")
    class PrintedCircular(LogFormatter):
        label = gettext_lazy("Print a circular")

        def format_message(self, log_entry):
            return _("Printed it for %(number)s people") % log_entry.data

    @actions.register_action("registration.prefer")
    class Preferred(LogFormatter):
        label = gettext_lazy("Prefer on the waiting list")

        def format_message(self, log_entry):
            return _("Priority %(priority)s on the waiting list: %(reason)s") % log_entry.data


@hooks.register("register_snippet_listing_buttons")
def guest_buttons(instance, user, next_url=None):
    """What may be done for one guest, by those who write to guests."""
    if isinstance(instance, GuestList) and user.has_perm("registration.view_guest"):
        address = reverse("guests_overview", args=[instance.pk])
        yield Button(_("Replies"), url=address, icon_name="list-ul", priority=50)
    if not isinstance(instance, Guest) or instance.erased_at:
        return
    acts = []
    if user.has_perm("registration.write_to_guest"):
        one = f"?q={instance.code}"
        acts += [
            (_("Record the reply"), reverse("guest_reply", args=[instance.pk]), "tick"),
            (_("Letter (PDF)"), reverse("guests_letters", args=["pdf"]) + one, "doc-full"),
            (_("Letter (DOCX)"), reverse("guests_letters", args=["docx"]) + one, "doc-full"),
            (_("Keep the signed original"), reverse("guest_scan", args=[instance.pk]), "upload"),
            (_("Take off the list"), reverse("guest_take_off", args=[instance.pk]), "cross"),
        ]
    if instance.scan and user.has_perm("registration.view_guest"):
        acts.append((_("Signed original"), reverse("guest_original", args=[instance.pk]), "download"))
    if user.has_perm("registration.erase_registration"):
        acts.append((_("Erase"), reverse("guest_erase", args=[instance.pk]), "bin"))
    for place, (label, address, icon) in enumerate(acts):
        yield Button(label, url=address, icon_name=icon, priority=60 + place)


@hooks.register("register_admin_urls")
def guest_urls():
    acts, sheets = back_office_letters, back_office_guest_sheets
    return [
        path("guests/number/", acts.number, name="guests_number"),
        path("guests/send/", acts.send, name="guests_send"),
        path("guests/letters/<slug:kind>/", acts.letters, name="guests_letters"),
        path("guests/lists/<int:pk>/", acts.overview, name="guests_overview"),
        path("guests/lists/<int:pk>/sheet/", sheets.sheet, name="guests_sheet"),
        path("guests/lists/<int:pk>/template.xlsx", sheets.template, name="guests_template"),
        path("guests/<int:pk>/reply/", acts.reply, name="guest_reply"),
        path("guests/<int:pk>/scan/", acts.scan, name="guest_scan"),
        path("guests/<int:pk>/original/", acts.original, name="guest_original"),
        path("guests/<int:pk>/take-off/", acts.take_off, name="guest_take_off"),
        path("guests/<int:pk>/erase/", acts.erase, name="guest_erase"),
    ]


@hooks.register("register_log_actions")
def guests_log_actions(actions):
    for name, label, message in [
        ("number_letter", gettext_lazy("Number a letter"), gettext_lazy("Letter numbered")),
        ("issue_letter", gettext_lazy("Issue a letter"), gettext_lazy("Letter issued")),
        ("send_letter", gettext_lazy("Send a letter"), gettext_lazy("Letter sent by e-mail")),
        ("keep_scan", gettext_lazy("Keep the original"), gettext_lazy("Signed original kept")),
        ("scan", gettext_lazy("Take out the original"), gettext_lazy("Signed original taken out")),
        ("invite", gettext_lazy("Register by invitation"), gettext_lazy("Registered by invitation")),
        ("take_off", gettext_lazy("Take off the list"), gettext_lazy("Taken off the list")),
        ("add_guest", gettext_lazy("Add a guest"), gettext_lazy("Added by a sheet")),
        ("make_invitation", gettext_lazy("Invite personally"), gettext_lazy("Personal invitation made")),
        ("send_invitation", gettext_lazy("Send an invitation"), gettext_lazy("Personal invitation sent again")),
        ("print_invitation", gettext_lazy("Print an invitation"), gettext_lazy("Page of the invitation taken out")),
        ("revoke_invitation", gettext_lazy("Revoke an invitation"), gettext_lazy("Personal invitation revoked")),
        ("use_invitation", gettext_lazy("Use an invitation"), gettext_lazy("Registered by a personal invitation")),
    ]:
        actions.register_action(f"registration.{name}", label, message)

    @actions.register_action("registration.reply")
    class Replied(LogFormatter):
        label = gettext_lazy("Reply to an invitation")

        def format_message(self, log_entry):
            return _("Reply: %(reply)s") % {"reply": Guest.Reply(log_entry.data["reply"]).label}
