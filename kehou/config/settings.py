"""The one settings file. What differs between machines comes from the environment; see docs/how-to/operate.md."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kehou.lib import env
from kehou.rules.signing_in import SHORTEST_PASSWORD

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.text("KEHOU_VAR", str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)

# A demonstration lives on this machine only: its people sign in with one tap, its clock moves, its keys are known.
# `kehou.config.checks` refuses to start it anywhere else.
DEMONSTRATION = env.flag("DEMONSTRATION", False)
DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY", "demonstration-" + "0" * 50 if DEMONSTRATION else None)
# 32 bytes in hex, or several separated by commas: the first encrypts, all decrypt (kehou.lib.masked).
FIELD_KEYS = env.words("FIELD_KEYS", "00" * 32 if DEMONSTRATION else "")
if not FIELD_KEYS:
    raise ImproperlyConfigured("FIELD_KEYS is not set: pupils' ID numbers cannot be encrypted.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver" if DEMONSTRATION else "")
# Under which families reach this installation: what the QR codes on papers say. Without it those papers that only their
# own digits identify carry no QR code.
PUBLIC_ADDRESS = env.text("PUBLIC_ADDRESS", "http://127.0.0.1:8000" if DEMONSTRATION else "").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

CHAPTERS = (
    "journal", "basis", "schools", "people", "staffing", "surveys", "planning", "programme", "enrolment",
    "allocation", "timetable", "attendance", "money", "disclosure", "filing", "supervision",
)  # fmt: skip
DESKS = ("door", "guardian", "teacher", "school", "district", "public")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "kehou.config",
    "kehou.lib",
    *(f"kehou.chapters.{chapter}" for chapter in CHAPTERS),
    *(f"kehou.desks.{desk}" for desk in DESKS),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kehou.config.middleware.Personal",
    "kehou.config.middleware.RequestLine",
    "kehou.config.middleware.MaskRule",
    "kehou.config.middleware.PlainText",
    "kehou.config.middleware.Refusals",
]

ROOT_URLCONF = "kehou.config.urls"
WSGI_APPLICATION = "kehou.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "kehou" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "kehou.lib.templatetags.words",
                "kehou.lib.templatetags.parts",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kehou.config.context.desk",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", VAR / "kehou.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["kehou.config.backends.AccountBackend"]
PASSWORD_HASHERS = ["kehou.lib.hashing.TunedArgon2", "django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SHORTEST_PASSWORD},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "door:sign_in"
SESSION_ENGINE = "kehou.lib.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the page, not from the cookie
SECURE = env.flag("SECURE", not (DEMONSTRATION or DEBUG))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE and env.flag("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["kehou.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "collected"
STATICFILES_DIRS = [ROOT / "kehou" / "static"]
STATICFILES_FINDERS = [
    "kehou.lib.bundles.BundleFinder",  # the many small sheets and scripts as one file each
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# The manifest exists after `collectstatic`; a demonstration serves the sources themselves and starts in a second.
WHITENOISE_USE_FINDERS = DEMONSTRATION or DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMONSTRATION or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "files"  # never served by URL: a view with a gate hands out each file
FILE_UPLOAD_HANDLERS = ["kehou.lib.upload_names.InMemory", "kehou.lib.upload_names.OnDisk"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
JOB_BEAT_SECONDS = env.number("JOB_BEAT_SECONDS", 4)
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 20)  # a worker silent for so long has lost its job
JOB_POLL_SECONDS = 1  # SQLite: a poll that finds work takes the write lock
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # e-mail is an adapter that is off
# The district's six digits (GB/T 2260): its own public papers are numbered with them.
DISTRICT_CODE = env.text("DISTRICT_CODE", "500155")
LETTER_CHANNELS = env.words("LETTER_CHANNELS", "inbox")
LETTER_SMS_RELAY = env.text("LETTER_SMS_RELAY", "")  # addresses of the district's own relays to its providers
LETTER_WECHAT_RELAY = env.text("LETTER_WECHAT_RELAY", "")
LETTER_RELAY_SECRET = env.text("LETTER_RELAY_SECRET", "")
LETTER_EMAIL_ADDRESS = env.text("LETTER_EMAIL_ADDRESS", "")  # such as {phone}@mail.example

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING" if DEMONSTRATION else "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
