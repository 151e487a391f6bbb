"""The project's settings for tests: files, mail and secrets of their own, whatever the environment says."""

# ruff: noqa: E402, F403, F405
import atexit
import os
import shutil
import tempfile

for name in ("ALLOWED_HOSTS", "BASE_URL", "DEBUG", "DEMO", "SECRET_KEY"):
    os.environ.pop(name, None)
# Each of several workers has its own files; processes that a test starts share their parent's.
mine = f"TESTS_VAR_DIR_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
if mine not in os.environ:
    os.environ[mine] = tempfile.mkdtemp(prefix="vetika-tests-")
    atexit.register(shutil.rmtree, os.environ[mine], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ[mine]

from forum.settings import *

for folder in (STATIC_ROOT, VAR_DIR / "assets"):
    folder.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MIDDLEWARE.remove("cms.caching.PublicPages")  # what a test changes shows at once; tests/cms/test_caching.py has it back
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: no test is about its strength
POST_OFFICE["BACKENDS"] = {"default": "django.core.mail.backends.locmem.EmailBackend"}
