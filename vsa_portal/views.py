"""Pages that see every app: the home page, the plain pages, the error pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.links import origin


@require_safe
def robots(request):
    """What crawlers may read: everything but the staff side. Points to the sitemap."""
    lines = ("User-agent: *", f"Disallow: {reverse('admin:index')}", "", f"Sitemap: {origin(request)}{reverse('sitemap')}", "")
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def error(request, status, template):
    return render(request, template, {"robots": "noindex"}, status=status)


def bad_request(request, exception):
    return error(request, 400, "400.html")


def permission_denied(request, exception):
    return error(request, 403, "403.html")


def csrf_failure(request, reason=""):
    """A form that Django refuses because nothing proves that it comes from one of our pages; `reason`, in English, is for its log."""
    return error(request, 403, "403_csrf.html")


def page_not_found(request, exception):
    return error(request, 404, "404.html")


def server_error(request):
    """A page that needs nothing: neither database, nor context, nor another template."""
    return HttpResponse(get_template("500.html").render(), status=500)
