"""Logs hold nothing that opens a door."""

import logging

import pytest

from cms.logs import WithoutTokens


@pytest.mark.parametrize(
    "address",
    ["/en/registration/KPD8CCZ86P.1~secret/", "/km/registration/KPD8CCZ86P.1~secret/withdraw/", "/en/invitation/secret/",
     "/accounts/password/reset/key/1-secret/"],
)  # fmt: skip
def test_the_token_of_an_address_is_left_out(address):
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Method Not Allowed (%s): %s", ("PUT", address), None
    )

    assert WithoutTokens().filter(record)
    assert "secret" not in record.getMessage()
    assert "Method Not Allowed (PUT)" in record.getMessage()


def test_other_lines_stay_as_they_are():
    record = logging.LogRecord("cms", logging.WARNING, "", 1, "%s of %s", (1, 2), None)

    WithoutTokens().filter(record)

    assert (record.msg, record.args) == ("%s of %s", (1, 2))


def test_what_the_site_writes_goes_through_it(settings):
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without_tokens"]
