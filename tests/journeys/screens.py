"""Every kind of page that people meet in the demonstration: by following links, and by doing what people do there.

``walk`` opens them one after another and yields each with its name: the name of its address, and what makes it a page
of its own (``agenda:day?room``, ``register:form, refused``).
"""

import re
import time
import uuid
from urllib.parse import parse_qs, urljoin, urlsplit

from allauth.mfa.totp.internal import auth as totp
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override
from lxml import html

from tests.journeys.steps import PASSWORD, agree, code_on, sign_in, word
from tests.walk import access
from tests.walk.world import PIXEL

SAME_PAGE = {"language", "next", "room", "track"}  # parameters that make no other page
NO_LINK = [
    "/accounts/signup/", "/accounts/inactive/", "/accounts/confirm-email/", "/accounts/confirm-email/unknown/",
    "/accounts/password/reset/done/", "/accounts/password/reset/key/1-unknown/", "/accounts/password/reset/key/done/",
    "/verify/", "/verify/unknown/",
]  # fmt: skip
NO_PAGE = {
    "healthz", "media", "programme:schedule_xml", "agenda:ics", "agenda:session_ics", "registration:badge",
    "exhibition:exhibitors_json", "exhibition:exhibitors_csv", "exhibition_plan_paper", "exhibition_fascia_signs",
    "desks:document_file", "exhibition_question", "exhibition_timetable_csv", "exhibition_timetable_paper",
    "exhibition_document_file", "exhibition_readiness_csv", "exhibition_readiness_xlsx",
    "exhibition_booths_written", "exhibition_booth_template", "exhibition_tour_paper", "exhibition_tour_sort",
    "exhibition_tour_move", "exhibition:allocation_json", "exhibition_request_letter",
    "registration:calendar", "registration:data", "registration_answer_file", "demo:attachment", "registration_letter",
    "desks:delegation:letter", "desks:delegation:letters", "desks:delegation:template", "payments:paper",
    "payments_paper", "registration:code", "registration:letter", "registration:certificate", "registration:visa_letter",
    "certificates_paper", "documents_file", "registration:photo", "onsite:photo", "reply:picture",
    "registration_photo", "guest_original", "guests_letters", "guests_template", "registration_circular_letters",
    "registration_personal_letter", "badges_preview", "onsite:gate_photo", "device:photo",  # files
    "robots", "security", "metrics",  # texts
    "root", "short", "change_password", "security_short", "account_set_password", "account_confirm_login_code",
    "mfa_download_recovery_codes",  # lead elsewhere
    "programme_cancel", "registration:take", "registration:wait", "registration:coming", "desks:delegation:revoke",
    "payments:begin", "payments:card", "payments:khqr", "registration:send", "registration:language", "registration:agree",
    "registration:allow", "onsite:override",  # buttons on other pages
    "history_results",  # a part of one
    "payments_machine:stripe",  # machines
    "onsite:batch_file", "onsite:signed_paper", "onsite:lists_paper", "registration:qr_worker", "device:manifest",
    "device:worker", "device:data", "device:passed", "device:scan", "device:scans", "device:shift",  # files and data
    "onsite:stop", "onsite:go_on", "onsite:hand", "exhibition_pin",  # buttons on other pages
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",  # long after signing in
    "accounts_take_away_factor",  # for administrators, of whom the demonstration has none
}  # fmt: skip
# Which this walk does not meet: the demonstration has no batch, no list that was signed, no device, no exception and no
# proposal of booths. The journeys of gates look at the pages of devices, that of allocation at proposals and offers.
NOT_WALKED = {
    "exhibition_tick", "exhibition_waive_document", "exhibition_decide_document", "exhibition_move_place",
    "exhibition_request", "exhibition_tour_stop", "exhibition_tour_remove", "desks:product_remove",
    "exhibition:allocation", "exhibition_disclose",
    "exhibition_cancel_proposal", "exhibition_publish", "desks:offer", "desks:offer_decline",
    "checkin_pair_device", "checkin_revoke_device", "checkin_take_back_exception", "device:page", "device:pair",
    "onsite:progress", "onsite:signed", "onsite:undo_hand", "onsite:undo_list",
}  # fmt: skip
# Wagtail's own lists, from which the acts of the back office are reached.
LISTS = (
    "agenda_session", "badges_badgelayout", "badges_signingkey", "checkin_gate", "cms_edition", "documents_issueddocument",
    "exhibitors_agency", "exhibitors_allocationrun", "exhibitors_application", "exhibitors_booking", "exhibitors_booth",
    "exhibitors_moveslot", "exhibitors_requireddocument", "exhibitors_sentdocument",
    "exhibitors_extra", "exhibitors_hall", "exhibitors_invitation", "exhibitors_tour", "exhibitors_zone",
    "mou_memorandum",
    "registration_guest", "registration_guestlist", "registration_passtype", "registration_personalinvitation",
    "visas_visarequest",
    "registration_registration",
)  # fmt: skip
# Pages of the back office beside them.
OFFICE = (
    "badges_check", "exhibition_readiness", "exhibition_timetable", "exhibition_remind",
    "history", "mail_again", "mail_unsent", "registration_approvals", "registration_circular_write",
    "registration_circulars", "registration_duplicates", "registration_figures", "registration_register",
)  # fmt: skip
MONEY = ("payments_order", "payments_payment", "payments_statementline")
# Forms that say what is missing when they are sent empty.
REFUSING = {
    "register:form", "register:link", "account_login", "account_reset_password", "account_change_password",
    "account_email", "mfa_activate_totp", "mou_sign", "mou_record", "mou_strike", "exhibition_release",
    "exhibition_invite", "programme_place", "desks:delegation:register", "desks:delegation:swap",
    "desks:delegation:links", "desks:delegation:sheet", "place:take", "desks:people", "registration_approvals",
    "desks:application", "exhibition_apply", "desks:pavilion_take_back",
}  # fmt: skip
EMPTY = """() => {
    const typed = "input:not([type=hidden], [type=radio], [type=checkbox]), textarea";
    const form = [...document.querySelectorAll("main form[method=post]")].findLast(form => form.querySelector(typed));
    if (!form) return false;
    for (const field of form.querySelectorAll(typed)) field.value = "";
    form.noValidate = true;
    form.requestSubmit(form.querySelector("button:not([type=button])"));
    return true;
}"""


