"""What the staff screens share: French texts, phone numbers, history in words, the first page, the check of links."""

from dataclasses import replace
from datetime import date

import pytest
from django.contrib import admin
from django.db.models import CharField, EmailField, SlugField, TextField, URLField
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from collective.models import Partner
from contacts.actions import conversations
from core.forms import TypesetField
from core.prose import ProseField
from core.staff import RecordAdmin
from pages.models import Term
from territories.models import Zoning
from tests.accounts.factories import SuperuserFactory
from tests.collective.factories import PartnerFactory
from tests.opportunities.factories import OpportunityFactory
from tests.pages.factories import TermFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

RECORDS = [(model, screen) for model, screen in admin.site._registry.items() if isinstance(screen, RecordAdmin)]


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def form_of(response):
    """What a browser sends back of a form that nobody touched."""
    form = response.context_data["adminform"].form
    data = {field.html_name: value if (value := field.value()) or value == 0 else "" for field in form}
    for formset in response.context_data["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in formset.formset.management_form}
    return data


def errors_of(response):
    return {name: " ".join(found) for name, found in response.context_data["adminform"].form.errors.items()}


@pytest.mark.parametrize(("model", "screen"), RECORDS, ids=[model.__name__ for model, _ in RECORDS])
def test_texts_are_typeset_and_addresses_are_not(rf, model, screen):
    request = rf.get("/")
    request.user = SuperuserFactory()
    for name, field in screen.get_form(request).base_fields.items():
        column = next((one for one in model._meta.fields if one.name == name), None)
        if column is None or column.choices or not isinstance(column, (CharField, TextField)):
            continue
        plain = not isinstance(column, (EmailField, SlugField, URLField, ProseField))
        assert isinstance(field, TypesetField) is plain, name


def test_what_staff_type_is_typeset(staff):
    partner = PartnerFactory(name="Union")
    address = reverse("admin:collective_partner_change", args=[partner.pk])
    data = form_of(staff.get(address)) | {
        "name": "Union d'essai",
        "summary": "Écouter : l'essentiel !",
        "website": "https://exemple.org/l'union",
    }
    assert staff.post(address, data).status_code == 302
    partner.refresh_from_db()
    assert (partner.name, partner.summary) == ("Union d’essai", "Écouter\u00a0: l’essentiel\u00a0!")
    assert partner.website == "https://exemple.org/l'union"


@pytest.mark.parametrize("number", ["abc", "04 90 ou 06", "--", "04-", "1"])
def test_what_is_no_phone_number_is_refused(staff, number):
    partner = PartnerFactory()
    address = reverse("admin:collective_partner_change", args=[partner.pk])
    assert "chiffres et des espaces" in errors_of(staff.post(address, form_of(staff.get(address)) | {"phone": number}))["phone"]
    assert Partner.objects.get(pk=partner.pk).phone == partner.phone


@pytest.mark.parametrize("number", ["15", "04 90 16 15 00", "+33 (0)4.90.16.15.00", "3919", "04-90-16-15-00"])
def test_a_phone_number_is_taken_as_it_is_written(staff, number):
    partner = PartnerFactory()
    address = reverse("admin:collective_partner_change", args=[partner.pk])
    assert staff.post(address, form_of(staff.get(address)) | {"phone": number}).status_code == 302
    assert Partner.objects.get(pk=partner.pk).phone == number


def test_the_history_of_a_record_is_in_words(staff):
    zoning = Zoning.objects.create(commune=real_commune("Sault"), scheme="gp", zone="zip")
    zoning.confirmed, zoning.source, zoning.source_date = True, "Arrêté", date(2026, 9, 1)
    zoning.save()
    html = staff.get(reverse("admin:territories_zoning_history", args=[zoning.pk])).content.decode()
    assert "<del>non</del> → <ins>oui</ins>" in html
    assert "<del>vide</del> → <ins>1er septembre 2026</ins>" in html
    assert "False" not in html


@pytest.mark.parametrize("key", ["abc/history/", "1 or 1/history/", "abc/history/1/", "1/history/x/", "99999/history/1/"])
def test_the_history_of_nothing_is_not_found(staff, key):
    assert staff.get(f"/equipe/territories/zoning/{key}").status_code == 404


def test_the_first_page_shows_work_in_the_order_of_the_menu_and_what_is_done_apart(staff):
    OpportunityFactory(draft=True)
    PartnerFactory(name="Sans adresse", website="", email="", phone="")
    Zoning.objects.create(commune=real_commune("Sault"), scheme="gp", zone="zip")
    context = staff.get("/equipe/").context
    codes = [queue.code for queue in context["queues"]]
    waiting = [code for code in codes if code in {"brouillons", "partenaires-sans-contact", "zonages-a-confirmer"}]
    assert waiting == ["brouillons", "partenaires-sans-contact", "zonages-a-confirmer"]
    assert all(queue.count for queue in context["queues"])
    assert "liens-rompus" in {queue.code for queue in context["nothing"]}


def test_whoever_wrote_comes_first_then_what_is_late_and_drafts_are_not_counted(staff, now):
    OpportunityFactory(draft=True)
    OpportunityFactory(state="expired")
    values = {"name": "Claire", "standing": "licensed_locum", "topic": "locum", "text": "Une question.", "email": "claire@exemple.org"}
    conversations.write(target="adviser", values=values, confirmed=True, at=now)
    page = staff.get("/equipe/")
    assert [queue.code for queue in page.context["queues"]][:2] == ["messages-a-suivre", "expirees"]
    counters = page.text.partition('class="counters"')[2].partition("</ul>")[0]
    assert "message à suivre" in counters
    assert "brouillon" not in counters


def test_a_row_of_what_is_done_leads_to_its_list(staff):
    html = staff.get("/equipe/").content.decode()
    assert "Aucun lien rompu" in html
    assert reverse("admin:pages_linkcheck_changelist") in html


def test_links_are_checked_on_demand_before_any_was(staff):
    page = staff.get(reverse("admin:pages_linkcheck_changelist"))
    assert "Vérifier tous les liens maintenant" in page.content.decode()
    before = ProcrastinateJob.objects.count()
    assert staff.get(reverse("admin:pages_linkcheck_now")).status_code == 302
    assert ProcrastinateJob.objects.count() == before, "a GET changes nothing"
    response = staff.post(reverse("admin:pages_linkcheck_now"), follow=True)
    assert "La vérification est lancée" in response.content.decode()
    assert ProcrastinateJob.objects.count() == before + 1


def term(**values):
    return {"term": "SNIIRAM", "slug": "sniiram", "definition": "Un système.", "expansion": "", "text": "", "source": ""} | values


def test_other_ways_of_writing_a_term_forgive_what_is_left_empty(staff):
    response = staff.post(reverse("admin:pages_term_add"), term(aliases=" SNIIR-AM ;; , les SNIIRAM,"))
    assert response.status_code == 302
    assert Term.objects.get(slug="sniiram").aliases == ["SNIIR-AM", "les SNIIRAM"]


@pytest.mark.parametrize(("values", "field"), [({"aliases": "x, cpts"}, "aliases"), ({"term": "Communautés"}, "term")])
def test_a_word_has_one_definition(staff, values, field):
    TermFactory(term="CPTS", slug="cpts", aliases=["communautés"])
    response = staff.post(reverse("admin:pages_term_add"), term(**values))
    assert "mène déjà à la définition de «\u00a0CPTS\u00a0»" in errors_of(response)[field]


def test_counters_of_the_first_page_agree_with_their_number(rf, staff):
    request = rf.get(reverse("admin:index"))
    request.user = SuperuserFactory()
    queues = admin.site.work_queues(request, timezone.now())
    for queue in queues:
        one, _, many = queue.counter.partition("|")
        assert one, queue.code
        if many:
            assert [replace(queue, count=count).counted for count in (1, 2)] == [one, many]
    assert {queue.counter for queue in queues} > {"recherche qui presse|recherches qui pressent", "message à suivre|messages à suivre"}
    OpportunityFactory(submitted=True)
    assert "<b>1</b> <span>offre à relire</span>" in staff.get(reverse("admin:index")).text
