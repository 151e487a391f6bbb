"""How the organisers work with the exhibition."""

from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import ListingButton
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from cms.back_office import Permitted
from exhibitors import (
    back_office,
    back_office_acts,
    back_office_checks,
    back_office_papers,
    back_office_rows,
    back_office_sheets,
)
from exhibitors import back_office_applications as applications
from exhibitors import back_office_offers as offers
from exhibitors import back_office_pavilions as pavilions
from exhibitors import back_office_proposals as proposals
from exhibitors import back_office_requests as requests
from exhibitors import back_office_shown as shown
from exhibitors import back_office_tours as tours
from exhibitors.hosting import hosts_of
from exhibitors.models import Hall
from exhibitors.prices import back_office as prices
from exhibitors.readiness import back_office as ready
from exhibitors.readiness import back_office_moving as moving


class ExhibitionGroup(SnippetViewSetGroup):
    menu_label = _("Exhibition")
    menu_name = "exhibition"
    menu_icon = "table"
    menu_order = 300
    items = (
        back_office.Agencies,
        applications.Applications,
        applications.Neighbours,
        applications.Calls,
        proposals.Proposals,
        back_office.Bookings,
        ready.RequiredDocuments,
        ready.SentDocuments,
        ready.Reminders,
        moving.MoveSlots,
        shown.Themes,
        shown.Products,
        shown.Hosts,
        pavilions.Pavilions,
        tours.Tours,
        back_office.Booths,
        back_office.Zones,
        back_office.Halls,
        back_office.Structures,
        prices.PriceLists,
        prices.Prices,
        prices.Extras,
        prices.OrderedExtras,
        requests.Requests,
        prices.Packages,
        prices.Entitlements,
        back_office.Invitations,
        back_office.Members,
    )

    def get_submenu_items(self):
        board = Permitted(_("Readiness"), reverse("exhibition_readiness"), "tasks", "exhibitors.view_booking")
        times = Permitted(_("Move-in timetable"), reverse("exhibition_timetable"), "time", "exhibitors.view_moveslot")
        return [*super().get_submenu_items(), board, times]


register_snippet(ExhibitionGroup)


@hooks.register("register_admin_urls")
def act_addresses():
    return [
        path("exhibition/halls/<int:pk>/check/", back_office_checks.check, name="exhibition_check"),
        path("exhibition/halls/<int:pk>/plan.pdf", back_office_papers.plan_paper, name="exhibition_plan_paper"),
        path("exhibition/halls/<int:pk>/signs.pdf", back_office_papers.fascia_signs, name="exhibition_fascia_signs"),
        path("exhibition/editions/<int:pk>/booths/", back_office_sheets.sheet, name="exhibition_booth_sheet"),
        path("exhibition/editions/<int:pk>/booths.csv", back_office_sheets.written, name="exhibition_booths_written"),
        path("exhibition/editions/<int:pk>/booths.xlsx", back_office_sheets.template, name="exhibition_booth_template"),
        path("exhibition/zones/<int:pk>/rows/", back_office_rows.rows, name="exhibition_rows"),
        path("exhibition/bookings/<int:pk>/confirm/", back_office_acts.confirm, name="exhibition_confirm"),
        path("exhibition/bookings/<int:pk>/move/", back_office_acts.move, name="exhibition_move"),
        path("exhibition/bookings/<int:pk>/swap/", back_office_acts.swap, name="exhibition_swap"),
        path("exhibition/bookings/<int:pk>/release/", back_office_acts.release, name="exhibition_release"),
        path("exhibition/agencies/<int:pk>/apply/", applications.enter, name="exhibition_apply"),
        path("exhibition/applications/<int:pk>/withdraw/", applications.withdraw, name="exhibition_withdraw"),
        path("exhibition/applications/<int:pk>/pin/", applications.pin, name="exhibition_pin_by_hand"),
        path("exhibition/applications/decide/", applications.decide, name="exhibition_decide"),
        path("exhibition/proposals/new/", proposals.propose, name="exhibition_propose"),
        path("exhibition/proposals/<int:pk>/cancel/", proposals.cancel, name="exhibition_cancel_proposal"),
        path("exhibition/proposals/<int:pk>/publish/", proposals.publish, name="exhibition_publish"),
        path("exhibition/proposals/<int:pk>/disclose/", proposals.disclose, name="exhibition_disclose"),
        path("exhibition/proposals/<int:pk>/question.json", proposals.question, name="exhibition_question"),
        path("exhibition/proposals/lines/<int:pk>/pin/", proposals.pin, name="exhibition_pin"),
        path("exhibition/offers/new/", offers.offer, name="exhibition_offer"),
        path("exhibition/tours/<int:pk>/", tours.tour, name="exhibition_tour"),
        path("exhibition/tours/<int:pk>/sort/", tours.sort, name="exhibition_tour_sort"),
        path("exhibition/tours/<int:pk>/sheet.pdf", tours.paper, name="exhibition_tour_paper"),
        path("exhibition/tours/stops/<int:pk>/", tours.stop, name="exhibition_tour_stop"),
        path("exhibition/tours/stops/<int:pk>/move/", tours.move, name="exhibition_tour_move"),
        path("exhibition/tours/stops/<int:pk>/remove/", tours.remove, name="exhibition_tour_remove"),
        path("exhibition/requests/<int:pk>/", requests.decide, name="exhibition_request"),
        path("exhibition/requests/<int:pk>/letter/", requests.letter, name="exhibition_request_letter"),
        path("exhibition/sponsors/<int:pk>/tick/", prices.tick, name="exhibition_tick"),
        path("exhibition/timetable/", moving.timetable, name="exhibition_timetable"),
        path("exhibition/timetable/file.csv", moving.written, name="exhibition_timetable_csv"),
        path("exhibition/timetable/paper.pdf", moving.paper, name="exhibition_timetable_paper"),
        path("exhibition/timetable/<int:pk>/place/", moving.place, name="exhibition_move_place"),
        path("exhibition/documents/<int:pk>/decide/", ready.decide, name="exhibition_decide_document"),
        path("exhibition/documents/<int:pk>/file/", ready.file, name="exhibition_document_file"),
        path("exhibition/required/<int:pk>/waive/", ready.waive, name="exhibition_waive_document"),
        path("exhibition/agencies/<int:pk>/invite/", back_office_acts.invite, name="exhibition_invite"),
        path("exhibition/invitations/<int:pk>/revoke/", back_office_acts.revoke, name="exhibition_revoke"),
    ]


