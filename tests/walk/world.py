"""One row of every kind, the people who come to the doors, and an example of every address."""

import re
from dataclasses import dataclass, field
from itertools import product

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Site, Task, UploadedFile, Workflow
from wagtail.snippets.models import get_snippet_models

from exhibitors.models import Reminder, Tour, TourStop
from forum.accounts import roles
from forum.badges import batching, printing
from forum.badges.models import Badge, BadgeLayout, BadgePrint, Handover, new_list
from forum.checkin import admission, devices, excepting
from forum.checkin.models import Gate, PassException, Scan
from forum.documents import issuing
from forum.home import tree
from forum.payments import ordering, papers
from forum.payments.models import KhqrCode, Refund, StatementFormat, StatementLine
from forum.registration import answering, circulating, consenting, inviting, linking, replying
from forum.registration.models import AccessZone, ActingLink, Answer, Letterhead, Offer, Registration
from forum.visas.models import VisaDesk, VisaRequest
from tests.factories import accounts, agenda, cms, exhibitors, home, payments, proposals, registration
from tests.factories import mou as memoranda
from tests.signing_in import Visitor

GUEST_ACTS = ("guest_reply", "guest_scan", "guest_original", "guest_take_off", "guest_erase")
LANGUAGE = re.compile(r"^(en|km)/")


@dataclass
class World:
    """``users`` by who they are, and their browsers once they came; ``rows`` by the label of their model; ``given`` is what
    addresses are filled with, by name."""

    users: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    given: dict = field(default_factory=dict)


def make() -> World:
    roles.make()
    edition = cms.edition()
    tree.open_edition(edition)
    world = World()
    _fill(world, edition)
    _invite(world)
    return world


