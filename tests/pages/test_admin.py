"""The staff side of the pages: editing, refusals, publication, preview, versions, queues."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture

from pages import actions
from pages.enums import LinkStatus, State
from pages.models import BLOCKS, Document, HomeSection, Image, LinkCheck, Page, Redirect, RichText
from tests.accounts.factories import SuperuserFactory
from tests.pages.factories import PageFactory, RichTextFactory, TermFactory, composed

pytestmark = pytest.mark.django_db
LIST = "/equipe/pages/page/"


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def prefix(kind):
    return f"pages_{kind._meta.model_name}_set"


def data(**values):
    """What the browser sends for a page; `blocks` are `(kind, fields)`."""
    blocks = values.pop("blocks", [])
    sent = {"title": "Une page", "slug": "une-page", "position": 1, "state": "published", "language": "fr", "in_menu": "on"} | values
    for kind in BLOCKS:
        own = [fields for found, fields in blocks if found is kind]
        sent |= {f"{prefix(kind)}-TOTAL_FORMS": len(own), f"{prefix(kind)}-INITIAL_FORMS": sum("id" in fields for fields in own)}
        for rank, fields in enumerate(own):
            sent |= {f"{prefix(kind)}-{rank}-{name}": value for name, value in ({"region": "main", "ordering": 10} | fields).items()}
    return sent | {"_continue": "1"}


def errors(response):
    """What the form answers beside its fields, and the forms of its blocks by prefix."""
    context = response.context_data
    formsets = [one.formset for one in context["inline_admin_formsets"] if any(one.formset.errors)]
    return {**context["adminform"].form.errors, **{formset.prefix: formset.errors for formset in formsets}}


def test_a_page_is_written_published_and_kept_as_a_version(staff, now):
    response = staff.post(f"{LIST}add/", data(blocks=[(RichText, {"text": "<p>L'accueil.</p><script>x</script>"})]))
    assert response.status_code == 302, errors(response)
    page = Page.objects.get(path="une-page")
    assert page.content == [{"kind": "RichText", "ordering": 10, "text": "<p>L’accueil.</p>"}]
    assert page.search_text == "L’accueil."
    assert page.reviewed_on == now.date()
    assert page.history.count() == 1
    assert "L’accueil." in staff.get("/une-page/").content.decode()


def test_the_editor_bears_the_nonce_of_its_page_and_public_pages_have_none(staff):
    page = PageFactory()
    response = staff.get(reverse("admin:pages_page_change", args=[page.pk]))
    policy = response["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    html = response.content.decode()
    assert nonce
    assert f'<script nonce="{nonce}" type="importmap">' in html or f'<script type="importmap" nonce="{nonce}">' in html
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    for address in (page.get_absolute_url(), LIST, "/equipe/"):
        assert "nonce" not in staff.get(address)["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"slug": "equipe"}, "slug", "réservée"),
        ({"slug": "recherche-absente", "publish_at": "", "language": "xx"}, "language", "xx"),
        ({"slug": "Avec-Majuscules"}, "slug", "n’est pas lisible"),
        ({"publish_at": "0001-01-01T00:00"}, "publish_at", "Vérifiez l’année\u00a0: elle va de 2000 à 2100."),
        ({"unpublish_at": "9999-12-31T23:59"}, "unpublish_at", "Vérifiez l’année\u00a0: elle va de 2000 à 2100."),
        ({"slug": "glossaire"}, "slug", "déjà celle d’une autre partie du portail"),
    ],
)
def test_an_impossible_page_is_refused_beside_its_field(staff, values, field, words):
    response = staff.post(f"{LIST}add/", data(**values))
    assert words in str(errors(response)[field])


def test_an_address_of_the_portal_is_refused(staff):
    rubrique = Page.objects.get(path="exercer")
    response = staff.post(f"{LIST}add/", data(slug="offres", parent=rubrique.pk))
    assert "/exercer/offres/ est déjà celle d’une autre partie du portail" in str(errors(response)["slug"])


def test_a_page_does_not_go_under_itself(staff):
    page = PageFactory(slug="haut")
    below = PageFactory(slug="bas", parent=page)
    response = staff.post(f"{LIST}{page.pk}/change/", data(slug="haut", parent=below.pk))
    assert "ni sous elle-même" in str(errors(response)["parent"])


@pytest.mark.parametrize(("model", "name"), [("page", "parent"), ("page", "translation_of"), ("redirect", "page")])
def test_what_is_no_key_is_no_choice(staff, model, name):
    address = reverse(f"admin:pages_{model}_add")
    assert staff.get(address, {name: "abc"}).status_code == 200
    sent = data(**{name: "abc"}) if model == "page" else {"old_path": "a", name: "abc"}
    assert "choix valide" in str(errors(staff.post(address, sent))[name])


def test_an_address_too_long_for_the_database_is_refused(staff):
    parent = None
    for letter in "abcd":
        parent = PageFactory(slug=letter * 80, parent=parent)
    response = staff.post(f"{LIST}add/", data(slug="e" * 80, parent=parent.pk))
    assert "400 caractères au plus" in str(errors(response)["slug"])


def test_a_branch_is_not_moved_deeper_than_addresses_are_read(staff):
    parent = None
    for slug in ("un", "deux", "trois"):
        parent = PageFactory(slug=slug, parent=parent)
    page = PageFactory(slug="haut")
    PageFactory(slug="tout-en-bas", title="Tout en bas", parent=PageFactory(slug="bas", parent=page))
    response = staff.post(f"{LIST}{page.pk}/change/", data(slug="haut", parent=parent.pk))
    words = str(errors(response)["slug"])
    assert "«\u00a0Tout en bas\u00a0»" in words
    assert "5 niveaux au plus" in words
    assert staff.get("/haut/bas/tout-en-bas/").status_code == 200


def test_a_changed_address_redirects(staff):
    page = PageFactory(slug="ancienne")
    below = PageFactory(slug="bas", parent=page)
    assert staff.post(f"{LIST}{page.pk}/change/", data(slug="nouvelle")).status_code == 302
    below.refresh_from_db()
    assert below.path == "nouvelle/bas"
    assert staff.get("/ancienne/bas/")["Location"] == "/nouvelle/bas/"


def test_a_rubrique_keeps_its_address_and_stays(staff):
    rubrique = Page.objects.get(path="agenda")
    staff.post(f"{LIST}{rubrique.pk}/change/", data(title="Agenda", slug="autre", state="draft"))
    rubrique.refresh_from_db()
    assert (rubrique.path, rubrique.state) == ("agenda", State.PUBLISHED)
    assert staff.get(f"{LIST}{rubrique.pk}/delete/").status_code == 403


def test_a_photograph_needs_words_and_credit_and_is_written_anew(staff):
    buffer = BytesIO()
    Picture.new("RGB", (640, 480), "olive").save(buffer, "JPEG")
    upload = SimpleUploadedFile("photo.jpg", buffer.getvalue(), "image/jpeg")
    response = staff.post(f"{LIST}add/", data(blocks=[(Image, {"image": upload, "alternative_text": "", "credit": ""})]))
    assert {"alternative_text", "credit"} <= errors(response)[prefix(Image)][0].keys()
    upload.seek(0)
    staff.post(f"{LIST}add/", data(blocks=[(Image, {"image": upload, "alternative_text": "Un champ", "credit": "VSA"})]))
    image = Image.objects.get()
    assert image.image.name.endswith(".webp")
    html = staff.get("/une-page/").content.decode()
    assert 'alt="Un champ"' in html
    assert "Photo&nbsp;: VSA" in html
    assert staff.get(image.image.url).status_code == 200


def test_only_a_pdf_is_taken_and_it_is_sent_as_a_download(staff):
    for content in (b"<html><script>", b"PK\x03\x04"):
        upload = SimpleUploadedFile("x.pdf", content, "application/pdf")
        response = staff.post(f"{LIST}add/", data(blocks=[(Document, {"name": "Guide", "file": upload, "language": "fr"})]))
        assert "n’est pas un PDF" in str(errors(response)[prefix(Document)])
    upload = SimpleUploadedFile("x.html", b"%PDF-1.7 " + b"x" * 2000, "text/html")
    staff.post(f"{LIST}add/", data(blocks=[(Document, {"name": "Guide d’accueil", "file": upload, "language": "fr"})]))
    document = Document.objects.get()
    assert document.size == 2009
    html = staff.get("/une-page/").content.decode()
    assert f'href="/{document.file.name}"' in html
    assert "2\u00a0ko" in html
    response = staff.get(f"/{document.file.name}")
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    response.close()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="guide-daccueil.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_draft_is_seen_by_staff_only(staff, client, now):
    page = composed((RichTextFactory, {"text": "<p>Pas encore.</p>"}), slug="bientot", publish_at=now + timedelta(days=1))
    address = reverse("admin:pages_page_preview", args=[page.pk])
    response = staff.get(address)
    assert response["X-Robots-Tag"] == "noindex"
    assert "Pas encore." in response.content.decode()
    assert "Paraîtra le 16 juin 2026 à 10:00." in response.content.decode()
    assert staff.get("/bientot/").status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_an_earlier_version_is_seen_and_comes_back_with_its_blocks(staff):
    page = composed((RichTextFactory, {"text": "<p>Le premier texte.</p>"}), slug="page", title="Premier titre")
    first = page.history.latest()
    RichText.objects.filter(parent=page).update(text="<p>Le second texte.</p>")
    page.title = "Second titre"
    actions.keep_version(page=page)
    history = staff.get(reverse("admin:pages_page_history", args=[page.pk])).content.decode()
    assert "Le second texte." in history
    seen = staff.get(reverse("admin:pages_page_preview_version", args=[page.pk, first.pk])).content.decode()
    assert "Le premier texte." in seen
    address = reverse("admin:pages_page_simple_history", args=[page.pk, first.pk])
    assert "Premier titre" in staff.get(address).content.decode()
    assert staff.post(address).status_code == 302
    page.refresh_from_db()
    assert page.title == "Premier titre"
    assert [block.text for block in RichText.objects.filter(parent=page)] == ["<p>Le premier texte.</p>"]
    assert page.history.latest().history_change_reason.startswith("retour à la version")


def test_the_tree_is_ordered_from_its_list(staff):
    first, second = PageFactory(slug="a", position=1), PageFactory(slug="b", position=2)
    below = PageFactory(slug="c", parent=second)
    rows = [*Page.objects.in_tree_order()]
    sent = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "1"}
    for rank, page in enumerate(rows):
        position = 0 if page == second else page.position
        sent |= {f"form-{rank}-id": page.pk, f"form-{rank}-position": position, f"form-{rank}-in_menu": "on"}
    assert staff.post(LIST, sent).status_code == 302
    order = [page.slug for page in Page.objects.in_tree_order()]
    assert order.index("b") < order.index("c") < order.index("a")
    below.refresh_from_db()
    first.refresh_from_db()
    assert below.tree_order.startswith("00000-b/")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_for_one_and_three(staff, django_assert_num_queries, count):
    PageFactory.create_batch(count)
    TermFactory.create_batch(count)
    for rank, page in enumerate(Page.objects.all()[:count]):
        Redirect.objects.create(old_path=f"x-{rank}", page=page)
        LinkCheck.objects.create(url=f"https://x.example/{rank}", places=[{"label": "x", "url": "/"}])
    for name, expected in QUERIES.items():
        with django_assert_num_queries(expected, info=name):
            staff.get(f"/equipe/pages/{name}/")


QUERIES = {"page": 5, "term": 5, "redirect": 5, "linkcheck": 4, "homesection": 5}


def test_the_first_page_says_what_waits(staff, now):
    PageFactory(title="Un brouillon", state=State.DRAFT)
    composed((RichTextFactory, {}), title="Une vieille page", reviewed_on=now.date() - timedelta(days=200))
    composed((RichTextFactory, {}), title="Une page fraîche", reviewed_on=now.date())
    LinkCheck.objects.create(url="https://rompu.example/", status=LinkStatus.BROKEN, detail="Le site répond 404", failing_since=now)
    html = staff.get("/equipe/").content.decode()
    for words in ("Un brouillon", "Une vieille page", "https://rompu.example/"):
        assert words in html
    assert "Une page fraîche" not in html
    page = Page.objects.get(title="Une vieille page")
    staff.post(reverse("admin:pages_page_reviewed", args=[page.pk]))
    page.refresh_from_db()
    assert page.reviewed_on == now.date()


def test_a_redirect_never_turns_in_circles(staff):
    def refusals(**sent):
        return str(staff.post("/equipe/pages/redirect/add/", sent).context_data["adminform"].form.errors)

    assert staff.post("/equipe/pages/redirect/add/", {"old_path": "/a/", "url": "/b/"}).status_code == 302
    assert "tourne en rond" in refusals(old_path="b", url="/a/")
    assert "tourne en rond" in refusals(old_path="c", url="/c/")
    assert "autre partie du portail" in refusals(old_path="exercer/offres", url="/a/")
    assert "Une adresse du portail" in refusals(old_path="d", url="javascript:x")
    assert "n’est pas lisible" in refusals(old_path="Vieille page.html", url="/a/")
    assert "celle d’une page du portail" in refusals(old_path=PageFactory().path, url="/a/")
    assert staff.get("/a/")["Location"] == "/b/"


def test_parts_of_the_home_page_are_ordered_and_switched_off(staff):
    sections = list(HomeSection.objects.all())
    sent = {"form-TOTAL_FORMS": len(sections), "form-INITIAL_FORMS": len(sections), "_save": "1"}
    for rank, section in enumerate(sections):
        sent |= {f"form-{rank}-id": section.pk, f"form-{rank}-position": 100 - section.position}
        if section.kind != "map":
            sent[f"form-{rank}-active"] = "on"
    assert staff.post("/equipe/pages/homesection/", sent).status_code == 302
    shown = [section.kind for section in HomeSection.objects.shown()]
    assert "map" not in shown
    assert shown == [section.kind for section in reversed(sections) if section.kind != "map"]


@pytest.mark.parametrize("address", ["x/history/", "999999/history/", "1/history/x/", "999999/apercu/", "99999999999999999999/apercu/"])
def test_a_forged_address_is_no_failure(staff, address):
    assert staff.get(f"{LIST}{address}").status_code in (302, 404)