def expected() -> set[str]:
    """The names of our addresses behind which a page stands, after the written table of all addresses."""
    ours = {name for name in access.read() if not name.startswith(("wagtail", "bulk ", "simple_translation"))}
    return {name for name in ours if not re.search(r" as file$| of another |\(2\)$", name)} - NO_PAGE - NOT_WALKED | {
        "wagtail_serve"
    }


def walk(visit, language, folder):
    """``visit`` makes a browser page of its own; everything done here can be done once more."""
    seen = set()
    yield from _public_pages(visit(), language, seen)
    yield from _own_page(visit(), language, folder, visit())
    yield from _money(visit(), language, seen, visit())
    yield from _exhibitor(visit(), language, seen)
    yield from _delegation(visit(), language, seen, visit())
    yield from _with_booth(visit(), language, seen)
    yield from _pavilion(visit(), language, seen)
    yield from _account_request(visit(), language)
    yield from _staff(visit(), language, seen, visit())
    yield from _clearance(visit(), language)
    yield from _guest(visit(), language, folder, visit())
    yield from _contact(visit(), language)
    yield from _second_factor(visit(is_named=True), visit(is_named=True))


def name_of(address: str) -> str | None:
    """Each page of the editors is one of its own."""
    parts = urlsplit(address)
    try:
        with override("km" if parts.path.startswith("/km/") else "en"):
            name = resolve(parts.path).view_name
    except Resolver404:
        return None
    if name == "wagtail_serve":
        name += f" {parts.path}"
    return "?".join([name, *sorted(set(parse_qs(parts.query)) - SAME_PAGE)])


