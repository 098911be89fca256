"""The staff side of the collective: consent, scheduled news, images, what waits."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from collective import actions
from collective.admin.news import NewsAdmin
from collective.importers import load
from collective.models import News, Partner, Testimonial
from pages import checking
from pages.models import LinkCheck
from pages.tasks import check_links
from tests.accounts.factories import SuperuserFactory, UserFactory
from tests.collective.factories import (
    AchievementFactory,
    DeskFactory,
    NewsFactory,
    PartnerFactory,
    PressItemFactory,
    TagFactory,
    TestimonialFactory,
)
from vsa_portal.tasks import refresh_search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

MODELS = ("partner", "desk", "achievement", "pressitem", "testimonial", "testimonialtag", "news")


def url(model, page, *args):
    return reverse(f"admin:collective_{model}_{page}", args=args)


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def photo(size=(800, 500)):
    buffer = BytesIO()
    Image.new("RGB", size, "olive").save(buffer, "JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), "image/jpeg")


def form_of(response):
    """What a browser would send back if nobody touched the form that it was given."""
    data = {}
    context = response.context_data
    for form in (context["adminform"].form, *(f for formset in context["inline_admin_formsets"] for f in formset.formset.forms)):
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != "":
                data[field.html_name] = [str(getattr(one, "pk", one)) for one in value] if isinstance(value, list) else value
    for formset in context["inline_admin_formsets"]:
        for field in formset.formset.management_form:
            data[field.html_name] = field.value()
    return {name: value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "hour") else value for name, value in data.items()}


def fill(count):
    for _ in range(count):
        partner = PartnerFactory()
        partner.contacts.create(need="Joindre", email="a@example.org")
        DeskFactory(partner=partner)
        AchievementFactory(partner=partner)
        PressItemFactory()
        TestimonialFactory()
        TagFactory()
        NewsFactory()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [("partner", 6), ("desk", 6), ("achievement", 8), ("pressitem", 8), ("testimonial", 6), ("testimonialtag", 5), ("news", 8)],
)
def test_queries_of_a_list_do_not_grow(staff, django_assert_num_queries, model, queries, count):
    fill(count)
    with django_assert_num_queries(queries):
        staff.get(url(model, "changelist"))


def test_news_is_written_with_its_image(staff, settings):
    page = staff.get(url("news", "add"))
    data = form_of(page) | {
        "title": "Bienvenue à Sault",
        "summary": "On y vient.",
        "body": '<p onclick="x()">Le récit.</p><script>alert(1)</script>',
        "published_at": "2026-06-14T08:30",
        "commune": "Sault",
        "image": photo(),
        "image_alt": "Un champ",
        "image_credit": "VSA",
    }
    assert staff.post(url("news", "add"), data).status_code == 302
    news = News.objects.get()
    assert (news.body, news.commune.name, news.slug) == ("<p>Le récit.</p>", "Sault", "bienvenue-a-sault")
    assert news.published_at.isoformat() == "2026-06-14T06:30:00+00:00"
    assert news.image.name.startswith("actualites/")
    assert (news.image_width, news.image_height) == (800, 500)
    assert "photo" not in news.image.name


@pytest.mark.parametrize(
    ("missing", "words"), [("image_alt", "Dites ce que montre l’image"), ("image_credit", "Dites qui a fait cette image")]
)
def test_an_image_without_text_or_credit_is_refused(staff, missing, words):
    data = form_of(staff.get(url("news", "add"))) | {
        "title": "Titre",
        "summary": "Phrase",
        "image": photo(),
        "image_alt": "Un champ",
        "image_credit": "VSA",
    }
    del data[missing]
    page = staff.post(url("news", "add"), data)
    assert words in page.context_data["adminform"].form.errors[missing][0]
    assert not News.objects.exists()


@pytest.mark.parametrize(("model", "name"), [("desk", "partner"), ("achievement", "partner")])
def test_what_is_no_key_is_no_choice(staff, model, name):
    assert staff.get(url(model, "add"), {name: "abc"}).status_code == 200
    page = staff.post(url(model, "add"), {name: "abc"})
    assert "choix valide" in page.context_data["adminform"].form.errors[name][0]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_that_no_one_means_is_refused(staff, moment):
    data = form_of(staff.get(url("news", "add"))) | {"title": "Titre", "summary": "Phrase", "published_at": moment}
    page = staff.post(url("news", "add"), data)
    assert page.context_data["adminform"].form.errors["published_at"] == ["Vérifiez l’année\u00a0: elle va de 2000 à 2100."]
    assert not News.objects.exists()


def test_a_disguised_file_is_refused(staff):
    data = form_of(staff.get(url("news", "add"))) | {
        "title": "Titre", "summary": "Phrase", "image_alt": "Un champ", "image_credit": "VSA",
        "image": SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>", "image/jpeg"),
    }  # fmt: skip
    page = staff.post(url("news", "add"), data)
    assert "n’est pas une photographie" in page.context_data["adminform"].form.errors["image"][0]


def test_an_image_taken_away_leaves_no_file(staff, settings, django_capture_on_commit_callbacks):
    news = NewsFactory()
    address = url("news", "change", news.pk)
    staff.post(address, form_of(staff.get(address)) | {"image": photo(), "image_alt": "Un champ", "image_credit": "VSA"})
    news.refresh_from_db()
    assert list((settings.MEDIA_ROOT / "actualites").iterdir())
    data = form_of(staff.get(address)) | {"image-clear": "on"}
    data.pop("image", None)
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(address, data).status_code == 302
    news.refresh_from_db()
    assert (news.image.name, news.image_width) == ("", 0)
    assert not list((settings.MEDIA_ROOT / "actualites").iterdir())


@pytest.mark.parametrize("action", ["delete_selected", "withdraw"])
def test_a_testimonial_taken_away_leaves_no_portrait(staff, settings, now, django_capture_on_commit_callbacks, action):
    testimonial = TestimonialFactory()
    address = url("testimonial", "change", testimonial.pk)
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(address, form_of(staff.get(address)) | {"image": photo(), "image_alt": "Un portrait", "image_credit": "VSA"})
    assert [each for each in settings.MEDIA_ROOT.rglob("*") if each.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        data = {"action": action, "_selected_action": testimonial.pk, "post": "yes", "confirmed": "oui"}
        staff.post(url("testimonial", "changelist"), data)
    assert not Testimonial.objects.visible(now).exists()
    assert not Testimonial.objects.exclude(image="").exists()
    assert not [each for each in settings.MEDIA_ROOT.rglob("*") if each.is_file()]


def test_a_draft_is_previewed_by_staff_only(staff, client):
    news = NewsFactory(draft=True, title="À relire", body="<p>Le récit.</p>")
    page = staff.get(url("news", "preview", news.pk))
    assert "Aperçu" in page.content.decode()
    assert "Le récit." in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    client.logout()
    assert client.get(url("news", "preview", news.pk)).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(url("news", "preview", news.pk)).status_code == 403


def test_a_hidden_partner_is_previewed(staff):
    partner = PartnerFactory(active=False, text="<p>Pas encore.</p>")
    assert "Pas encore." in staff.get(url("partner", "preview", partner.pk)).content.decode()
    assert staff.get(url("partner", "preview", 999_999)).status_code == 404


def test_news_is_published_now_or_taken_back(staff, now):
    news = NewsFactory(scheduled=True)
    select = {"_selected_action": [news.pk]}
    response = staff.post(url("news", "changelist"), select | {"action": "publish"})
    news.refresh_from_db()
    assert news.published_at == now
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["1\u00a0actualité publiée."]
    staff.post(url("news", "changelist"), select | {"action": "withdraw"})
    news.refresh_from_db()
    assert news.published_at is None
    assert news.history.count() == 3


def test_consent_needs_its_proof(staff, now):
    testimonial = TestimonialFactory(draft=True)
    address = url("testimonial", "change", testimonial.pk)
    data = form_of(staff.get(address)) | {"consent_on": "2026-06-01"}
    refused = staff.post(address, data)
    assert "dites où elle se trouve" in refused.context_data["adminform"].form.errors["consent_proof"][0]
    assert not Testimonial.objects.visible(now).exists()
    assert staff.post(address, data | {"consent_proof": "courriel du 1er juin"}).status_code == 302
    assert Testimonial.objects.visible(now).exists()


@pytest.fixture
def jobs(monkeypatch):
    """Runs what waits, as the worker does; links are collected, not asked."""

    def run():
        for job in ProcrastinateJob.objects.filter(status="todo"):
            app.tasks[job.task_name].func(**job.args)

    monkeypatch.setattr(checking, "ask_each", lambda links, **how: links.count())
    return run


def everywhere(text):
    """The tables of the portal that still hold these words."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS kept WHERE kept::text ILIKE %s', [f"%{text}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


