"""Settings are safe by default; what would not be safe stops the start with a sentence."""

import json
import os
import stat
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SHOW = """
import json
from forum import settings
print(json.dumps({name: getattr(settings, name) for name in %r}, default=str))
"""
ABROAD = {"BASE_URL": "https://forum.example.org", "SECRET_KEY": "x" * 60}
DEPLOY = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]


def run(command, folder, environment):
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=plain | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "forum.settings"} | environment,
        capture_output=True,
        text=True,
    )


def settings(folder, *names, **environment):
    done = run(["-c", SHOW % (names,)], folder, environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"BASE_URL": "http://forum.example.org"}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "http://127.0.0.1.example.org"}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "ftp://127.0.0.1"}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "forum.example.org"}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "https://forum.example.org"}, "SECRET_KEY must be set"),
        (ABROAD | {"DEBUG": "1"}, "DEBUG and DEMO are for this machine alone"),
        (ABROAD | {"DEMO": "yes"}, "DEBUG and DEMO are for this machine alone"),
        ({"DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        ({"SESSION_IDLE_MINUTES": "0"}, "SESSION_IDLE_MINUTES must be 1 or more"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT must be a whole number"),
    ],
)
def test_what_is_not_safe_stops_the_start(tmp_path, environment, sentence):
    done = run(["-c", "import forum.settings"], tmp_path, environment)

    assert done.returncode == 1
    assert sentence in done.stderr


def test_in_public_everything_goes_by_https(tmp_path):
    names = [
        "ALLOWED_HOSTS", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "DEBUG", "LANGUAGE_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
        "SECURE_PROXY_SSL_HEADER", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
    ]  # fmt: skip

    assert settings(tmp_path, *names, **ABROAD) == {
        "ALLOWED_HOSTS": ["forum.example.org"],
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "DEBUG": False,
        "LANGUAGE_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 63_072_000,
        "SECURE_PROXY_SSL_HEADER": None,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
    }


def test_a_proxy_is_believed_only_when_one_is_named(tmp_path):
    assert settings(tmp_path, "SECURE_PROXY_SSL_HEADER", TRUSTED_PROXY_COUNT="1", **ABROAD) == {
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]
    }


def test_a_fresh_machine_starts_with_nothing_set_and_keeps_its_secret(tmp_path):
    first, second = (settings(tmp_path, "SECRET_KEY", "DEBUG", "SECURE_SSL_REDIRECT") for _ in range(2))

    assert first == second == {"SECRET_KEY": first["SECRET_KEY"], "DEBUG": False, "SECURE_SSL_REDIRECT": False}
    assert len(first["SECRET_KEY"]) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_django_has_nothing_to_say_against_it_in_public(tmp_path):
    (tmp_path / "assets").mkdir()

    done = run(DEPLOY, tmp_path, ABROAD | {"SECRET_KEY": "".join(map(chr, range(40, 110)))})

    assert "no issues" in done.stdout, done.stderr