def _follow(page, addresses, language, seen):
    """All kinds of page that links lead to from these, each once; forms also as they come back when sent empty."""
    waiting, site = list(addresses), "{0.scheme}://{0.netloc}/".format(urlsplit(page.url))
    while waiting:
        address = urljoin(site, waiting.pop(0)).partition("#")[0]
        name = name_of(address)
        if name is None or name in seen or not _is_to_be_seen(name, address, site, language):
            continue
        seen.add(name)
        if _is_list(name):
            waiting += _links(page, address)
            continue
        answer = page.goto(address)
        assert answer.ok, address
        waiting += html.fromstring(answer.body()).xpath("//a/@href")
        yield name, page
        if name in REFUSING:
            yield from _refused(page)


def _links(page, address) -> list[str]:
    """As they were sent: Wagtail's scripts take its menus out of the page."""
    return html.fromstring(page.request.get(address).body()).xpath("//a/@href")


def _is_to_be_seen(name, address, site, language):
    is_foreign = not address.startswith(site) or f"/{_other(language)}/" in address or "export=" in address  # a file
    return not is_foreign and name.partition("?")[0] not in NO_PAGE and (_is_ours(name) or _is_list(name))


def _is_ours(name):
    return name.startswith("wagtail_serve ") or not name.startswith("wagtail")


def _is_list(name):
    return name.partition("?")[0] in {f"wagtailsnippets_{rows}:list" for rows in (*LISTS, *MONEY)}


def _other(language):
    return "en" if language == "km" else "km"


def _refused(page):
    page.wait_for_load_state()
    with page.expect_navigation():
        assert page.evaluate(EMPTY), f"nothing is typed at {page.url}"
    assert page.locator(".error-summary, .error-message, main [role=alert]").count(), f"{page.url} took an empty form"
    yield f"{name_of(page.url)}, refused", page


def _send(page, **typed):
    """Fills the last form of the page and sends it."""
    page.wait_for_load_state()
    for name, value in typed.items():
        page.locator(f"main [name={name}]").fill(value)
    agree(page)
    with page.expect_navigation():
        page.locator("main form[method=post] button").last.click()


def _open_letter(page, part, language):
    """The newest letter's link to ``part`` of the site, whichever language the letter is in."""
    page.goto("/demo/mail/")
    page.locator("main table a").first.click()
    link = page.locator(f"main a[href*='{part}']").first.get_attribute("href")
    page.goto(re.sub(f"/(en|km){part}", f"/{language}{part}", link))


def _public_pages(page, language, seen):
    page.goto(f"/{language}/")
    yield from _follow(page, [f"/{language}/", f"/{language}/2024/", *NO_LINK], language, seen)
    for name, address in {
        "search, found": f"/{language}/next/search/?q=a",
        "search, nothing found": f"/{language}/next/search/?q=xyzzy",
        "agenda:day, nothing fits": f"/{language}/next/agenda/1/?q=xyzzy",
        "register:form, closed": f"/{language}/2024/register/",
        "register:privacy": f"/{language}/next/register/privacy/",
        "not found": f"/{language}/nothing/here/",
    }.items():
        page.goto(address)
        yield name, page


