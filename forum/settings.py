"""All settings, read top to bottom; every variable has a safe default and stands in ``.env.example``."""

import datetime
import os
from pathlib import Path
from urllib.parse import quote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from forum import env, secret

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# The address by which people reach the site. Plain http is for this machine alone.
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
IS_LOOPBACK = _base.hostname in {"127.0.0.1", "localhost", "::1"}
IS_SECURE = _base.scheme == "https"
if not IS_SECURE and not (IS_LOOPBACK and _base.scheme == "http"):
    raise ImproperlyConfigured("BASE_URL must begin with https:// unless it names this machine (127.0.0.1).")

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
if (DEBUG or DEMO) and not IS_LOOPBACK:
    raise ImproperlyConfigured("DEBUG and DEMO are for this machine alone: BASE_URL must name 127.0.0.1.")
SECRET_KEY = env.text("SECRET_KEY") or (secret.kept_in(VAR_DIR / "secret_key") if IS_LOOPBACK else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY must be set.")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if IS_LOOPBACK else [_base.hostname]
ALLOWED_HOSTS += env.words("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "forum",
    "forum.home",
    "forum.desks",
    "forum.certificates",
    "forum.visas",
    "forum.checkin",
    "forum.badges",
    "forum.mou",
    "forum.payments",
    "forum.registration",
    "forum.documents",
    "forum.accounts",
    "exhibitors",
    "agenda",
    "cms",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.contrib.simple_translation",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "post_office",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "cms.watching.Watching",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.caching.PublicPages",
    "cms.csp.ContentSecurityPolicy",
    "cms.readable.ReadableRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.middleware.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "forum.accounts.middleware.Presence",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.maintenance.Maintenance",
    "allauth.account.middleware.AccountMiddleware",
    "forum.accounts.middleware.Door",
    "cms.middleware.Refusals",
]

ROOT_URLCONF = "forum.urls"
WSGI_APPLICATION = "forum.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context.shell",
            ],
            "builtins": ["cms.templatetags.reading", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Database: SQLite beside the code by default, PostgreSQL by DATABASE_URL.
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{quote(str(VAR_DIR))}/vetika.sqlite3"), conn_max_age=None
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by all processes: limits are counted here.
    "default": {
        "BACKEND": "cms.counting.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},  # nobody's many tries push out what was counted of others
    },
    # Of each process, some 10 kB a page.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
# Apps and models whose rows public pages show.
PUBLIC_CONTENT = {
    "agenda", "cms.Country", "cms.Edition", "exhibitors", "home", "mou", "registration.FurtherUse", "registration.PassType",
    "registration.PrivacyNotice", "registration.Question", "registration.Quota", "visas.VisaDesk", "wagtailimages",
}  # fmt: skip
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# What the worker's sweep does, and how often in seconds; each may run twice or in several places at once.
PERIODIC = {
    "cms.tasks.tidy": 3600, "cms.channels.send_due": 5,
    "exhibitors.tasks.release_expired_holds": 60, "exhibitors.tasks.offer_to_waiting": 60,
    "exhibitors.tasks.make_proposals": 15,
    "forum.registration.tasks.see_to_waiting_lists": 60,
    "forum.registration.tasks.ask_who_comes": 300, "forum.registration.tasks.follow_booths": 60,
    "forum.registration.tasks.send_letters": 5,
    "forum.registration.tasks.remind_guests": 300, "forum.registration.tasks.send_circulars": 5,
    "forum.badges.tasks.forget_kept": 60, "forum.badges.tasks.draw_ahead": 600, "forum.badges.tasks.print_batches": 15,
    "forum.payments.tasks.place_orders": 60, "forum.payments.tasks.end_orders": 60,
    "forum.payments.tasks.reconcile": 300, "forum.payments.tasks.ask_bakong": 60,
    "forum.certificates.tasks.forget_needless": 60, "forum.visas.tasks.forget_needless": 60,
}  # fmt: skip

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("km", _("Khmer"))]
FORMAT_MODULE_PATH = "cms.formats"  # how the back office writes days and hours
LOCALE_PATHS = [BASE_DIR / "forum" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # who works in the back office chooses once
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = IS_SECURE
USE_TZ = True
TIME_ZONE = "Asia/Phnom_Penh"

# Files: `public` holds renditions only; everything people upload is private and needs a view that asks who they are.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", VAR_DIR / "assets"]
MEDIA_URL = "/media/"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None, "file_permissions_mode": 0o600},
    },
    "public": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "public", "base_url": MEDIA_URL},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