def _fill(world, edition):
    administrator = accounts.user(is_superuser=True, email="administrator@example.org")
    world.users["administrator"] = administrator
    hall = exhibitors.hall(edition)
    exhibitors.structure(hall)
    booking = exhibitors.booking(exhibitors.booth(exhibitors.zone(hall)), state="held")
    session = agenda.session(
        edition, at=agenda.moment(edition), speakers=[agenda.speaker(edition=edition)], track=agenda.track(edition=edition)
    )
    person = registration.accredit(
        registration.registration(registration.pass_type(edition, needs_photo=True, shows_photo=True))
    )
    acting_link = ActingLink.objects.create(edition=edition, address="aide@example.org", sent_at=timezone.now())
    full = registration.pass_type(edition, slug="full", size=1, has_waiting_list=True)
    registration.registration(full)
    Offer.objects.create(registration=registration.registration(full), until=timezone.now())
    registration.access_code(person.pass_type)
    hall_zone = AccessZone.objects.create(edition=edition, name_en="Hall")
    _spare, asked = registration.question(edition), registration.question(edition, "file")
    answering.keep(person, {asked: ContentFile(b"%PDF-", name="proof.pdf")})
    memorandum = memoranda.memorandum(edition=edition)
    order = payments.order(payments.priced(edition, slug="priced"))
    VisaDesk.objects.create(edition=edition, closes_on=edition.closes_on)
    visa = VisaRequest.objects.create(
        registration=person, holder_no=1, nationality="JP", passport_number="X1", post="Tokyo",
        **dict.fromkeys(["born_on", "expires_on", "arrives_on", "leaves_on"], edition.opens_on),
    )  # fmt: skip
    paper = ordering.write_invoice(order=order, name="A ministry", agency="", tax_number="")
    issued = issuing.issue(
        edition=edition, kind="visa", holder=("SOK Dara", ""), says="x", draw=lambda link: b"%PDF-"
    )  # fmt: skip
    papers.file_of(paper)
    payment = payments.pay(order, 1_000)
    Refund.objects.create(order=order, payment=payment, amount=1, currency="USD", method="transfer", provider="hand")
    payments.terms(edition)
    soon = {"expires_at": order.held_until, "account": "forum@exmp"}
    KhqrCode.objects.create(order=order, md5="0" * 32, amount=1, currency="USD", **soon)
    columns = ["date_column", "amount_column", "text_column", "number_column"]
    bank = StatementFormat.objects.create(name="Example Bank", **dict.fromkeys(columns, "x"))
    line = StatementLine.objects.create(format=bank, number="1", booked_on=edition.opens_on, amount=1, currency="USD")
    circular = circulating.write(
        edition=edition, people=Registration.objects.filter(pk=person.pk), chosen_by="everybody", to_contacts=False,
        user=administrator, subject_en="News", subject_km="News", body_en="News", body_km="News",
    )  # fmt: skip
    gate = Gate.objects.create(edition=edition, name_en="Main gate")
    device = devices.prepare(gate=gate, name="Red telephone", user=administrator)
    (badge,) = printing.issue([person])
    BadgePrint.objects.create(badge=badge, printed_by=administrator)
    batch = batching.order(edition=edition, pass_type=person.pass_type, reason="damaged", user=administrator)
    while batching.do_next():
        pass
    listed = Handover.objects.create(badge=Badge.objects.valid().get(), to="A focal point", list_code=new_list())
    layout = BadgeLayout.objects.create(edition=edition, name="Cards", shape="card")
    admission.scan(gate=gate, typed=badge.serial)
    excepting.make(registration=person, zone=hall_zone, is_open=True, reason="Speaks there", user=administrator)
    session.save_revision(user=administrator)
    page = home.content_page(home.edition_page(edition))
    revision = page.save_revision(user=administrator)
    workflow = Workflow.objects.get(name=roles.APPROVAL)
    state = workflow.start(page, administrator)
    image = get_image_model().objects.create(title="Hall", file=ContentFile(PIXEL, name="hall.png"), width=1, height=1)
    document = get_document_model().objects.create(title="Draft", file=ContentFile(b"draft", name="draft.txt"))
    confirmed = exhibitors.booking(exhibitors.booth(booking.booth.zone, "A02"))
    world.users["member"] = exhibitors.member(booking.agency)
    world.users["colleague"] = exhibitors.member(booking.agency, role="colleague")
    world.users["member of another agency"] = exhibitors.member(exhibitors.agency())
    invitation = exhibitors.invitation(exhibitors.agency())
    account_request = exhibitors.account_request(edition)
    pavilion = exhibitors.pavilion(edition, booking.agency)
    exhibitors.booking(exhibitors.booth(booking.booth.zone, "P01", pavilion=pavilion))
    exhibitors.call(edition)
    exhibitors.price(edition)
    sponsorship = exhibitors.package(edition, taken=1).sponsorships.create(agency=booking.agency, state="firm")
    entitlement = sponsorship.entitlements.create(kind="logo")
    booking.ordered_extras.create(extra=exhibitors.extra(edition, taken=1), quantity=1)
    application = exhibitors.application(edition, booking.agency)
    application.neighbours.create(kind="near", name="Somebody")
    booking.application = application
    booking.save()
    run = proposals.run(edition, booths={proposals.accepted(edition): confirmed.booth})
    shown = proposals.disclosed(edition, {proposals.accepted(edition): confirmed.booth})
    product = exhibitors.product(booking.agency, edition)
    exhibitors.theme(edition, by=[booking.agency])
    exhibitors.host(session, booking.agency)
    tour = Tour.objects.create(edition=edition, name_en="Tour", starts_at=agenda.moment(edition))
    stop = TourStop.objects.create(tour=tour, booth=confirmed.booth, position=1)
    required = exhibitors.required_document(edition)
    sent = exhibitors.sent_document(required, confirmed.agency)
    exhibitors.sent_document(required, booking.agency)
    slot = exhibitors.move_slot(booking.booth.zone.hall)
    theirs = exhibitors.booking(exhibitors.booth(booking.booth.zone, "M01"), booking.agency)
    Reminder.objects.create(edition=edition, agency=confirmed.agency, day=edition.today, missing=1)
    delegation = registration.delegation(booking.agency, delegate=2)
    delegate = registration.delegate(delegation, email="")
    (link,) = linking.make(delegation=delegation, pass_type=delegate.pass_type, number=1, user=administrator)
    guest = registration.guest(registration.guest_list(person.pass_type))
    replying.reply(guest=guest, reply="attending")
    invited = registration.personal_invitation(person.pass_type)
    notice, use = registration.notice(edition), registration.further_use(edition)
    consenting.keep(person, notice, [use])
    inviting.keep_scan(guest=guest, scan=ContentFile(b"%PDF-", name="signed.pdf"))
    Letterhead.objects.create(edition=edition)
    for model in get_snippet_models():
        world.rows[model._meta.label_lower] = model.objects.order_by("pk").first()
    world.rows |= {
        "exhibitors.agency": booking.agency,
        "exhibitors.application": application,
        "exhibitors.call": application.edition.call,
        "exhibitors.neighbour": application.neighbours.get(),
        "agenda.track": agenda.track("Spare", edition=edition),
        "checkin.scan": Scan.objects.get(),
        "wagtailimages.image": image,
        "wagtaildocs.document": document,
        "wagtailcore.page": page,
        "wagtailcore.collection": Collection.get_first_root_node().add_child(name="Press"),
        "wagtailcore.site": Site.objects.get(),
        "accounts.user": world.users["member"],
        "auth.group": Group.objects.get(name="gate"),
    }
    uploaded = [
        UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model), file=ContentFile(b"-", name="half"),
            uploaded_by_user=administrator,
        )
        for model in (get_image_model(), get_document_model())
    ]  # fmt: skip
    editing = EditingSession.objects.create(
        user=administrator, content_type=ContentType.objects.get_for_model(page), object_id=page.pk,
        last_seen_at=revision.created_at,
    )  # fmt: skip
    passkey = Authenticator.objects.create(user=accounts.user(), type="webauthn", data={"name": "Somebody else’s"})
    world.given = {
        "edition": edition.slug,
        "agency": booking.agency.code,
        "booking": booking.code,
        "booth": booking.booth.code,
        "other agency": world.users["member of another agency"].memberships.get().agency.code,
        "room": "agenda",
        "rest": "",
        "day": "1",
        "name": image.get_rendition("width-1").file.name,
        "page_id": page.pk,
        "page_pk": page.pk,
        "parent_page_id": page.get_parent().pk,
        "page_to_move_id": page.pk,
        "destination_id": page.get_parent().pk,
        "page_view_restriction_id": 1,
        "restriction_id": 1,
        "revision_id": revision.pk,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "workflow_state_id": state.pk,
        "workflow_pk": workflow.pk,
        "task_id": Task.objects.get().pk,
        "task_state_id": state.current_task_state.pk,
        "action_name": "approve",
        "image_id": image.pk,
        "document": document.url,
        "document_id": document.pk,
        "doc_id": document.pk,
        "collection_id": world.rows["wagtailcore.collection"].pk,
        "session_id": editing.pk,
        "object_id": page.pk,
        "content_type_app_name": "home",
        "content_type_model_name": "contentpage",
        "filter_spec": "width-20",
        "uidb36": "1",
        "uidb64": "MQ",
        "key": "a-key",
        "registration:token": person.token,
        "register:version": notice.version,
        "register:token": acting_link.token,
        "payments:token": order.token,
        "payments:begin:token": order.lines.get().registration.token,
        "payments:number": paper.full_number,
        "payments_settle:pk": order.pk,
        "payments_accept_letter:pk": order.pk,
        "payments_cancel:pk": order.pk,
        "payments_decide:pk": order.pk,
        "payments_refund:pk": payment.pk,
        "payments_match:pk": line.pk,
        "payments_order_booking:pk": booking.pk,
        "payments_paper:pk": paper.pk,
        "verify:code": issued.code,
        "documents_file:pk": issued.pk,
        "documents_revoke:pk": issued.pk,
        "accounts:token": invitation.token,
        "accounts:request_answer:token": account_request.token,
        "exhibition_request:pk": account_request.pk,
        "exhibition_request_letter:pk": account_request.pk,
        "token": "a-token",
        "pavilion": pavilion.code,
        "desks:pavilion_give:booth": "P01",
        "desks:pavilion_take_back:booking": pavilion.booths.get().bookings.get().code,
        "desks:pavilion_sign:booking": pavilion.booths.get().bookings.get().code,
        "agenda:code": session.code,
        "speakers:code": world.rows["agenda.speaker"].code,
        "exhibition:exhibitor:code": confirmed.agency.code,
        "exhibition:booth:code": booking.booth.code,
        "agreements:code": memorandum.code,
        "onsite:person:code": person.code,
        "onsite:photo:code": person.code,
        **{f"onsite:{name}:code": batch.code for name in ("progress", "batch_file", "stop", "go_on")},
        **{f"onsite:{name}:code": listed.list_code for name in ("signed", "signed_paper", "undo_list")},
        **{f"onsite:{name}:code": person.code for name in ("hand", "undo_hand")},
        "onsite:gate:code": gate.code,
        "device:link": devices.link_of(device),
        "checkin_prepare_device:pk": gate.pk,
        "checkin_pair_device:pk": device.pk,
        "checkin_revoke_device:pk": device.pk,
        "checkin_make_exception:pk": person.pk,
        "checkin_take_back_exception:pk": PassException.objects.get().pk,
        "onsite:override:code": gate.code,
        "onsite:gate_photo:code": gate.code,
        "onsite:gate_photo:serial": person.badges.valid().get().serial,
        "device:photo:serial": person.badges.valid().get().serial,
        "demo:pk": 1,
        "accounts_take_away_factor:pk": passkey.user_id,
        "mfa_edit_webauthn:pk": passkey.pk,
        "mfa_remove_webauthn:pk": passkey.pk,
        **{f"desks:{name}:code": product.code for name in ("product", "product_remove")},
        **{f"desks:{name}:code": required.code for name in ("document", "document_file")},
        "desks:document_file:version": 1,
        "desks:delegation:code": delegate.code,
        "desks:delegation:revoke:code": link.code,
        "place:token": link.token,
        **{f"{name}:pk": guest.pk for name in GUEST_ACTS},
        **{f"guests_{name}:pk": guest.guest_list_id for name in ("overview", "sheet", "template")},
        "guests_letters:kind": "docx",
        "reply:token": guest.token,
        "reply:code": guest.registrations.get().code,
        "registration_circular:pk": circular.pk,
        "registration_circular_cancel:pk": circular.pk,
        "registration_circular_letters:pk": circular.pk,
        "registration_circular_letters:part": 1,
        "registration_group:act": "send-links",
        "badges_rotate_key:pk": badge.key_id,
        "badges_revoke_key:pk": badge.key_id,
        "badges_preview:pk": layout.pk,
        "registration_withdraw:pk": person.pk,
        "registration_erase:pk": person.pk,
        "registration_letter:pk": person.pk,
        "certificates_paper:pk": person.pk,
        "visas_grant:pk": visa.pk,
        "visas_refuse:pk": visa.pk,
        "registration_accredit:pk": person.pk,
        "registration_photo:pk": person.pk,
        "registration_answers:pk": person.pk,
        "registration_offer:pk": Offer.objects.get().registration_id,
        "registration_prefer:pk": Offer.objects.get().registration_id,
        "registration_withdraw_offer:pk": Offer.objects.get().registration_id,
        "registration_answer_file:pk": Answer.objects.get().pk,
        "invited:token": invited.token,
        "registration_personal_send:pk": invited.pk,
        "registration_personal_revoke:pk": invited.pk,
        "registration_personal_erase:pk": invited.pk,
        "registration_personal_letter:pk": invited.pk,
        "registration_issue_codes:pk": person.pass_type_id,
        "mou_sign:pk": memorandum.pk,
        "mou_record:pk": memorandum.pk,
        "mou_strike:pk": memorandum.pk,
        **{f"exhibition_{name}:pk": booking.booth.zone.hall_id for name in ("check", "plan_paper", "fascia_signs")},
        **{f"exhibition_{name}:pk": edition.pk for name in ("booth_sheet", "booths_written", "booth_template")},
        **{f"exhibition_tour{name}:pk": tour.pk for name in ("", "_sort", "_paper")},
        **{f"exhibition_tour_{name}:pk": stop.pk for name in ("stop", "move", "remove")},
        "exhibition_rows:pk": booking.booth.zone_id,
        "exhibition_confirm:pk": booking.pk,
        "exhibition_tick:pk": entitlement.pk,
        "exhibition_release:pk": booking.pk,
        "exhibition_move:pk": booking.pk,
        "exhibition_swap:pk": booking.pk,
        "exhibition_invite:pk": booking.agency.pk,
        "exhibition_revoke:pk": invitation.pk,
        "desks:move:booking": theirs.code,
        "exhibition_move_place:pk": slot.pk,
        "exhibition_decide_document:pk": sent.pk,
        "exhibition_document_file:pk": sent.pk,
        "exhibition_waive_document:pk": required.pk,
        "exhibition_apply:pk": booking.agency.pk,
        "exhibition_withdraw:pk": application.pk,
        "exhibition_pin_by_hand:pk": application.pk,
        "exhibition_cancel_proposal:pk": run.pk,
        "exhibition_publish:pk": run.pk,
        "exhibition_disclose:pk": shown.pk,
        "exhibition_question:pk": shown.pk,
        "exhibition:allocation_json:code": shown.code,
        "exhibition_pin:pk": run.lines.get().pk,
        "programme_place:pk": session.pk,
        "programme_cancel:pk": session.pk,
        "edition_make_current:pk": edition.pk,
        "wagtailadmin_collections:pk": world.rows["wagtailcore.collection"].pk,
        "wagtailsites:pk": Site.objects.get().pk,
        "wagtailusers_users:pk": world.users["member"].pk,
        "wagtailusers_groups:pk": world.rows["auth.group"].pk,
        "wagtailimages_chooser:pk": image.pk,
        "wagtaildocs_chooser:pk": document.pk,
        "wagtailadmin_api:pages:pk": page.pk,
        "wagtailadmin_api:images:pk": image.pk,
        "wagtailadmin_api:documents:pk": document.pk,
        "wagtailadmin_workflows:pk": workflow.pk,
        "wagtailadmin_workflows:edit_task:pk": Task.objects.get().pk,
        "wagtailadmin_workflows:disable_task:pk": Task.objects.get().pk,
        "wagtailadmin_workflows:enable_task:pk": Task.objects.get().pk,
        "wagtailadmin_workflows:add_task:app_label": "wagtailcore",
        "wagtailadmin_workflows:add_task:model_name": "groupapprovaltask",
        "wagtailadmin_editing_sessions:app_label": "wagtailcore",
        "wagtailadmin_editing_sessions:model_name": "page",
        "wagtailadmin_pages:choose_parent:app_label": "home",
        "wagtailadmin_pages:choose_parent:model_name": "contentpage",
        "wagtailadmin_pages:pk": page.pk,
        "wagtailadmin_api:pages:action:action_name": "copy",
        "wagtailadmin_tag_model_autocomplete:app_name": "taggit",
        "wagtailadmin_tag_model_autocomplete:model_name": "tag",
        "wagtailimages:uploaded_file_id": uploaded[0].pk,
        "wagtaildocs:uploaded_file_id": uploaded[1].pk,
        "registration_merge:first": person.code,
        "registration_merge:second": guest.registrations.get().code,
        "simple_translation:app_label": "agenda",
        "simple_translation:model_name": "session",
        "simple_translation:pk": session.pk,
        "wagtailsnippets_agenda_session:revision_id": session.latest_revision_id,
    }
    for label, row in world.rows.items():
        world.given[f"wagtailsnippets_{label.replace('.', '_')}:pk"] = row.pk
        world.given[f"wagtailsnippetchoosers_{label.replace('.', '_')}:pk"] = row.pk