def _own_page(page, language, folder, gate):
    """Somebody registers and opens the letter; the gate lets them in once; they withdraw."""
    page.goto(f"/{language}/next/register/")
    page.locator("input[name=pass_type]").first.check()
    page.locator("select[name=honorific]").select_option("ms")
    name = f"CHAN {uuid.uuid4().hex[:8].translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    _send(page, name_latin=name, name_km="ចាន់ សុភា", email=f"{uuid.uuid4().hex[:10]}@example.org")
    yield "register:sent", page
    page.goto("/demo/mail/")
    page.locator("main table a").first.click()
    yield "demo:letter", page
    _open_letter(page, "/registration/", language)
    yield "registration:own", page
    serial = code_on(page.request.get(page.locator("a[href$='badge.pdf']").get_attribute("href")).body(), folder)
    own = page.url
    for act in ("edit", "renew", "figures", "qr", "visa", "erase"):
        page.goto(f"{own}{act}/")
        yield f"registration:{act}", page
    page.goto(own)
    page.locator("a[href$='/withdraw/']").click()
    yield "registration:withdraw", page

    sign_in(gate, "supervisor@example.org", then="/onsite/")  # whom it also shows how to let in
    gate.locator("main a[href*='/onsite/gates/']").first.click()
    for verdict, code in {"unknown": "AAAAAAAA", "welcome": serial, "again": serial}.items():
        _send(gate, code=code)
        yield f"onsite:gate, {verdict}", gate
    gate.goto("/cms/")
    yield "forbidden", gate

    _send(page)
    yield "registration:own, withdrawn", page

    page.goto(f"/{language}/next/register/")
    page.locator("input[name=pass_type][value=media]").check()
    _send(page, name_latin=name, email=f"{uuid.uuid4().hex[:10]}@example.org")
    _open_letter(page, "/registration/", language)
    yield "registration:own, waiting", page


def _exhibitor(page, language, seen):
    """Looks at everything, takes a booth and gives it back, begins to apply and withdraws."""
    sign_in(page, "exhibitor2@example.org", then=f"/{language}/desk/")
    yield from _follow(page, [page.url, "/accounts/2fa/"], language, seen)
    page.goto(f"/{language}/desk/")
    page.locator("main a[href$='/profile/']").first.click()
    page.locator("main form:has([name=website])").evaluate("form => { form.noValidate = true; }")
    _send(page, website="not an address")
    yield "desks:profile, refused", page

    plan = f"/{language}/desk/"
    page.goto(plan)
    page.locator("main a[href$='/booths/']").first.click()
    plan = page.url
    page.locator("main tr:has(.tag--stop) a").first.click()
    yield "desks:book, taken", page
    page.goto(plan)
    page.locator("main tr:has(.tag--ok) a").first.click()
    _send(page)
    yield "desks:agency, booked", page
    page.locator("main a[href$='/extras/']").click()
    yield "desks:extras", page
    page.locator("main input[name^=extra_]").first.fill("3")
    page.locator("main form button").click()
    yield "payments:order, extras", page
    page.goto(f"/{language}/desk/")
    yield "desks:agency, with an order", page
    page.locator("main a[href$='/release/']").click()
    yield "desks:release", page
    _send(page)
    yield "desks:agency, given back", page
    page.locator("main a[href$='/application/']").first.click()
    _send(page)
    yield "desks:agency, applying", page
    page.locator("main a[href$='/application/']").first.click()
    page.locator("main a[href$='/withdraw/']").click()
    yield "desks:application_withdraw", page
    _send(page)


def _with_booth(page, language, seen):
    """An exhibitor whose booth is confirmed looks at what is due and at everything that its desk leads to."""
    sign_in(page, "booth@example.org", then=f"/{language}/desk/")
    yield "desks:agency, with a booth", page
    yield from _follow(page, _links(page, page.url), language, seen)


def _account_request(page, language):
    """A body asks for an account, confirms its address and sees what becomes of it."""
    page.goto(f"/{language}/account/request/")
    yield "accounts:request", page
    yield from _refused(page)
    page.locator("main select[name=kind]").select_option("private")
    page.locator("main [name=letter]").set_input_files({"name": "letter.png", "mimeType": "image/png", "buffer": PIXEL})
    name, email = f"Example {uuid.uuid4().hex[:10]}", f"{uuid.uuid4().hex[:10]}@example.org"
    _send(page, name_en=name, person="CHAN Sophea", position="Director", email=email)
    yield "accounts:request_sent", page
    _open_letter(page, "/account/request/", language)
    yield "accounts:request_answer", page


