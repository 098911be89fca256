"""Invented news, dated around today, and the real quotations of the release shown with a mention until their authors have agreed.

No person is invented here; the news say that they are examples.
"""

from datetime import timedelta

from collective.models import News, Partner, Testimonial
from territories.models import Commune

NEWS = [
    # days from now, title, in one sentence, rubrique, commune, keys of partners, text
    (
        -2,
        "Un pot d’accueil pour les nouveaux internes à Vaison-la-Romaine",
        "Une soirée simple pour se présenter, rencontrer les maîtres de stage et repérer les bonnes adresses du Ventoux.",
        "internes",
        "Vaison-la-Romaine",
        ["vpa"],
        "<p>Les internes du semestre sont attendus en fin de journée. On y parle de stages, de logements et de week-ends.</p>"
        "<h2>Ce qui est prévu</h2><ul><li><p>Un tour de table avec des maîtres de stage.</p></li>"
        "<li><p>Les chambres encore libres près des lieux de stage.</p></li><li><p>Une marche le samedi, pour qui veut.</p></li></ul>",
    ),
    (
        -12,
        "Des permanences pour parler contrat et zonage",
        "Une matinée par mois, l’équipe reçoit avec ses partenaires les médecins qui préparent leur installation.",
        "s-installer",
        None,
        ["ars", "cpam", "cdom"],
        "<p>Chaque rendez-vous dure trois quarts d’heure. Venez avec vos questions, même floues\u00a0: le but est de repartir avec la "
        "bonne suite d’étapes.</p>"
        '<p>Pour un premier tri, la page <a href="/collectif/qui-fait-quoi/">Qui fait quoi</a> répond déjà à beaucoup.</p>',
    ),
    (
        -40,
        "Un cabinet rouvre ses portes au pied du Ventoux",
        "Après plusieurs mois sans médecin, un cabinet accueille de nouveau des patients deux jours par semaine.",
        "exercer",
        "Mormoiron",
        ["departement"],
        "<p>La commune prête le local, deux médecins se partagent les jours. "
        "L’équipe les a aidés à trouver un logement et un secrétariat.</p>",
    ),
    (
        9,
        "Prochaine rencontre entre pairs à Apt",
        "Un dîner de travail sur l’exercice à plusieurs, ouvert aux remplaçants.",
        "agenda",
        "Apt",
        ["msa", "vpa"],
        "<p>Cette actualité est programmée\u00a0: les lecteurs la verront à sa date, l’équipe la voit déjà en aperçu.</p>",
    ),
]
REMARK = "<p>Cette actualité est un exemple, inventé pour la démonstration.</p>"


def create(*, now):
    """Make the invented news; returns them. Partners that are not loaded are left out."""
    made = []
    for days, title, summary, rubrique, commune, keys, text in NEWS:
        news = News(
            title=title,
            summary=summary,
            body=text + REMARK,
            rubrique=rubrique,
            commune=Commune.objects.get(name=commune) if commune else None,
            published_at=now + timedelta(days=days),
            is_demo=True,
        )
        news.full_clean()
        news.save()
        news.partners.set(Partner.objects.filter(supply_key__in=keys))
        made.append(news)
    return made


def show_quotations():
    """Let a demonstration show the quotations that wait for consent; a site in production never does. Returns how many."""
    waiting = Testimonial.objects.waiting_for_consent().filter(supply_key__isnull=False, is_demo=False)
    return sum(_show(testimonial) for testimonial in waiting)


def _show(testimonial):
    testimonial.is_demo = True
    testimonial.save(update_fields=["is_demo", "updated_at"])
    return True
