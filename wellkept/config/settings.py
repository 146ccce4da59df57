"""Django's settings, made from the environment. Nothing here is secret: keys live in files under the data folder."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from wellkept.config import environment, keys, logs, mail_oauth, oidc

ENV = environment.read(os.environ)
PACKAGE = Path(__file__).resolve().parent.parent
DATA = ENV.data
INCOMING = ENV.incoming
KEYS = keys.load(DATA)

DEBUG = ENV.debug
SECRET_KEY = KEYS.signing
ALLOWED_HOSTS = environment.allowed_hosts(ENV)
CSRF_TRUSTED_ORIGINS = [ENV.public_url]
DEMO = ENV.demo

ROOMS = [
    "wellkept.core",
    "wellkept.calendars",
    "wellkept.people",
    "wellkept.clients",
    "wellkept.knowledge",
    "wellkept.ledger",
    "wellkept.promises",
    "wellkept.conversations",
    "wellkept.banking",
    "wellkept.insight",
    "wellkept.connectors.email",
    "wellkept.connectors.folder",
    "wellkept.jobs",
    "wellkept.api",
    "wellkept.web",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    *ROOMS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wellkept.web.shell.files.StaticDoor",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wellkept.web.signin.activity.SessionActivity",
    "wellkept.web.shell.middleware.StaffDoor",
]
ROOT_URLCONF = "wellkept.config.urls"
ASGI_APPLICATION = "wellkept.config.asgi.application"
WSGI_APPLICATION = "wellkept.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # before allauth's own pages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "wellkept.web.shell.context.shell",
            ],
        },
    }
]

DATABASES = {"default": environment.database(ENV.database_url, data=DATA, synchronous=ENV.sqlite_synchronous)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_ADAPTER = "wellkept.web.signin.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "wellkept.web.signin.adapters.SocialAdapter"
MFA_ADAPTER = "wellkept.web.signin.adapters.MfaAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC = oidc.providers(ENV.oidc)
MAIL_OAUTH = mail_oauth.providers(ENV.mail_oauth)
SOCIALACCOUNT_PROVIDERS = oidc.apps(OIDC)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.public_url.startswith("https://")  # browsers allow it on localhost only
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("pt-br", _("Portuguese (Brazil)"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

if ENV.redis_url:  # limits on sign-in are counted across all processes
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENV.redis_url}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "wellkept.web.shell.files.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000  # addresses carry a version

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.public_url.startswith("https://"):
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *oidc.origins(OIDC), *mail_oauth.origins(MAIL_OAUTH)],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "base-uri": [NONE],
    }
}
REDIS_URL = ENV.redis_url
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
ATTACHMENT_MAX_BYTES = 25 * 1024 * 1024
BODY_MAX_BYTES = 4 * ATTACHMENT_MAX_BYTES  # of one request, however many files it carries
DISK_RESERVE_BYTES = 100 * 1024 * 1024  # below this no file is taken, so that the database can go on
TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING = logs.configure(ENV.log_format)
