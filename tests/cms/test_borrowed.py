"""Sentences of other packages: none of those that a reader can meet is missing from our catalogue."""

import ast
from pathlib import Path

import allauth
import django
import pytest

from tests.cms.test_catalogue import entries, written

PACKAGES = [
    (django, "core/validators.py"),
    (django, "forms/fields.py"),
    (django, "contrib/auth/password_validation.py"),
    (allauth, "account/adapter.py"),
    (allauth, "account/fields.py"),
    (allauth, "account/forms.py"),
]
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
# People sign in by their e-mail address: nobody is asked for these.
NEVER_ASKED = ("phone", "username", "authenticator", "security key")


def sentences(package, name):
    """The first argument of each call of gettext that is a whole sentence."""
    for call in ast.walk(ast.parse((Path(package.__file__).parent / name).read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS:
            words = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
            if words.endswith(".") and not any(thing in words.lower() for thing in NEVER_ASKED):
                yield words


@pytest.mark.parametrize(("package", "name"), PACKAGES, ids=[name for _package, name in PACKAGES])
def test_every_sentence_that_a_package_may_say_is_in_khmer(package, name):
    known = {entry.msgid for entry in entries() if written(entry)}

    assert [sentence for sentence in sentences(package, name) if sentence not in known] == []
