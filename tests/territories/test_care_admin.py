"""Staff keep facilities, kinds, CPTS and zonings; what they change is theirs; what waits for them is on the first page."""

from datetime import date

import pytest
from django.urls import reverse

from territories.importers import REFERENCE_DIR, load_care
from territories.models import Cpts, FacilityKind, HealthFacility, KeyFigure, Zoning
from tests.accounts.factories import SuperuserFactory
from tests.territories.factories import CommuneFactory, CptsFactory, FacilityFactory, FacilityKindFactory, ZoningFactory, real_commune

pytestmark = pytest.mark.django_db

FACILITIES = "/equipe/territories/healthfacility/"


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def form_of(page):
    """What a browser would send of the form of a page as it stands."""
    form = page.context["adminform"].form
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False, []):
            data[bound.html_name] = "on" if value is True else value
    return data


def change(staff, row, **values):
    """Send the form of a record with some values changed (None takes one out); the answer."""
    address = reverse(f"admin:territories_{row._meta.model_name}_change", args=[row.pk])
    data = {name: value for name, value in {**form_of(staff.get(address)), **values}.items() if value is not None}
    response = staff.post(address, data)
    row.refresh_from_db()
    return response


def results(response):
    return [str(row) for row in response.context["cl"].result_list]


def messages(response):
    return [str(message) for message in response.context["messages"]]


# --- Facilities ----------------------------------------------------------------------------------


def test_staff_add_a_facility_that_readers_then_see(staff):
    data = {
        "name": "Pharmacie du Cours",
        "kind": FacilityKind.objects.get(code="pharmacy").pk,
        "commune": "apt",
        "point_precision": "commune",
        "source": "Équipe VSA",
        "source_date": "2026-06-01",
        "is_open": "on",
    }
    response = staff.post(f"{FACILITIES}add/", data)
    assert response.status_code == 302
    facility = HealthFacility.objects.get(name="Pharmacie du Cours")
    assert facility.point == real_commune("Apt").point
    assert facility.history.get().history_user is not None
    assert "Pharmacie du Cours" in staff.get("/territoires/etablissements/?type=pharmacy").text


def test_what_staff_change_is_theirs_until_they_give_it_back(staff):
    facility = HealthFacility.objects.get(finess="840001861")
    change(staff, facility, beds="650")
    assert (facility.beds, facility.kept_fields) == (650, ["beds"])
    load_care(REFERENCE_DIR)
    facility.refresh_from_db()
    assert facility.beds == 650
    page = staff.post(FACILITIES, {"action": "give_back", "_selected_action": [facility.pk]}, follow=True)
    assert messages(page)[-1:] == ["1\u00a0fiche rendue\u00a0: le prochain chargement les remet à jour."]
    load_care(REFERENCE_DIR)
    facility.refresh_from_db()
    assert (facility.beds, facility.kept_fields) == (694, [])


def test_a_moved_point_is_kept_whole_and_says_how_sure_it_is(staff):
    facility = HealthFacility.objects.get(commune__name="Gordes", kind__code="hospital")
    refused = change(staff, facility, latitude="43.912", longitude="5.2")
    assert "Vous avez placé le point\u00a0: dites s’il est à l’adresse ou vérifié." in refused.content.decode()
    assert facility.point == facility.commune.point
    change(staff, facility, latitude="43.912", longitude="5.2", point_precision="exact")
    assert (facility.latitude, facility.longitude, facility.point_precision) == (43.912, 5.2, "exact")
    assert facility.kept_fields == ["latitude", "longitude", "point_precision"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"commune": "Paris"}, "Paris"),
        ({"latitude": "95", "point_precision": "exact", "commune": "Nulle-Part"}, "90"),
        ({"latitude": "5.2", "longitude": "43.912", "point_precision": "exact"}, "à plus de 30\u00a0km de"),
        ({"finess": "abc"}, "Un numéro FINESS compte neuf caractères"),
        ({"source": "", "source_date": "2026-01-01"}, "Une date de source demande une source."),
        ({"beds": "9" * 30}, "20000"),
        ({"postal_code": "8440"}, "Un code postal compte cinq chiffres."),
    ],
)
def test_a_wrong_value_is_told_in_french_and_nothing_is_saved(staff, values, message):
    facility = FacilityFactory(commune=real_commune("Apt"))
    response = change(staff, facility, name="Autre nom", **values)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert facility.name != "Autre nom"


