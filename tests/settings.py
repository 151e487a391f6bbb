"""The project's settings for tests: files, mail and secrets of their own, whatever the environment says."""

# ruff: noqa: E402, F403, F405
import atexit
import os
import shutil
import tempfile

for name in ("ALLOWED_HOSTS", "BASE_URL", "DEBUG", "DEMO", "SECRET_KEY"):
    os.environ.pop(name, None)
if "TESTS_VAR_DIR" not in os.environ:  # processes that a test starts share their parent's
    os.environ["TESTS_VAR_DIR"] = tempfile.mkdtemp(prefix="vetika-tests-")
    atexit.register(shutil.rmtree, os.environ["TESTS_VAR_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ["TESTS_VAR_DIR"]

from forum.settings import *

for folder in (STATIC_ROOT, VAR_DIR / "assets"):
    folder.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: no test is about its strength
POST_OFFICE["BACKENDS"] = {"default": "django.core.mail.backends.locmem.EmailBackend"}