def _pavilion(page, language, seen):
    """The organiser of a pavilion looks at everything, also at the desk of a member; gives a booth to somebody new."""
    sign_in(page, "pavilion@example.org", then=f"/{language}/desk/")
    page.locator("main a[href*='/pavilions/']").first.click()
    pavilion = page.url
    yield from _follow(page, [pavilion], language, seen)
    page.goto(pavilion)
    page.locator("main tr:has(.tag--ok) a").first.click()
    yield from _refused(page)
    _send(page, name=f"Example {uuid.uuid4().hex[:10]}")
    yield "desks:pavilion_give, new", page
    _send(page, email=f"{uuid.uuid4().hex[:10]}@example.org")
    yield "desks:pavilion, given", page
    page.locator("main tr a[href$='/take-back/']").last.click()
    _send(page, reason="—")
    yield "desks:pavilion, taken back", page


def _money(page, language, seen, finance):
    """Somebody comes to the page on which a place is paid; the acts of finance."""
    page.goto(f"/{language}/next/register/")
    page.locator("input[name=pass_type][value=industry]").check()
    _send(page, name_latin="CHEA Payer", email=f"{uuid.uuid4().hex[:10]}@example.org")
    _open_letter(page, "/registration/", language)
    yield "registration:own, held", page
    with page.expect_navigation():
        page.locator("main form[action$='/pay/'] button").click()
    yield "payments:order", page
    yield from _refused(page)
    if language == "en":
        sign_in(finance, "finance@example.org", then="/cms/")
        lists = [reverse(f"wagtailsnippets_{rows}:list") for rows in MONEY]
        bookings = _links(finance, reverse("wagtailsnippets_exhibitors_booking:list"))
        orders = [address for address in bookings if name_of(address) == "payments_order_booking"]
        addresses = [*lists, *orders, reverse("payments_ledger"), reverse("payments_statement")]
        yield from _follow(finance, addresses, language, set(seen))  # others see more in the same lists


def _delegation(page, language, seen, named):
    """A focal point looks at everything, reads a sheet and sends a link; before others come to a desk that has nobody."""
    sign_in(page, "exhibitor@example.org", then=f"/{language}/desk/")
    people = page.locator("main a[href$='/people/']").get_attribute("href")
    page.locator("main a[href*='/delegation']").first.click()
    desk = page.url
    yield from _follow(page, [desk, people], language, seen)
    page.goto(f"{desk}sheet/")
    sheet = b"name_latin,pass_type\nSENG Bora,exhibitor\nSENG 3,exhibitor\n"
    page.locator("main input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": sheet})
    _send(page)
    yield "desks:delegation:sheet, read", page
    page.goto(f"{desk}links/")
    page.locator("main select[name=pass_type]").select_option("delegate")
    _send(page, number="1")
    yield "desks:delegation:links, made", page
    address = page.locator("main code").first.inner_text()
    named.goto(re.sub("/(en|km)/", f"/{language}/", address, count=1))
    yield "place:take", named
    yield from _refused(named)


def _staff(page, language, seen, invited):
    """Invites somebody, then looks at everything on site; the back office speaks English alone."""
    sign_in(page, "organiser@example.org", then="/onsite/")
    agencies = reverse("wagtailsnippets_exhibitors_agency:list")
    page.goto(next(link for link in _links(page, agencies) if link.endswith("/invite/")))
    _send(page, email=f"{uuid.uuid4().hex[:10]}@example.org")
    _open_letter(invited, "/invitation/", language)
    yield "accounts:invitation", invited
    yield from _refused(invited)

    lists = [reverse(f"wagtailsnippets_{rows}:list") for rows in LISTS] if language == "en" else []
    if lists:
        lists += [f"{lists[-1]}?state=waiting", *map(reverse, OFFICE), reverse("registration_group", args=["letters"])]
    yield from _follow(page, ["/onsite/", "/onsite/badges/?q=sok", "/onsite/register/", *lists], language, seen)
    if lists:
        circulars = _links(page, reverse("registration_circulars"))
        one = next(link for link in circulars if name_of(urljoin(page.url, link)) == "registration_circular")
        page.goto(f"{one}stop/")
        yield "registration_circular_cancel", page