def _invite(world):
    """Everybody who may sign in: people of agencies, one person of each role, an administrator."""
    for role in roles.ROLES:
        world.users[role] = accounts.user(email=f"{role.replace(' ', '.')}@example.org")
        world.users[role].groups.add(Group.objects.get(name=role))


def enter(world: World) -> World:
    """They come, each with a browser of their own, and a stranger."""
    world.people = {name: Visitor(raise_request_exception=False) for name in [*world.users, "stranger"]}
    for name, user in world.users.items():
        world.people[name].force_login(user)
    return world


def addresses(world: World) -> dict[str, str]:
    """An example of every address, by its name; lists also as a file, and bulk acts each by itself."""
    found = {}
    for name, route, pattern in _patterns(get_resolver()):
        if name == "wagtail_bulk_action":
            found |= _bulk_acts(world)
        elif name != "?":
            found.setdefault(_distinct(name, found), _fill_in(name, route, pattern, world))
    found |= {
        f"{name} of another agency": found[name].replace(world.given["agency"], world.given["other agency"])
        for name in ("desks:release",)
    }
    exports = {f"{name} as file": f"{path}?export=csv" for name, path in found.items() if name.endswith(":list")}
    return found | exports


def _patterns(resolver, spaces=(), before=""):
    for pattern in resolver.url_patterns:
        route = before + LANGUAGE.sub("en/", str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or "?"]), route, pattern
        else:
            yield from _patterns(pattern, spaces + ((pattern.namespace,) if pattern.namespace else ()), route)


