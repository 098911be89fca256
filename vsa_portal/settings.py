"""Settings of the portal, read from the environment.

Two modes. *Production* (`PORTAL_MODE=production`, which the container image sets): nothing has a
convenient default, and the system checks of `core.checks` name whatever is missing. *Demonstration*
(`PORTAL_MODE=demo`, the default of a fresh clone) runs on one machine, for itself alone, with an
embedded PostgreSQL, a generated secret and mails printed to the console.

Importing this module reaches nothing but the environment and, in demonstration, the secret's file:
what is missing is left empty, for the checks to say. `docs/operate.md` lists the variables.
"""

import os
import secrets
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.contrib.messages import constants as message_levels

from vsa_portal import embedded_postgres

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PORTAL_MODE = env.str("PORTAL_MODE", "demo")
PRODUCTION = PORTAL_MODE != "demo"
DEBUG = env.bool("DEBUG", False) and not PRODUCTION
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]


def kept_secret(path):
    """The secret of a demonstration, made once and kept beside its data; empty if the folder cannot be written."""
    with suppress(OSError):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            with suppress(FileExistsError):  # another process was first: its secret counts
                os.link(draft, path)
            draft.unlink()
        return path.read_text()
    return ""


SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else kept_secret(DATA_DIR / "secret"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else LOOPBACK_HOSTS)
CSRF_TRUSTED_ORIGINS = [f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
SITE_URL = env.str("SITE_URL", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION and ALLOWED_HOSTS else "")
"""Scheme and host of canonical links; empty: those of the request."""

INSTALLED_APPS = [
    "vsa_portal.apps.PortalConfig",
    "core",
    "accounts",
    "territories",
    "opportunities",
    "housing",
    "aids",
    "agenda",
    "collective",
    "interns",
    "contacts",
    "pages",
    "vsa_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "vsa_portal.apps.PortalStaticFilesConfig",
    "django.contrib.postgres",
    "csp",
    "django_filters",
    "django_htmx",
    "leaflet",
    "content_editor",
    "django_prose_editor",
    "procrastinate.contrib.django",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "vsa_portal.urls"
WSGI_APPLICATION = "vsa_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vsa_portal.context_processors.portal",
            ],
        },
    },
]

DATABASE_URL = env.str("DATABASE_URL", "")
if DATABASE_URL.startswith(("postgres://", "postgresql://")):
    DATABASE = env.db_url_config(DATABASE_URL)
else:
    DATABASE = {} if PRODUCTION or DATABASE_URL else embedded_postgres.configuration(DATA_DIR)
DATABASES = {
    "default": {
        **DATABASE,
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
        # Data in memory or on solid-state disks: reading in index order costs little more than in sequence,
        # and pages made of short queries have nothing to win from compiling them.
        "OPTIONS": {"options": "-c random_page_cost=1.1 -c jit=off", **DATABASE.get("OPTIONS", {})},
        "TEST": {"NAME": env.str("TEST_DATABASE_NAME", "test_vsa_portal")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
CSRF_FAILURE_VIEW = "vsa_portal.views.csrf_failure"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "vsa_portal" / "locale"]
USE_TZ = True
# Off: Django would also write a key as « 1 086 ». Numbers for readers are written by `core.french`.
USE_THOUSAND_SEPARATOR = False

LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": LOCAL_MEMORY, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 200}},
    # Pieces of HTML known by their content (the filter panel, the legend of the map): never out of date, only forgotten.
    "template_fragments": {"BACKEND": LOCAL_MEMORY, "LOCATION": "pieces", "OPTIONS": {"MAX_ENTRIES": 3000}},
}
PAGE_CACHE = env.bool("PAGE_CACHE", True)
"""Keep public pages in memory for as long as nothing they show has changed (`core.caching`)."""

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.storage.BundledStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o644

EMAIL_URL = env.str("EMAIL_URL", "" if PRODUCTION else "consolemail://")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "" if PRODUCTION else "Vaucluse Santé Attractivité <portail@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "" if PRODUCTION else "equipe@example.org")
"""Where visitors write to the VSA team."""
EMAIL_TIMEOUT = 20
MAIL_ORIGIN = SITE_URL or f"http://127.0.0.1:{env.str('PORT', '8000')}"
"""Scheme and host of the links in mails, which no request tells."""
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
"""What the Message-ID of our mail ends with: the domain of its sender."""
INBOUND_ADDRESS = env.str("INBOUND_ADDRESS", "")
"""The mailbox whose mail is piped to `manage.py receive_mail`, as `reponse@portail.fr`; it must take `reponse+anything@`. Empty: none."""
LOCAL_CALENDARS = ()
"""Hosts of calendars to import that may be on this machine and without https: for tests."""
ADVISER = {
    "name": env.str("ADVISER_NAME", "L’équipe d’accompagnement"),
    "role": env.str("ADVISER_ROLE", ""),
    "phone": env.str("ADVISER_PHONE", ""),
}
"""Who signs every message: a person if the team names one."""
ACCESSIBILITY_STATE = env.str("ACCESSIBILITY_STATE", "non conforme")
"""What the foot of every page and the accessibility statement say (RGAA); "non conforme" until an audit says otherwise."""
LEGAL_NOTICE = {
    "publisher": env.str("LEGAL_PUBLISHER", "Vaucluse Provence Attractivité"),
    "address": env.str("LEGAL_ADDRESS", ""),
    "phone": env.str("LEGAL_PHONE", ""),
    "director": env.str("LEGAL_DIRECTOR", ""),
    "host": env.str("LEGAL_HOST", ""),
}
"""What the legal notice must name (LCEN): publisher, its address and phone, director of publication, host with address and phone."""

SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", True) else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

IGN_TILES_HOST = "https://data.geopf.fr"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The nonce is in the header of the pages that ask for one: the editors of the staff side (core/admin.py), and no public page.
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Leaflet places its panes and markers through the style attribute of elements it creates.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", IGN_TILES_HOST],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

IGN_TILES = f"{IGN_TILES_HOST}/wmts?" + "&".join(
    [
        "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0",
        "LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png",
        "TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
    ]
)
LEAFLET_CONFIG = {
    "SPATIAL_EXTENT": (3.4, 42.6, 7.0, 45.5),
    "DEFAULT_CENTER": (44.0, 5.15),
    "DEFAULT_ZOOM": 9,
    "MIN_ZOOM": 8,
    "MAX_ZOOM": 17,
    # Our own background is drawn by static/js/map/board.js; IGN's tiles are asked for only once a visitor switches them on.
    "TILES": [],
    "OVERLAYS": [
        ("Fond de plan IGN", IGN_TILES, {"attribution": "IGN – Géoplateforme", "referrerPolicy": "no-referrer", "maxNativeZoom": 19})
    ],
    "NO_GLOBALS": True,
    "ATTRIBUTION_PREFIX": False,
    "RESET_VIEW": False,
    "SCALE": "metric",
}

MESSAGE_TAGS = {message_levels.ERROR: "error", message_levels.SUCCESS: "ok", message_levels.WARNING: "warn"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # Robots that call the server by a name that is not ours are answered 400; a trace of each would hide the rest.
    "loggers": {"django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False}},
}