def test_what_an_official_file_names_is_closed_and_never_deleted(staff):
    official, own = HealthFacility.objects.get(finess="840001861"), FacilityFactory()
    assert staff.post(f"{FACILITIES}{official.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{FACILITIES}{own.pk}/delete/", {"post": "yes"}).status_code == 302
    staff.post(FACILITIES, {"action": "delete_selected", "_selected_action": [official.pk], "post": "yes"})
    assert HealthFacility.objects.filter(pk=official.pk).exists()
    assert not HealthFacility.objects.filter(pk=own.pk).exists()


def test_the_link_to_the_site_leads_to_the_page_or_to_a_preview(staff, client):
    shown, closed = FacilityFactory(), FacilityFactory(name="Fermé", is_open=False)
    assert f'href="{shown.get_absolute_url()}"' in staff.get(f"{FACILITIES}{shown.pk}/change/").text
    preview = f"{FACILITIES}{closed.pk}/apercu/"
    assert f'href="{preview}"' in staff.get(f"{FACILITIES}{closed.pk}/change/").text
    page = staff.get(preview)
    assert "Seule l’équipe voit cette page." in page.text
    assert page["X-Robots-Tag"] == "noindex"
    client.logout()
    assert client.get(preview).status_code == 302


def test_staff_verify_several_facilities_at_once(staff, now):
    facility = FacilityFactory(source_date=date(2020, 1, 1))
    page = staff.post(FACILITIES, {"action": "verify", "_selected_action": [facility.pk]}, follow=True)
    facility.refresh_from_db()
    assert messages(page) == ["1\u00a0établissement vérifié ce jour."]
    assert facility.verified_on == now.date()


def test_the_list_finds_by_name_commune_and_number(staff):
    for text in ("henri-duffaut", "840001861", "raoul follereau"):
        assert results(staff.get(FACILITIES, {"q": text})) == ["Centre hospitalier d’Avignon – Henri-Duffaut"]


def test_the_first_page_tells_what_is_old_and_what_is_not_placed(staff, now):
    HealthFacility.objects.all().delete()
    FacilityFactory(name="Récent", source_date=date(2026, 1, 1))
    FacilityFactory(name="Ancien", source_date=date(2023, 12, 31))
    FacilityFactory(name="Revu", source_date=date(2020, 1, 1), verified_on=date(2026, 1, 1))
    FacilityFactory(name="À placer", point_precision="commune")
    FacilityFactory(name="Bus", point_precision="commune", kind=FacilityKindFactory(code="itinerant"))
    FacilityFactory(name="Exemple", point_precision="commune", is_demo=True, source="", source_date=None)
    FacilityFactory(name="Fermé", source_date=date(2020, 1, 1), is_open=False)
    queues = {queue.code: queue for queue in staff.get("/equipe/").context["queues"]}
    assert [row.title for row in queues["etablissements-a-verifier"].rows] == ["Ancien"]
    assert [row.title for row in queues["etablissements-a-placer"].rows] == ["À placer"]
    for code, found in (("etablissements-a-verifier", ["Ancien"]), ("etablissements-a-placer", ["À placer"])):
        assert results(staff.get(queues[code].url)) == found


# --- Kinds ---------------------------------------------------------------------------------------


