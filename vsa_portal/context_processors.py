from django.conf import settings


def portal(request):
    """What every page needs: contact of the team, mode, canonical origin."""
    return {"contact_email": settings.CONTACT_EMAIL, "is_demo_site": not settings.PRODUCTION}
