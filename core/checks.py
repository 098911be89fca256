"""System checks of a deployment: each thing that production needs and does not have has a number and a hint.

Every command runs them, and so does gunicorn before its first worker (`gunicorn.conf.py`).
"""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

REQUIRED = {
    "E001": ("SECRET_KEY", "Cinquante caractères au hasard ou plus\u00a0: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"),
    "E002": ("ALLOWED_HOSTS", "Les noms sous lesquels le portail est visité, séparés par des virgules\u00a0: portail.exemple.fr."),
    "E004": ("DEFAULT_FROM_EMAIL", "L’expéditeur des messages\u00a0: Vaucluse Santé Attractivité <portail@exemple.fr>."),
    "E005": ("EMAIL_URL", "Le serveur qui envoie les messages\u00a0: smtp+tls://compte:mot-de-passe@smtp.exemple.fr:587."),
    "E006": ("CONTACT_EMAIL", "L’adresse à laquelle les visiteurs écrivent à l’équipe."),
}


@register("portal")
def check_mode(app_configs, **kwargs):
    """E007: a mode that does not exist. E008: a demonstration, whose password everyone knows, open to other machines."""
    if settings.PORTAL_MODE not in ("demo", "production"):
        yield error("E007", f"PORTAL_MODE vaut «\u00a0{settings.PORTAL_MODE}\u00a0».", "Les deux modes sont demo et production.")
    public = [host for host in settings.ALLOWED_HOSTS if host not in settings.LOOPBACK_HOSTS]
    if not settings.PRODUCTION and public:
        yield error(
            "E008",
            f"Une démonstration ne répond qu’à sa propre machine, pas à {', '.join(public)}.",
            "PORTAL_MODE=production pour un site public\u00a0; sans ALLOWED_HOSTS pour une démonstration.",
        )


@register("portal")
def check_required(app_configs, **kwargs):
    """E001 to E006: what a deployment must be told, because no default would be right."""
    for number, (name, hint) in REQUIRED.items():
        if not value_of(name):
            yield error(number, missing(name), hint)


ACCESSIBILITY_STATES = ("totalement conforme", "partiellement conforme", "non conforme")
"""The three words that the law knows (ACC-03, ACC-04)."""


@register("portal")
def check_statements(app_configs, **kwargs):
    """E010: a state of accessibility that the law does not know. W001: a legal notice that names nobody (LCEN)."""
    if settings.ACCESSIBILITY_STATE not in ACCESSIBILITY_STATES:
        yield error(
            "E010",
            f"ACCESSIBILITY_STATE vaut «\u00a0{settings.ACCESSIBILITY_STATE}\u00a0».",
            f"L’un des trois états\u00a0: {', '.join(ACCESSIBILITY_STATES)}.",
        )
    empty = [f"LEGAL_{name.upper()}" for name, value in settings.LEGAL_NOTICE.items() if not value]
    if settings.PRODUCTION and empty:
        yield Warning(
            f"Les mentions légales sont incomplètes\u00a0: {', '.join(empty)}.",
            hint="Siège, téléphone, direction de la publication et hébergeur sont dus par la loi (docs/operate.md).",
            id="portal.W001",
        )


@register("portal")
def check_database(app_configs, **kwargs):
    """E003: no database, or one that is not PostgreSQL."""
    if "postgres" not in settings.DATABASES["default"].get("ENGINE", ""):
        yield error(
            "E003",
            "DATABASE_URL n’est pas l’adresse d’une base PostgreSQL." if settings.DATABASE_URL else missing("DATABASE_URL"),
            "La base du portail\u00a0: postgres://compte:mot-de-passe@serveur:5432/base.",
        )


@register("portal", deploy=True)
def check_static_files(app_configs, **kwargs):
    """E009: the files that pages name are not there; without them every page is an error."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield error("E009", f"Les fichiers statiques ne sont pas rassemblés dans {settings.STATIC_ROOT}.", "manage.py collectstatic")


def value_of(name):
    try:
        return getattr(settings, name)
    except ImproperlyConfigured:  # Django's answer to an empty SECRET_KEY
        return ""


def missing(name):
    if settings.PRODUCTION:
        return f"{name} n’est pas définie, la production en a besoin."
    if name == "SECRET_KEY":
        return f"Le dossier {settings.DATA_DIR} n’est pas accessible\u00a0: le secret de la démonstration n’a pas pu y être gardé."
    return f"{name} est vide."


def error(number, message, hint):
    return Error(message, hint=hint, id=f"portal.{number}")