def test_a_kind_keeps_its_code_and_takes_another_name(staff):
    kind = FacilityKind.objects.get(code="msp")
    change(staff, kind, label="Maison de santé pluriprofessionnelle", code="autre", tone="ochre")
    assert (kind.code, kind.label, kind.tone) == ("msp", "Maison de santé pluriprofessionnelle", "ochre")
    assert kind.history.count() == 1


# --- CPTS ----------------------------------------------------------------------------------------


def test_staff_move_a_commune_to_another_cpts_and_imports_leave_it_there(staff):
    apt, synapse = real_commune("Apt"), Cpts.objects.get(slug="synapse-comtat-venaissin")
    communes = [*synapse.communes.values_list("pk", flat=True), apt.pk]
    change(staff, synapse, communes=communes)
    assert real_commune("Apt").cpts == synapse
    load_care(REFERENCE_DIR)
    assert real_commune("Apt").cpts == synapse
    assert synapse.kept_fields == Cpts.objects.get(slug="pays-d-apt").kept_fields == ["communes"]


def test_a_cpts_saved_as_it_is_stays_with_the_imports(staff):
    synapse = Cpts.objects.get(slug="synapse-comtat-venaissin")
    change(staff, synapse)
    assert (synapse.kept_fields, synapse.communes.count()) == ([], 38)


def test_a_cpts_that_covers_communes_is_not_deleted(staff):
    cpts, empty = Cpts.objects.get(slug="val-durance"), CptsFactory()
    for row, status in ((cpts, 403), (empty, 302)):
        assert staff.post(reverse("admin:territories_cpts_delete", args=[row.pk]), {"post": "yes"}).status_code == status


# --- Zonings -------------------------------------------------------------------------------------


def test_staff_confirm_zonings_that_have_a_dated_source(staff):
    ready, unsourced = ZoningFactory(), ZoningFactory(source="", source_date=None)
    address = reverse("admin:territories_zoning_changelist")
    page = staff.post(address, {"action": "confirm", "_selected_action": [ready.pk, unsourced.pk]}, follow=True)
    assert messages(page) == ["1\u00a0zonage confirmé.", f"Sans source datée, laissés en l’état\u00a0: {unsourced.commune}."]
    ready.refresh_from_db()
    unsourced.refresh_from_db()
    assert (ready.text, unsourced.text) == ("zone d’intervention prioritaire (ZIP)", "à confirmer auprès de l’ARS")
    assert ready.history.first().history_user is not None


def test_the_first_page_tells_the_zonings_to_confirm(staff):
    zoning = ZoningFactory()
    queue = next(queue for queue in staff.get("/equipe/").context["queues"] if queue.code == "zonages-a-confirmer")
    assert (queue.count, [row.title for row in queue.rows]) == (1, [zoning.commune.name])
    assert results(staff.get(queue.url)) == [str(zoning)]


def test_a_zone_of_another_scheme_is_refused(staff):
    zoning = ZoningFactory(commune=real_commune("Apt"))
    response = change(staff, zoning, zone="frr")
    assert "Cette zone n’est pas de ce zonage" in response.content.decode()
    assert zoning.zone == "zip"


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "factory", "queries"), [("healthfacility", FacilityFactory, 8), ("cpts", CptsFactory, 5), ("zoning", ZoningFactory, 6)]
)
def test_lists_take_the_same_queries_for_one_row_and_for_three(staff, django_assert_num_queries, name, factory, queries, count):
    for model in (HealthFacility, Zoning, KeyFigure, Cpts):
        model.objects.all().delete()
    factory.create_batch(count)
    with django_assert_num_queries(queries):
        assert len(results(staff.get(reverse(f"admin:territories_{name}_changelist")))) == count


def test_an_address_of_staff_that_means_nothing_is_not_found(staff):
    assert staff.get(f"{FACILITIES}99999999/apercu/").status_code == 404
    assert staff.get(f"{FACILITIES}?a_faire=rien").status_code == 200
    assert CommuneFactory().cpts is None