def test_words_taken_back_are_asked_about_then_gone_for_good(staff, now, jobs):
    testimonial = TestimonialFactory(
        quote="Des mots introuvables.",
        name="Zénobie Quatrevaux",
        is_demo=True,
        consent_proof="courriel zqxwvkjqz",
        source_url="http://localhost/entretien-zqxwvkjqz",
    )
    testimonial.tags.add(TagFactory())
    address = url("testimonial", "change", testimonial.pk)
    staff.post(address, form_of(staff.get(address)) | {"quote": "Des mots introuvables, corrigés."})
    check_links()
    refresh_search()
    keepers = ("collective_testimonial", "collective_historicaltestimonial", "django_admin_log", "vsa_portal_knownword", "pages_linkcheck")
    assert {table for text in ("introuvables", "Quatrevaux", "zqxwvkjqz") for table in everywhere(text)} == set(keepers)
    assert not LinkCheck.objects.filter(places__icontains="Quatrevaux").exists()

    data = {"_selected_action": [testimonial.pk], "action": "withdraw"}
    asked = staff.post(url("testimonial", "changelist"), data)
    assert "Rien ne pourra revenir" in asked.text
    assert Testimonial.objects.visible(now).exists()

    staff.post(url("testimonial", "changelist"), data | {"confirmed": "oui"})
    jobs()
    for text in ("introuvables", "Quatrevaux", "zqxwvkjqz"):
        assert everywhere(text) == []
    testimonial.refresh_from_db()
    assert (testimonial.withdrawn_on, testimonial.active, testimonial.tags.count()) == (now.date(), False, 0)
    assert [version.history_change_reason for version in testimonial.history.all()] == ["retiré à la demande de la personne"]
    assert "Témoignage retiré" in staff.get(url("testimonial", "changelist") + "?accord=retire").text
    assert staff.post(address, {"quote": "De retour", "name": "Quelqu’un"}).status_code == 403
    assert "rien d’autre n’est gardé" in staff.get(address).text
    staff.post(url("testimonial", "changelist"), data | {"confirmed": "oui"})
    assert testimonial.history.count() == 1