@hooks.register("register_snippet_listing_buttons")
def papers_of_halls(snippet, user, next_url=None):
    if not isinstance(snippet, Hall):
        return
    if user.has_perm("exhibitors.view_hall"):
        yield ListingButton(
            _("Plan (PDF)"), reverse("exhibition_plan_paper", args=[snippet.pk]), icon_name="print", priority=30
        )
    if user.has_perm("exhibitors.view_booking"):
        yield ListingButton(
            _("Fascia signs (PDF)"), reverse("exhibition_fascia_signs", args=[snippet.pk]), icon_name="print", priority=31
        )


# What stands on a session's page beneath what the programme says of it.
hooks.register("session_page", hosts_of)


class OnBehalf(LogFormatter):
    """Says as whose organiser somebody did what the agency's own people else do."""

    def format_message(self, log_entry):
        data = log_entry.data or {}
        if "organiser" not in data:
            return self.message
        return gettext("%(act)s, for its pavilion “%(pavilion)s” by %(organiser)s") % (data | {"act": self.message})


@hooks.register("register_log_actions")
def histories(actions):
    actions.register_action("exhibitors.book", _("Book a booth"), _("Booked"))
    actions.register_action("exhibitors.confirm", _("Confirm a booking"), _("Confirmed"))
    actions.register_action("exhibitors.release", _("Release a booking"), _("Released"))
    actions.register_action("exhibitors.lapse", _("Lapse a hold"), _("The hold lapsed"))
    actions.register_action("exhibitors.lay_out", _("Lay out rows of booths"), _("Laid out rows of booths"))
    for act, label, done in (
        ("save_application", _("Write an application"), _("Wrote the application")),
        ("submit_application", _("Submit an application"), _("Submitted the application")),
        ("application_returned", _("Return an application"), _("Returned the application with questions")),
        ("application_accepted", _("Accept an application"), _("Accepted the application")),
        ("application_waitlisted", _("Put on the waiting list"), _("Put the application on the waiting list")),
        ("application_refused", _("Refuse an application"), _("Refused the application")),
        ("withdraw_application", _("Withdraw an application"), _("Withdrew the application")),
    ):
        actions.register_action(f"exhibitors.{act}", label, done)
    actions.register_action("exhibitors.bring_in", _("Bring in a booth"), _("Brought in by a sheet"))
    actions.register_action("exhibitors.ask_proposal", _("Propose booths"), _("Asked for a proposal of booths"))
    actions.register_action("exhibitors.cancel_proposal", _("Cancel a proposal"), _("Cancelled the proposal"))
    actions.register_action("exhibitors.publish_proposal", _("Publish a proposal"), _("Published the proposal as offers"))
    actions.register_action("exhibitors.disclose", _("Show how booths were given"), _("Showed how booths were given"))
    actions.register_action("exhibitors.hide", _("Hide how booths were given"), _("Hid how booths were given"))
    actions.register_action("exhibitors.question", _("Take out the question"), _("Took out question and answer"))
    actions.register_action("exhibitors.offer", _("Offer a booth"), _("Offered the booth"))
    actions.register_action("exhibitors.accept_offer", _("Accept an offer"), _("Accepted the offer"))
    actions.register_action("exhibitors.pin", _("Pin to a booth"), _("Pinned to a booth, or no longer"))
    actions.register_action("exhibitors.order_package", _("Order a package"), _("Ordered the package"))
    actions.register_action("exhibitors.tick", _("Tick off"), _("Given to the sponsor"))
    actions.register_action("exhibitors.untick", _("Take the tick off"), _("Not given to the sponsor after all"))
    actions.register_action("exhibitors.order_extras", _("Order extras"), _("Ordered extras"))
    actions.register_action("exhibitors.invite", _("Invite a person"), _("Invited a person"))
    actions.register_action("exhibitors.give_role", _("Give a role"), _("Gave a role to somebody who acts for it"))
    actions.register_action("exhibitors.remove_member", _("Remove a member"), _("Removed somebody who acted for it"))
    actions.register_action("exhibitors.revoke", _("Revoke an invitation"), _("Revoked an invitation"))
    actions.register_action("exhibitors.join", _("Join an agency"), _("Joined by invitation"))
    actions.register_action(
        "exhibitors.give", _("Give a booth of a pavilion"), _("Gave the booth to a member of the pavilion")
    )
    for act, label, done in (
        ("confirm_request", _("Confirm an address"), _("Confirmed the address")),
        ("answer_request", _("Answer a question"), _("Answered the question")),
        ("request_accepted", _("Accept a request"), _("Accepted the request for an account")),
        ("request_returned", _("Return a request"), _("Returned the request for an account with a question")),
        ("request_refused", _("Refuse a request"), _("Refused the request for an account")),
        ("request_letter", _("Open a letter"), _("Opened the stamped letter")),
    ):
        actions.register_action(f"exhibitors.{act}", label, done)
    actions.register_action("exhibitors.rename_sign", _("Write the sign"), _("Wrote the sign of the booth"))
    actions.register_action("exhibitors.set_up_pavilion", _("Set up a pavilion"), _("Set up the pavilion"))
    actions.register_action("exhibitors.change_pavilion", _("Change a pavilion"), _("Changed the pavilion"))

    for act, label, done in (
        ("describe", _("Edit the profile"), _("Edited the profile on the desk")),
        ("choose_themes", _("Choose themes"), _("Chose themes on the desk")),
        ("keep_product", _("Write of a product"), _("Wrote of a product on the desk")),
        ("remove_product", _("Remove a product"), _("Removed a product on the desk")),
        ("choose_move", _("Choose a move-in time"), _("Chose a time of build-up or tear-down")),
        ("send_document", _("Send a document"), _("Sent a document on the desk")),
    ):
        actions.register_action(f"exhibitors.{act}")(type(act, (OnBehalf,), {"label": label, "message": done}))
    actions.register_action("exhibitors.arrange_tour", _("Arrange a tour"), _("Arranged the stops of the tour"))
    actions.register_action("exhibitors.document_approved", _("Approve a document"), _("Approved the document"))
    actions.register_action("exhibitors.document_returned", _("Return a document"), _("Returned the document"))
    actions.register_action("exhibitors.open_document", _("Open a document"), _("Opened the document"))
    actions.register_action("exhibitors.remind", _("Remind an exhibitor"), _("Reminded of what is missing"))
    actions.register_action("exhibitors.waive_document", _("Waive a document"), _("Said that the document is not needed"))

    @actions.register_action("exhibitors.move")
    class Moved(LogFormatter):
        label = _("Move to another booth")

        def format_message(self, log_entry):
            return gettext("From booth %(before)s to booth %(booth)s: %(reason)s") % log_entry.data