def _clearance(page, language):
    """Security looks at somebody, and takes out its list; the person gives what it needs."""
    if language == "en":
        approvals = reverse("registration_approvals")
        sign_in(page, "security@example.org", then=approvals)
        for name in ("registration_accredit", "registration_security_list"):
            page.goto(next(link for link in _links(page, approvals) if name_of(urljoin(page.url, link)) == name))
            yield name, page
    page.goto(f"/{language}/next/register/")
    page.locator("input[name=pass_type][value=opening]").check()
    _send(page, name_latin=f"CHEA {word()}", email=f"{uuid.uuid4().hex[:10]}@example.org")
    _open_letter(page, "/registration/", language)
    page.goto(page.locator("main a[href$='/accreditation/']").first.get_attribute("href"))
    yield "registration:accredit", page


def _guest(office, language, folder, guest):
    """A guest scans the letter, and somebody else the page of a personal invitation."""
    sign_in(office, "organiser@example.org", then="/cms/")
    invitations = _links(office, reverse("wagtailsnippets_registration_personalinvitation:list"))
    page = next(link for link in invitations if name_of(urljoin(office.url, link)) == "registration_personal_letter")
    for name, paper in {"reply:form": f"{reverse('guests_letters', args=['pdf'])}?q=Bopha", "invited:form": page}.items():
        address = code_on(office.request.get(paper).body(), folder)
        guest.goto(re.sub("/(en|km)/", f"/{language}/", address, count=1))
        yield name, guest


def _contact(page, language):
    """Who acts for somebody opens the page of all for whom they act."""
    address = f"{uuid.uuid4().hex[:10]}@example.org"
    page.goto(f"/{language}/next/register/")
    page.locator("input[name=pass_type]").first.check()
    page.locator("input[name=receives][value=contact]").check()
    page.locator("select[name=contact_role]").select_option("aide")
    _send(page, name_latin=f"KEO {word()}", contact_name="PICH Sophal", contact_email=address)
    page.goto(f"/{language}/next/register/link/")
    _send(page, email=address)
    _open_letter(page, "/next/register/acting/", language)
    yield "register:acting", page
    page.locator("main a[href$='/renew/']").click()
    yield "register:acting_renew", page


def _second_factor(page, again):
    """A passkey and an app are set up, used and removed."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    sign_in(page, "finance@example.org", then="/accounts/2fa/webauthn/add/")
    page.locator("input[name=name]").fill("Laptop")
    page.locator("input[name=name]").press("Enter")
    page.locator(".recovery-codes li").first.wait_for()
    yield "mfa_view_recovery_codes", page
    code = page.locator(".recovery-codes li").first.inner_text()
    for name, address in {
        "mfa_view_recovery_codes, not again": "recovery-codes/",
        "mfa_generate_recovery_codes": "recovery-codes/generate/",
        "mfa_list_webauthn, one": "webauthn/",
    }.items():
        page.goto(f"/accounts/2fa/{address}")
        yield name, page
    page.locator("main a[href$='/edit/']").click()
    yield "mfa_edit_webauthn", page
    page.goto("/accounts/2fa/totp/activate/")
    secret = "".join(page.locator("figcaption .code").inner_text().split())
    _send(page, code=totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))
    page.goto("/accounts/2fa/")
    yield "mfa_index, both", page

    again.goto("/accounts/login/")
    _send(again, login="finance@example.org", password=PASSWORD)
    yield "mfa_authenticate", again
    again.locator("main input[name=code]").fill(code)
    again.locator("main input[name=code]").press("Enter")
    again.wait_for_url("**/cms/")
    page.goto("/accounts/2fa/totp/deactivate/")
    yield "mfa_deactivate_totp", page
    _send(page)
    page.goto("/accounts/2fa/webauthn/")
    page.locator("main a[href$='/remove/']").click()
    yield "mfa_remove_webauthn", page
    _send(page)
