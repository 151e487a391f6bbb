"""The site as `make demo` starts it."""

import pytest

pytestmark = pytest.mark.journey


def test_the_sign_in_page_opens_without_a_complaint(page):
    page.goto("/accounts/login/")

    assert page.get_by_label("Password").count() == 1