BODY_MAX_SIZE = 10_000_000  # bytes, files included

# Signing in: allauth's door is the only one.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desks:mine"
ACCOUNT_ADAPTER = "forum.accounts.adapter.ClosedDoor"
ACCOUNT_FORMS = {
    "login": "forum.accounts.forms.SignInForm",
    "reauthenticate": "forum.accounts.forms.ReauthenticateForm",
    "add_email": "forum.accounts.forms.AddAddressForm",
    "change_password": "forum.accounts.forms.ChangePasswordForm",
    "set_password": "forum.accounts.forms.SetPasswordForm",
    "reset_password": "forum.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "forum.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# How often one may ask: so many, in how long, for each address (ip), person signed in (user) or typed address (key).
LIMITS = env.rates("LIMITS", {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/15m/key",
    "register": "1000/10m/ip,3000/d/ip,20/10m/key",
    "link": "1000/10m/ip,5/10m/key", "account_request": "60/h/ip,5/h/key",
    "photo": "300/10m/ip,20/10m/key", "invite": "30/h/user,3/h/key",
    "search": "600/m/ip",
    "desk_search": "120/m/user",
    "wrong_link": "60/m/ip",
    "khqr": "300/m/ip,6/m/key",
    "pin": "5/5m/key",
    "verify": "60/m/ip",
})  # fmt: skip
ACCOUNT_RATE_LIMITS = {name: LIMITS[name] for name in ("login", "login_failed", "reset_password")}  # allauth counts these
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The second factor, which forum.accounts.middleware.Door demands of staff.
MFA_ADAPTER = "forum.accounts.adapter.SecondFactor"
MFA_FORMS = {
    "authenticate": "forum.accounts.factor_forms.CodeForm",
    "reauthenticate": "forum.accounts.factor_forms.CodeAgainForm",
    "activate_totp": "forum.accounts.factor_forms.FirstCodeForm",
    "add_webauthn": "forum.accounts.factor_forms.AddPasskeyForm",
    "authenticate_webauthn": "forum.accounts.factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "forum.accounts.factor_forms.PasskeyAgainForm",
    "edit_webauthn": "forum.accounts.factor_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # clocks of telephones are half a minute wrong; CodeForm sees to it that a code serves once
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts begin with a proven address; a second one waiting for its proof harms nobody

# Mail: queued in the database by post_office, sent by the worker.
EMAIL_BACKEND = "post_office.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Vetika <forum@localhost>")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10  # seconds
EMAIL_FILE_PATH = VAR_DIR / "mail"
MAIL_KEPT_DAYS = env.number("MAIL_KEPT_DAYS", 90)
POST_OFFICE = {
    "BACKENDS": {
        "default": "django.core.mail.backends.filebased.EmailBackend"
        if DEMO
        else "django.core.mail.backends.smtp.EmailBackend"
    },
    "BATCH_SIZE": 20,  # what may be sent twice when a worker dies in between
    "LOG_LEVEL": 1,  # failures; the row itself says when it was sent
    # For three days: a mail server that is down over a weekend delays mail and loses none.
    "RETRY_INTERVAL": datetime.timedelta(minutes=15),
    "MAX_RETRIES": 288,
    # Each letter has its own, the same however often it is sent: cms.mail gives it; here sign-in's letters get theirs.
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": _base.hostname,
}

# Wagtail
WAGTAIL_SITE_NAME = "Vetika"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES  # of the admin our words; its own have no Khmer
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # the back office has one clock
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_DATETIME_FORMAT = "%Y-%m-%dT%H:%M"  # as a browser's own field for it writes
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_RENDITION_STORAGE = "public"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8_000_000  # bytes
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000  # a good camera's; a JPEG of that size takes some 170 MB to draw anew
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.images.ImageForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt"]
WAGTAILDOCS_INLINE_CONTENT_TYPES = []  # always as attachment

# Cards: without both words there is no such way to pay. Another address of the programme's interface is for trying alone.
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.text("STRIPE_API_BASE")
if STRIPE_API_BASE and not IS_LOOPBACK:
    raise ImproperlyConfigured("STRIPE_API_BASE is for this machine alone: BASE_URL must name 127.0.0.1.")
# Whether a KHQR code was paid, by Bakong's Open API: without its token, by statement or by hand.
BAKONG_TOKEN = env.text("BAKONG_TOKEN")
BAKONG_API_BASE = env.text("BAKONG_API_BASE", "https://api-bakong.nbc.gov.kh")
if BAKONG_API_BASE != "https://api-bakong.nbc.gov.kh" and not IS_LOOPBACK:
    raise ImproperlyConfigured("BAKONG_API_BASE is for this machine alone: BASE_URL must name 127.0.0.1.")

# Short messages: a channel without its words is absent. Other schemes than https are for this machine alone.
SMS_GATEWAY_URL = env.text("SMS_GATEWAY_URL")
SMS_GATEWAY_KEY = env.text("SMS_GATEWAY_KEY")
SMS_SENDER = env.text("SMS_SENDER", "Vetika")
TELEGRAM_BOT_TOKEN = env.text("TELEGRAM_BOT_TOKEN")
TELEGRAM_API_BASE = env.text("TELEGRAM_API_BASE", "https://api.telegram.org").rstrip("/")
for _name in ("SMS_GATEWAY_URL", "TELEGRAM_API_BASE"):
    _scheme = urlsplit(globals()[_name]).scheme
    if _scheme not in {"", "https"} and not (_scheme == "http" and IS_LOOPBACK):
        raise ImproperlyConfigured(f"{_name} must begin with https:// unless BASE_URL names this machine.")

# Safe by default
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.number("TRUSTED_PROXY_COUNT", 0) else None
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked for from within, machine by machine
SECURE_HSTS_SECONDS = 63_072_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_HSTS_PRELOAD = IS_SECURE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_NAME = "__Host-session" if IS_SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = False  # Wagtail's own scripts read it
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cms.errors.csrf_failure"
SESSION_COOKIE_AGE = 60 * 60 * 12  # seconds: one working day, however busy
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 60)
if SESSION_IDLE_MINUTES < 1:
    raise ImproperlyConfigured("SESSION_IDLE_MINUTES must be 1 or more.")
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows its previews in a frame of its own
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # it asks for DENY there
SECURE_REFERRER_POLICY = "same-origin"
# Whom to tell of a hole, in /.well-known/security.txt, and the day until which that holds.
SECURITY_CONTACT = [contact if ":" in contact else f"mailto:{contact}" for contact in env.words("SECURITY_CONTACT")]
SECURITY_CONTACT_UNTIL = env.day("SECURITY_CONTACT_UNTIL")

# Numbers for Prometheus at /metrics, for who shows this word; without one there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN must have 20 characters or more.")
if METRICS_TOKEN:  # read when prometheus_client is imported, which happens later; each process keeps a file there
    METRICS_DIR = VAR_DIR / "metrics"
    METRICS_DIR.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "cms.logs.Plain" if DEBUG or DEMO else "cms.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # neither its mails to administrators nor, in DEBUG, SQL with values
        "django.request": {"level": "ERROR"},  # what is refused has its line of access
        "post_office": {"level": "WARNING", "handlers": ["console"], "propagate": False},
        # One line for each request, and for each task of a worker.
        "access": {"level": "WARNING" if DEBUG or DEMO else "INFO"},
        "django_tasks": {"level": "WARNING" if DEBUG or DEMO else "INFO", "handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # anybody can fill a log with these
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