def _distinct(name, found):
    return name if name not in found else f"{name} (2)"


def _fill_in(name, route, pattern, world) -> str:
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)  # named groups
    path = re.sub(r"\((?:\?:)?[^()]*(?:\([^()]*\)[^()]*)*\)[*+?]?", "", path)  # what wagtail_serve takes may be empty
    if name == "wagtaildocs_serve":
        path = world.given["document"].lstrip("/")
    path = path.replace("^", "").replace("$", "").replace("\\", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(_given(name, match[1], world)), path)


def _given(name, argument, world):
    """The nearest: for this address, for its room, for all."""
    parts = name.split(":")
    for length in range(len(parts), -1, -1):
        key = ":".join([*parts[:length], argument])
        if key in world.given:
            return world.given[key]
    raise LookupError(f"{name} needs an example of {argument}")


def _bulk_acts(world):
    """Each act on each kind of row, with a row named that its person may have no right to."""
    bulk_action_registry._scan_for_bulk_actions()
    acts = [
        (model._meta.label_lower, act)
        for app, models in bulk_action_registry.actions.items()
        for name, acts in models.items()
        for act, model in product(acts, [apps.get_model(app, name)])
    ]
    acts += [(model._meta.label_lower, "delete") for model in get_snippet_models()]
    return {
        f"bulk {label} {act}": f"/cms/bulk/{label.replace('.', '/')}/{act}/?id={world.rows[label].pk}&next=/cms/pages/"
        for label, act in sorted(set(acts))
    }


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63d8d6e10400035c0167f1d5ab7a"
    "0000000049454e44ae426082"
)