def test_words_taken_back_do_not_return_with_the_files(now, jobs):
    load()
    testimonial = Testimonial.objects.get(supply_key="sanna")
    actions.withdraw_testimonial(testimonial=testimonial, at=now)
    load()
    jobs()
    for text in ("Joanna", "un vrai soulagement"):
        assert everywhere(text) == []


@pytest.mark.parametrize("action", ["delete", "changelist"])
def test_a_testimonial_that_is_deleted_leaves_nothing(staff, jobs, action):
    testimonial = TestimonialFactory(name="Zénobie Quatrevaux", source_url="http://localhost/quatrevaux")
    address = url("testimonial", "change", testimonial.pk)
    staff.post(address, form_of(staff.get(address)) | {"quote": "D’autres mots."})
    check_links()
    refresh_search()
    assert {"django_admin_log", "vsa_portal_knownword", "pages_linkcheck"} < set(everywhere("Quatrevaux"))
    data = {"post": "yes", "_selected_action": [testimonial.pk], "action": "delete_selected"}
    staff.post(url("testimonial", action, *([testimonial.pk] if action == "delete" else [])), data)
    assert not Testimonial.objects.exists()
    jobs()
    assert everywhere("Quatrevaux") == []
    assert LogEntry.objects.filter(object_repr=f"témoignage {testimonial.pk}, supprimé").count() == 2


