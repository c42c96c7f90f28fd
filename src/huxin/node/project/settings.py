"""Django's settings, made from the node's folder (`HUXIN_NODE`) and `DATABASE_URL`.

Without a folder, as for tools that only read the code, a nameless node in memory stands in: it
has secrets of the moment, the label test, and no keys.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from huxin.adapters import node_folder
from huxin.adapters.client_address import parse_networks
from huxin.adapters.node_folder import NodeFolder, Secrets
from huxin.node.project import surroundings
from huxin.node.project.database import database
from huxin.packs.reader import Words

_UNNAMED: Final = NodeFolder(
    path=Path("unnamed"),
    region="QQ",
    name=Words("未命名", "Unnamed"),
    operator=Words("无", "Nobody"),
    environment="test",
    time_zone=ZoneInfo("UTC"),
    origin="http://localhost:8800",
    daily=200,
    secrets=Secrets(secrets.token_hex(), secrets.token_bytes(32), secrets.token_bytes(32)),
)

_folder = os.environ.get("HUXIN_NODE")
HUXIN: Final[NodeFolder] = node_folder.read(Path(_folder)) if _folder else _UNNAMED
_origin = urlsplit(HUXIN.origin)
_secure = _origin.scheme == "https"
_name = HUXIN.region.lower().replace("-", "_")

SECRET_KEY = HUXIN.secrets.session
DEBUG = False
ALLOWED_HOSTS = [_origin.hostname or "localhost", *surroundings.hosts()]
CSRF_TRUSTED_ORIGINS = [HUXIN.origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "huxin.node.base",  # before the login library: its pages take our templates
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "huxin.node.trust",
    "huxin.node.clinic",
    "huxin.node.monitoring",
    "huxin.node.home",
]

MIDDLEWARE = [
    "huxin.node.base.forwarded.ForwardedMiddleware",
    "huxin.node.base.here.HereMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huxin.node.base.middleware.ConfigMiddleware",
    "csp.middleware.CSPMiddleware",
    "huxin.node.base.limits.LimitsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "huxin.node.base.middleware.AccessMiddleware",
    "huxin.node.base.kept_phone.KeptPhoneMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "huxin.node.project.urls"
WSGI_APPLICATION = "huxin.node.project.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "huxin.node.base.templatetags.words",
                "huxin.node.base.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huxin.node.base.context.page",
                "huxin.node.home.navigation.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

_database_url = os.environ.get("DATABASE_URL")
DATABASES = {"default": database(_database_url, HUXIN.database if _folder else Path(":memory:"))}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Holds how often sign-in was tried, by name and by address: with the usual 300 entries a
        # hundred addresses would wipe what counts against one name.  As many as `limits` remembers.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package by whitenoise
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300
# No upload ever reaches a disk: it is read, judged and forgotten.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

# ------------------------------------------------------------------------------------ signing in

AUTH_USER_MODEL = "base.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The usual slow hash; scrypt is memory-hard and comes with OpenSSL.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "huxin.node.base.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "huxin.node.base.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure  # localhost is a secure place for browsers
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# ---------------------------------------------------------------------------- cookies and headers

# Cookies do not know ports: nodes on one machine need names of their own.
SESSION_COOKIE_NAME = f"huxin_{_name}_session"
CSRF_COOKIE_NAME = f"huxin_{_name}_csrf"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "huxin.node.base.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
# Read from a server of ours only: the first middleware takes it away from everybody else.
HUXIN_TRUSTED_PROXIES = parse_networks(os.environ.get("HUXIN_TRUSTED_PROXIES", ""))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HUXIN_TRUSTED_PROXIES else None

# ----------------------------------------------------------------------- the demo and its tour

# Said by the demo's supervisor and obeyed under the label demo only; `huxin node init` makes none.
_demo = os.environ if HUXIN.environment == "demo" else {}
HUXIN_DEMO_SECRET = _demo.get("HUXIN_DEMO_SECRET", "")
HUXIN_TOUR_URL = _demo.get("HUXIN_TOUR_URL", "")
HUXIN_TOUR_FILE = _demo.get("HUXIN_TOUR_FILE", "")
_others = _demo.get("HUXIN_FORM_TARGETS", "").split()
if HUXIN_TOUR_FILE:
    # The tour keeps nothing: it serves pages while the nodes are down, and has no tables.
    ROOT_URLCONF = "huxin.node.project.urls_tour"
    SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'", *_others],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "report-uri": "/csp-report",
    }
}

# ----------------------------------------------------------------------------------------- limits

HUXIN_REQUESTS_A_MINUTE = surroundings.requests_a_minute()
HUXIN_SEATS = surroundings.seats()

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "huxin.node.base.logs.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {"django.server": {"handlers": ["out"], "propagate": False}},
}
