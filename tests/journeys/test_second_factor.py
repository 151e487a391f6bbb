"""People set up a second factor, sign in with it and remove it: an app on a telephone, a passkey on a computer."""

import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, sign_in

pytestmark = pytest.mark.journey

EMAIL = "protocol@example.org"  # walked by no other journey


def type_code(page, code: str):
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")


def sign_out(page):
    page.goto("/accounts/logout/")
    page.locator("main form button").click()


def give_password(page):
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill("demonstration-2026")
    page.locator("input[name=password]").press("Enter")


def test_an_app_with_its_recovery_codes(visitor):
    page = sign_in(visitor(**PHONE), EMAIL, then="/accounts/2fa/")
    page.get_by_role("link", name="Set up an app").click()
    secret = "".join(page.locator("figcaption .code").inner_text().split())
    type_code(page, totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))

    expect(page.locator(".recovery-codes li")).to_have_count(10)
    codes = page.locator(".recovery-codes li").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes").click()
    assert download.value.path().read_text().split() == codes
    assert len(codes) == 10

    sign_out(page)
    give_password(page)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    type_code(page, codes[0])
    page.wait_for_url("**/cms/")
    page.goto("/accounts/2fa/")
    expect(page.locator("main")).to_contain_text("9 are left")
    page.get_by_role("link", name="Remove the app").click()
    page.get_by_role("button", name="Remove the app").click()
    expect(page.get_by_role("link", name="Set up an app")).to_be_visible()


def test_a_passkey_by_keyboard_alone(visitor, site):
    page = visitor(base_url=site.replace("127.0.0.1", "localhost"))  # a passkey belongs to a name, not to a number
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    sign_in(page, EMAIL, then="/accounts/2fa/webauthn/add/")
    page.locator("input[name=name]").fill("Laptop")
    page.locator("input[name=name]").press("Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)

    sign_out(page)
    give_password(page)
    page.get_by_role("button", name="Use a passkey").press("Enter")
    page.wait_for_url("**/cms/")
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove Laptop").press("Enter")
    page.get_by_role("button", name="Remove the passkey").press("Enter")
    expect(page.locator("main")).to_contain_text("There is none yet.")


def test_a_passkey_that_the_browser_refuses_is_said(visitor):
    page = sign_in(visitor(), EMAIL, then="/accounts/2fa/webauthn/add/")

    page.get_by_role("button", name="Add the passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("That did not work")
