"""The texts that the project ships: complete, exact, repeatable, and never stronger than staff."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from collective import actions, importers
from collective.enums import Circle
from collective.models import Achievement, Desk, Partner, PressItem, Testimonial
from core.supply import SupplyError
from tests.consistency.french import faults

pytestmark = pytest.mark.django_db

MEMBERS = {"ars", "region-sud", "departement-de-vaucluse", "ordre-des-medecins", "assurance-maladie", "msa-alpes-vaucluse"}


@pytest.fixture
def loaded():
    return importers.load()


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_circles_are_those_of_the_release(loaded):
    slugs = {circle: set(Partner.objects.in_circle(circle).values_list("slug", flat=True)) for circle in Circle}
    assert slugs[Circle.PILOT] == {"vaucluse-provence-attractivite"}
    assert slugs[Circle.MEMBER] == MEMBERS
    assert slugs[Circle.REFLECTION] == {"cpts", "urps-medecins-liberaux", "dac", "centre-hospitalier-avignon"}
    assert {"vaucluse-provence-attractivite", "departement-de-vaucluse", "ventoux-sud", "credit-agricole"} < slugs[Circle.EVENT]
    assert len(slugs[Circle.EVENT]) == 9


def test_loading_again_changes_nothing(loaded):
    stamps = list(Partner.objects.values_list("pk", "updated_at"))
    assert all("sans changement" in line and "mis à jour" not in line for line in importers.load())
    assert list(Partner.objects.values_list("pk", "updated_at")) == stamps


def test_a_trial_on_an_empty_portal_writes_nothing():
    assert importers.load(dry_run=True)[0].startswith("Partenaires\u00a0: 19 ajoutés")
    assert not Partner.objects.exists()


def test_what_staff_changed_stays(loaded):
    cpam = Partner.objects.get(supply_key="cpam")
    cpam.phone = "à compléter"
    cpam.summary = "Notre phrase."
    cpam.save()
    cpam.links.all().delete()
    importers.load()
    cpam.refresh_from_db()
    assert (cpam.phone, cpam.summary, cpam.links.count()) == ("à compléter", "Notre phrase.", 0)


def test_a_consent_recorded_by_staff_survives(loaded):
    Testimonial.objects.filter(supply_key="sanna").update(consent_on=date(2026, 3, 1), consent_proof="courriel")
    importers.load()
    assert Testimonial.objects.get(supply_key="sanna").consent_on == date(2026, 3, 1)


def test_quotations_are_exact_and_wait_for_consent(loaded, now):
    words = {words.name: plain(words.quote) for words in Testimonial.objects.all()}
    assert words == {
        "Émilie Lemonnier": (
            "L’ambiance est familiale, on fait peu de route, on se gare facilement… Travailler dans différentes structures enrichit "
            "mon expérience. Et en plus, on trouve des biens immobiliers abordables. Clairement, c’est attractif !"
        ),
        "Florent Larue": (
            "À Avignon, j’ai trouvé une structure bienveillante, à taille humaine, avec des médecins investis. Les conditions "
            "d’exercice sont optimales : matériel moderne, entraide entre collègues, cadre de travail motivant."
        ),
        "Joanna Sanna": (
            "Grâce à VSA, j’ai pu trouver un logement à proximité de mon stage à l’hôpital de Vaison-la-Romaine alors que je "
            "cherchais depuis un mois. L’équipe a débloqué la situation avec efficacité. C’est un vrai soulagement !"
        ),
    }
    assert not Testimonial.objects.visible(now).exists()
    assert Testimonial.objects.waiting_for_consent().count() == 3
    assert {words.attribution for words in Testimonial.objects.all()} == {
        "médecin généraliste, intervenant en Maison de santé pluridisciplinaire",
        "médecin généraliste dans le bassin avignonnais",
        "interne en médecine à Malaucène et Crestet",
    }


def test_the_facts_of_the_partners_are_told(loaded):
    def told(key):
        partner = Partner.objects.get(supply_key=key)
        return plain(" ".join([partner.text, *(str(figure) for figure in partner.figures.all())]))

    assert "plus de 500 collaborateurs" in told("cpam")
    assert "6 sites" in told("cpam")
    assert "agir ensemble, protéger chacun" in told("cpam")
    assert "neuf médecins généralistes" in told("departement")
    assert "mai 2022" in told("departement")
    assert "bus santé circule aussi sur le plateau de Sault" in told("departement")
    assert "Deux tiers de ses assurés sont en Vaucluse" in told("msa")
    assert "dépistage du cancer" in told("region-sud")
    assert "étranger" in told("vpa")
    assert "sous tutelle ministérielle" in told("ars")
    assert "permanence des soins" in told("cdom")
    assert Partner.objects.get(supply_key="cpts-synapse").email == "contact@cpts-synapse.fr"


def test_no_contact_is_made_up(loaded):
    """Only what a source gives: the rest is for staff, who find it in their queue."""
    assert set(Partner.objects.exclude(email="").values_list("supply_key", flat=True)) == {"cpts-synapse"}
    assert not Partner.objects.exclude(phone="").exists()
    assert Partner.objects.without_contact().filter(supply_key="cdom").exists()


def test_the_year_of_the_two_days_is_told_nowhere():
    lines = [line for file, *_ in importers.TABLES for line in (importers.REFERENCE_DIR / file).read_text("utf-8").splitlines()]
    about = [line for line in lines if "journées" in line and "Villes-sur-Auzon" in line]
    assert about
    assert not [line for line in about if re.search("20[12][0-9]", line)]


def test_figures_that_sources_dispute_are_not_shown(loaded, now):
    shown = " ".join(f"{row.title} {row.text}" for row in Achievement.objects.visible(now))
    shown += " ".join(row.title for row in PressItem.objects.visible(now))
    assert "14 " not in shown
    assert "22 dossiers" not in shown


def test_dates_say_no_more_than_the_sources(loaded):
    assert [row.when for row in Achievement.objects.all()] == ["7 janvier 2026", "2025", "22 avril 2024", "mai 2022"]
    assert [row.iso for row in Achievement.objects.all()] == ["2026-01-07", "2025", "2024-04-22", "2022-05"]
    assert PressItem.objects.get(supply_key="bdt-apt").when == "2022 ou 2023"


@pytest.mark.parametrize(
    ("key", "desk"),
    [
        ("inscription-ordre", "Ordre des médecins"),
        ("conventionnement", "Assurance maladie"),
        ("zonage", "ARS"),
        ("salariat", "Département"),
        ("financement-apres-installation", "MSA Alpes-Vaucluse"),
        ("medecin-en-difficulte", "Ordre des médecins"),
        ("accompagnement", "Vaucluse Santé Attractivité"),
    ],
)
def test_a_question_goes_to_the_right_desk(loaded, key, desk):
    assert Desk.objects.get(supply_key=key).who == desk


def test_a_deadline_has_its_source(loaded):
    assert Desk.objects.exclude(deadline="").count() >= 8
    assert not Desk.objects.exclude(deadline="").filter(source="").exists()


def test_texts_are_typeset_in_french(loaded):
    for model in (Partner, Desk, Achievement, PressItem, Testimonial):
        for row in model.objects.all():
            for field in model._meta.concrete_fields:
                if field.get_internal_type() in {"CharField", "TextField"} and not field.choices and not field.name.endswith("url"):
                    assert list(faults(getattr(row, field.attname) or "")) == [], f"{row} {field.name}"


@pytest.mark.parametrize("change", [("position = 3", "position = 8"), ("[[testimonials]]", '[[testimonials]]\nimage_alt = "Un portrait"')])
def test_words_taken_back_stand_whatever_becomes_of_their_file(loaded, now, tmp_path, monkeypatch, change):
    testimonial = Testimonial.objects.get(supply_key="sanna")
    actions.withdraw_testimonial(testimonial=testimonial, at=now)
    for file in {table[0] for table in importers.TABLES}:
        text = (importers.REFERENCE_DIR / file).read_text(encoding="utf-8")
        (tmp_path / file).write_text(text.replace(*change), encoding="utf-8")
    monkeypatch.setattr(importers, "REFERENCE_DIR", tmp_path)
    assert any("1 laissés à l’équipe" in line for line in importers.load() if line.startswith("Témoignages"))
    testimonial.refresh_from_db()
    assert (testimonial.position, testimonial.image_alt, testimonial.withdrawn_on) == (3, "", now.date())


def test_a_file_that_names_nobody_is_refused_in_french(tmp_path, monkeypatch):
    (tmp_path / "partners.toml").write_text("partners = []")
    (tmp_path / "desks.toml").write_text(
        '[[desks]]\nkey = "x"\nquestion = "Qui"\ntheme = "ordre"\npartner = "personne"\nanswer = "Lui"\n', encoding="utf-8"
    )
    monkeypatch.setattr(importers, "REFERENCE_DIR", tmp_path)
    with pytest.raises(SupplyError, match="partenaire personne\u00a0: introuvable"):
        importers.load()
    with pytest.raises(CommandError, match="introuvable"):
        call_command("load_content", stdout=StringIO())


def test_the_command_loads_and_tells():
    output = StringIO()
    call_command("load_content", stdout=output)
    assert "Partenaires\u00a0: 19 ajoutés." in output.getvalue()
    assert Partner.objects.count() == 19