def test_what_came_from_a_file_is_not_deleted(staff):
    shipped, own = PartnerFactory(supply_key="ars"), PartnerFactory()
    assert staff.post(url("partner", "delete", shipped.pk), {"post": "yes"}).status_code == 403
    assert staff.post(url("partner", "delete", own.pk), {"post": "yes"}).status_code == 302
    staff.post(url("partner", "changelist"), {"_selected_action": [shipped.pk], "action": "delete_selected", "post": "yes"})
    assert list(Partner.objects.all()) == [shipped]


def test_the_first_page_says_what_waits(staff, now):
    TestimonialFactory(draft=True, name="Camille Exemple")
    NewsFactory(scheduled=True, title="Demain")
    NewsFactory(draft=True, title="Brouillon à finir")
    PartnerFactory(name="Organisme muet")
    PartnerFactory(website="https://example.org/")
    page = staff.get(reverse("admin:index"))
    queues = {queue.code: queue for queue in page.context_data["queues"]}
    assert [row.title for row in queues["accords"].rows] == ["Camille Exemple"]
    assert [row.title for row in queues["actualites-programmees"].rows] == ["Demain"]
    assert [row.title for row in queues["actualites-brouillons"].rows] == ["Brouillon à finir"]
    assert [row.title for row in queues["partenaires-sans-contact"].rows] == ["Organisme muet"]
    for code in ("accords", "actualites-programmees", "partenaires-sans-contact"):
        changelist = staff.get(queues[code].url)
        assert changelist.context_data["cl"].result_count == queues[code].count == 1


def test_the_link_to_the_site_is_there_when_readers_see_the_record(staff, now):
    shown, draft = NewsFactory(), NewsFactory(draft=True)
    screen = NewsAdmin(News, None)
    assert screen.view_on_site(shown) == shown.get_absolute_url()
    assert screen.view_on_site(draft) is None
    assert shown.get_absolute_url() in staff.get(url("news", "change", shown.pk)).content.decode()


KEPT = [model for model in MODELS if hasattr(apps.get_model("collective", model), "history")]


@pytest.mark.parametrize("model", KEPT)
def test_versions_are_kept(staff, model):
    """Each save is a version, and the screen of versions leads to every one of them."""
    fill(1)
    row = apps.get_model("collective", model).objects.first()
    row.save()
    screen = staff.get(url(model, "history", row.pk)).content.decode()
    versions = list(row.history.values_list("pk", flat=True))
    assert len(versions) == 2
    for version in versions:
        assert f"/history/{version}/" in screen


def test_two_contacts_and_a_link_are_written_with_the_partner(staff):
    partner = PartnerFactory()
    address = url("partner", "change", partner.pk)
    data = form_of(staff.get(address)) | {
        "contacts-TOTAL_FORMS": 1, "contacts-0-need": "S’inscrire", "contacts-0-email": "accueil@example.org", "contacts-0-position": 1,
        "links-TOTAL_FORMS": 1, "links-0-label": "Les aides", "links-0-url": "/s-installer/", "links-0-position": 1,
    }  # fmt: skip
    assert staff.post(address, data).status_code == 302
    assert (partner.contacts.get().need, partner.links.get().url) == ("S’inscrire", "/s-installer/")


def test_a_contact_that_reaches_nobody_is_refused(staff):
    partner = PartnerFactory()
    address = url("partner", "change", partner.pk)
    data = form_of(staff.get(address)) | {"contacts-TOTAL_FORMS": 1, "contacts-0-need": "S’inscrire", "contacts-0-position": 1}
    assert "Un contact a un courriel" in staff.post(address, data).content.decode()
    assert not partner.contacts.exists()


def test_a_news_an_hour_ahead_is_told_as_scheduled(staff, now):
    NewsFactory(published_at=now + timedelta(hours=1))
    assert "programmée" in staff.get(url("news", "changelist")).content.decode()
