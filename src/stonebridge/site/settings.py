"""Settings of a node. Everything that differs between nodes is data or environment."""

import json
import os
from pathlib import Path

from stonebridge.site import environment
from stonebridge.site.node import load_node

ROOT = Path(__file__).resolve().parents[3]
MODE = environment.text("STONEBRIDGE_MODE", "test", choices=("demo", "test", "production"))
NODE = load_node(
    Path(environment.text("STONEBRIDGE_NODES", str(ROOT / "nodes"))) / os.environ.get("STONEBRIDGE_NODE", "mk")
)
STATE = Path(environment.text("STONEBRIDGE_STATE", str(ROOT / ".state" / NODE.code)))

# A node that runs on one machine keeps its generated secrets in one file, 0600; a deployment names its own.
_secrets_file = STATE / "secrets.json"
_stored: dict[str, str] = json.loads(_secrets_file.read_text(encoding="utf-8")) if _secrets_file.exists() else {}
if MODE == "test":
    _stored = {
        "secret_key": "11" * 32, "data_protection_key": "22" * 32, "log_signing_key": "33" * 32,
        "protection_log_signing_key": "44" * 32, "vault_key": "55" * 32, "protection_key": "66" * 32,
        "gallery_key": "77" * 32, "draft_key": "88" * 32, "exchange_key": "99" * 32,
    } | _stored  # fmt: skip

SECRET_KEY = environment.secret("STONEBRIDGE_SECRET_KEY", _stored, size=32).hex()
DATA_PROTECTION_KEY = environment.secret("STONEBRIDGE_DATA_PROTECTION_KEY", _stored, size=32)
LOG_SIGNING_KEY = environment.secret("STONEBRIDGE_LOG_SIGNING_KEY", _stored, size=32)
PROTECTION_LOG_SIGNING_KEY = environment.secret("STONEBRIDGE_PROTECTION_LOG_SIGNING_KEY", _stored, size=32)
VAULT_KEY = environment.secret("STONEBRIDGE_VAULT_KEY", _stored, size=32)
VAULT_KEY_NAME = environment.text("STONEBRIDGE_VAULT_KEY_NAME", "k1")
PROTECTION_KEY = environment.secret("STONEBRIDGE_PROTECTION_KEY", _stored, size=32)
GALLERY_KEY = environment.secret("STONEBRIDGE_GALLERY_KEY", _stored, size=32)
EXCHANGE_KEY = environment.secret("STONEBRIDGE_EXCHANGE_KEY", _stored, size=32)
DRAFT_KEY = environment.secret("STONEBRIDGE_DRAFT_KEY", _stored, size=32)

# One login role each (docs/decisions); `owner` migrates and serves nothing else.
ROLES = {"default": "app", "vault": "vault", "protection": "protection", "log": "log", "retention": "retention",
         "owner": "owner"}  # fmt: skip
DATABASES = {
    alias: environment.database(
        environment.text(
            "DATABASE_URL" if alias == "default" else f"DATABASE_URL_{alias.upper()}",
            _stored.get(f"database_url_{role}", f"postgresql://{role}@/stonebridge"),
        )
    )
    for alias, role in ROLES.items()
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = environment.text(
    "STONEBRIDGE_HOSTS", "localhost,127.0.0.1,[::1],testserver" if MODE != "production" else None
).split(",")
INSTALLED_APPS = [
    "stonebridge.ui",  # first: its templates take the place of those of the packages
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "stonebridge.accounts",
    "stonebridge.safeguards.log",
    "stonebridge.safeguards",
    "stonebridge.exchange",
    "stonebridge.registry",
    "stonebridge.identification",
    "stonebridge.casework",
    "stonebridge.remedies",
    "stonebridge.protection",
    "stonebridge.rights",
    "stonebridge.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stonebridge.site.middleware.EncodingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stonebridge.accounts.middleware.SecondFactorMiddleware",
    "stonebridge.site.middleware.DoorMiddleware",
]
ROOT_URLCONF = "stonebridge.site.urls"
WSGI_APPLICATION = "stonebridge.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "stonebridge.site.context.node",
            ],
        },
    }
]
FORM_RENDERER = "stonebridge.ui.forms.Renderer"

AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "stonebridge.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_FORMS = {
    "login": "stonebridge.accounts.forms.SignInForm", "reauthenticate": "stonebridge.accounts.forms.PasswordAgainForm",
    "change_password": "stonebridge.accounts.forms.NewPasswordForm",
}  # fmt: skip
MFA_FORMS = {
    "authenticate": "stonebridge.accounts.forms.CodeForm", "reauthenticate": "stonebridge.accounts.forms.CodeAgainForm",
    "activate_totp": "stonebridge.accounts.forms.EnrolForm",
}  # fmt: skip
MFA_ADAPTER = "stonebridge.accounts.second_factor.SecondFactorAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = f"Stonebridge {NODE.code}"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_work"
ACCOUNT_LOGOUT_REDIRECT_URL = "start"

# Browsers share cookies between ports: the names carry the node's.
_prefix = "__Host-" if MODE == "production" else ""
SESSION_COOKIE_NAME = f"{_prefix}session-{NODE.code}"
CSRF_COOKIE_NAME = f"{_prefix}csrf-{NODE.code}"
LANGUAGE_COOKIE_NAME = f"language-{NODE.code}"
SESSION_COOKIE_AGE = environment.number("STONEBRIDGE_SESSION_MINUTES", 30, least=5, most=720) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = MODE == "production"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("STONEBRIDGE_BEHIND_PROXY", False) else None
)
SECURE_SSL_REDIRECT = MODE == "production"
SECURE_HSTS_SECONDS = 31_536_000 if MODE == "production" else 0
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send forms with the origin "null", which fails
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"], "script-src": ["'self'"], "style-src": ["'self'"], "img-src": ["'self'", "data:"],
        "font-src": ["'self'"], "connect-src": ["'self'"], "form-action": ["'self'"], "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"], "manifest-src": ["'self'"],
    }
}  # fmt: skip
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler"
]  # an upload never lies in clear on a disk

LANGUAGE_CODE = NODE.default_language
LANGUAGES = [(code, {"en": "English", "mk": "Македонски"}[code]) for code in NODE.staff_languages]
LOCALE_PATHS = [ROOT / "src" / "stonebridge" / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Skopje"

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = MODE != "production"
# It holds failed attempts and used codes: thrown out early, they would be forgiven.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}  # fmt: skip

MATCHER_SOCKET = Path(environment.text("STONEBRIDGE_MATCHER_SOCKET", str(STATE / "matcher.sock")))
GALLERY_FOLDER = STATE / "gallery"
WITNESS_FOLDERS = [Path(p) for p in environment.text("STONEBRIDGE_WITNESSES", str(STATE / "witness")).split(":") if p]
DRAFT_DAYS = environment.number("STONEBRIDGE_DRAFT_DAYS", 7, least=1, most=30)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
