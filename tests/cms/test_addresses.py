"""Addresses of which a list has hundreds are those that Django looks up."""

import pytest
from django.urls import reverse

from cms import addresses


@pytest.mark.parametrize("key", [1, 42, 10**9 + 7])
def test_the_address_of_a_row_is_the_one_that_is_looked_up(key):
    for name in ("registration_withdraw", "wagtailsnippets_registration_registration:edit"):
        assert addresses.of_row(name, key) == reverse(name, args=[key])
