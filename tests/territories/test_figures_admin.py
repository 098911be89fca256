"""Staff keep the key figures: the list, the form, the two queues of the first page."""

from datetime import date

import pytest
from django.urls import reverse

from territories.models import KeyFigure
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.territories.factories import CptsFactory, FacilityFactory, FacilityKindFactory, FigureFactory, real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

CHANGELIST = "admin:territories_keyfigure_changelist"


@pytest.fixture(autouse=True)
def no_other_figure():
    KeyFigure.objects.all().delete()


@pytest.fixture
def staff(client):
    client.force_login(SuperuserFactory())
    return client


def results(response):
    return [figure.title for figure in response.context["cl"].result_list]


def form_of(figure, **values):
    return {
        "title": figure.title,
        "code": figure.code,
        "value": figure.value,
        "notation": "number",
        "qualifier": "",
        "unit": "",
        "label": figure.label,
        "note": "",
        "level": figure.level,
        "source": figure.source,
        "source_url": "",
        "observed_on": figure.observed_on.isoformat(),
        "period": "",
        "review_on": figure.review_on.isoformat(),
        "published": "on",
        "position": 0,
        "count_of": "",
        **values,
    }


def change(staff, figure, **values):
    return staff.post(reverse("admin:territories_keyfigure_change", args=[figure.pk]), form_of(figure, **values))


def test_what_staff_change_is_theirs(staff):
    figure = FigureFactory()
    assert change(staff, figure, value=11, label="hôpitaux et cliniques").status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.kept_fields) == (11, ["label", "value"])
    assert figure.history.first().history_user is not None


def test_what_staff_kept_is_given_back_to_the_files(staff):
    figure = FigureFactory(kept_fields=["value"])
    staff.post(reverse(CHANGELIST), {"action": "give_back", "_selected_action": [figure.pk]})
    figure.refresh_from_db()
    assert figure.kept_fields == []


def test_a_territory_that_does_not_fit_its_level_is_refused_in_french(staff):
    figure = FigureFactory()
    page = change(staff, figure, level="commune").content.decode()
    assert "Choisissez le territoire du niveau" in page
    assert change(staff, figure, level="commune", commune=real_commune("Apt").pk).status_code == 302


def test_a_figure_that_is_counted_is_counted_at_once(staff):
    kind = FacilityKindFactory(code="counted_kind")
    FacilityFactory(kind=kind)
    figure = FigureFactory()
    change(staff, figure, count_of="facilities", counted_kind=kind.pk)
    figure.refresh_from_db()
    assert figure.counted == 1


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("relire", ["Ancien"]),
        ("ecart", ["Écart"]),
        ("trouver", ["Inconnu"]),
        ("publier", ["Caché"]),
        ("departs", ["Récent"]),
        ("autre", ["Ancien", "Caché", "Inconnu", "Récent", "Écart"]),
    ],
)
def test_the_list_shows_what_is_to_do(staff, chosen, found):
    FigureFactory(title="Récent", code="doctors-over-60")
    FigureFactory(title="Ancien", observed_on=date(2020, 1, 1), review_on=date(2021, 1, 1))
    FigureFactory(title="Inconnu", value=None)
    FigureFactory(title="Caché", published=False)
    gap = FigureFactory(title="Écart", count_of="communes", value=12)
    KeyFigure.objects.filter(pk=gap.pk).update(counted=151, counted_at=NOW)
    assert sorted(results(staff.get(reverse(CHANGELIST), {"a_faire": chosen}))) == found


@pytest.mark.parametrize("text", ["hopital", "mesure-codee", "echo du mardi", "synapse"])
def test_figures_are_searched_without_accents(staff, text):
    FigureFactory(
        title="Hôpital", code="mesure-codee", source="L’Écho du mardi", level="cpts", cpts=CptsFactory(name="CPTS Synàpse d’essai")
    )
    FigureFactory()
    assert results(staff.get(reverse(CHANGELIST), {"q": text})) == ["Hôpital"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_for_three(staff, django_assert_num_queries, count):
    for _ in range(count):
        FigureFactory(level="commune", commune=real_commune("Apt"))
    with django_assert_num_queries(5):
        assert len(results(staff.get(reverse(CHANGELIST)))) == count


def test_the_first_page_lists_gaps_and_stale_figures(staff):
    gap = FigureFactory(title="Hôpitaux", count_of="communes", value=12)
    KeyFigure.objects.filter(pk=gap.pk).update(counted=11, counted_at=NOW)
    FigureFactory(title="Médecins", value=75, period="2024", observed_on=date(2024, 1, 1), review_on=date(2025, 1, 1))
    response = staff.get(reverse("admin:index"))
    queues = {queue.code: queue for queue in response.context["queues"]}
    (row,) = queues["chiffres-ecarts"].rows
    assert (row.title, row.note) == ("Hôpitaux (Vaucluse)", "12 annoncées, 11\u00a0communes")
    (row,) = queues["chiffres-a-relire"].rows
    assert (row.title, row.note) == ("Médecins (Vaucluse)", "75, 2024 · à revoir depuis le 1er janvier 2025")
    assert "12 annoncées" in response.content.decode()


def test_a_first_page_without_work_says_so(staff):
    FigureFactory()
    page = staff.get(reverse("admin:index")).content.decode()
    assert "Tous les chiffres sont à jour." in page
    assert "Ce que le portail compte est ce qu’il annonce." in page


def test_several_figures_are_confirmed_or_published_at_once(staff):
    old = FigureFactory.create_batch(2, observed_on=date(2020, 1, 1), review_on=date(2021, 1, 1), published=False)
    chosen = {"_selected_action": [figure.pk for figure in old]}
    page = staff.post(reverse(CHANGELIST), {"action": "confirm", **chosen}, follow=True).content.decode()
    assert "2\u00a0chiffres relus, à revoir dans un an." in page
    page = staff.post(reverse(CHANGELIST), {"action": "publish", **chosen}, follow=True).content.decode()
    assert "2\u00a0chiffres publiés." in page
    assert set(KeyFigure.objects.values_list("published", "review_on")) == {(True, date(2027, 6, 15))}


def test_the_form_leads_to_the_page(staff):
    figure = FigureFactory(code="hospitals")
    page = staff.get(reverse("admin:territories_keyfigure_change", args=[figure.pk])).content.decode()
    assert f"12 {figure.label}" in page
    assert "Voir sur le site" in page


def test_versions_can_be_read(staff):
    figure = FigureFactory()
    change(staff, figure, value=11)
    page = staff.get(reverse("admin:territories_keyfigure_history", args=[figure.pk]))
    assert page.status_code == 200
    told = " ".join(page.content.decode().split())
    assert "Modification</span>" in told
    assert "<dt>Valeur</dt> <dd><del>12.0000</del> → <ins>11.0000</ins></dd>" in told
