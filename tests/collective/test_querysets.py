"""Who sees what: agreement for words, dates for news and facts, a tick for the rest."""

from datetime import date, timedelta

import pytest

from collective.enums import Circle
from collective.models import Achievement, Desk, News, Partner, Testimonial
from tests.collective.factories import AchievementFactory, DeskFactory, NewsFactory, PartnerFactory, TestimonialFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db


def test_words_without_consent_are_a_draft(now):
    agreed, _ = TestimonialFactory(), TestimonialFactory(draft=True)
    assert list(Testimonial.objects.visible(now)) == [agreed]


def test_consent_counts_from_its_day(now):
    today = TestimonialFactory(consent_on=now.date())
    TestimonialFactory(consent_on=now.date() + timedelta(days=1))
    assert list(Testimonial.objects.visible(now)) == [today]


def test_taking_the_date_away_withdraws_at_once(now):
    words = TestimonialFactory()
    words.consent_on = None
    words.save()
    assert not Testimonial.objects.visible(now).exists()


def test_words_kept_back_are_not_shown(now):
    TestimonialFactory(active=False)
    assert not Testimonial.objects.visible(now).exists()


@pytest.mark.parametrize(("production", "shown"), [(False, True), (True, False)])
def test_a_demonstration_shows_words_without_consent_and_production_never(now, settings, production, shown):
    settings.PRODUCTION = production
    words = TestimonialFactory(draft=True, is_demo=True)
    assert Testimonial.objects.visible(now).filter(pk=words.pk).exists() is shown
    assert words.mention == "Accord pour cette réutilisation à enregistrer avant la mise en service."


def test_words_agreed_to_bear_no_mention():
    assert TestimonialFactory(is_demo=True).mention == ""


def test_testimonials_are_found_by_their_subject(now):
    both = TestimonialFactory(tagged=["entraide", "logement"])
    one = TestimonialFactory(tagged=["logement"])
    TestimonialFactory(tagged=["cadre-de-vie"])
    assert list(Testimonial.objects.visible(now).tagged("logement", "entraide")) == [both, one]
    assert list(Testimonial.objects.tagged("entraide")) == [both]
    assert not Testimonial.objects.tagged("inconnu").exists()


def test_news_appears_at_its_hour(now):
    shown = NewsFactory(published_at=now)
    later = NewsFactory(published_at=now + timedelta(seconds=1))
    draft = NewsFactory(draft=True)
    assert list(News.objects.visible(now)) == [shown]
    assert list(News.objects.visible(now + timedelta(seconds=1)).by_date()) == [later, shown]
    assert list(News.objects.scheduled(now)) == [later]
    assert list(News.objects.drafts()) == [draft]


def test_news_of_a_territory():
    apt, sault = real_commune("Apt"), real_commune("Sault")
    here, around = NewsFactory(commune=apt), NewsFactory(epci=apt.epci)
    NewsFactory(commune=sault)
    assert set(News.objects.of_commune(apt)) == {here, around}
    assert set(News.objects.of_epci(apt.epci)) == {here, around}


def test_a_year_is_counted_in_paris(now):
    new_year = NewsFactory(published_at="2025-12-31T23:30:00Z")
    assert list(News.objects.of_year(2026)) == [new_year]
    assert not News.objects.of_year(2025).exists()


def test_circles():
    member, pilot = PartnerFactory(joins_events=True), PartnerFactory(pilot=True)
    guest = PartnerFactory(event=True)
    assert list(Partner.objects.in_circle(Circle.PILOT)) == [pilot]
    assert list(Partner.objects.in_circle(Circle.MEMBER)) == [member]
    assert set(Partner.objects.in_circle(Circle.EVENT)) == {member, guest}


def test_partners_nobody_can_reach():
    PartnerFactory(website="https://example.org/")
    reached = PartnerFactory()
    reached.contacts.create(need="S’inscrire", email="accueil@example.org")
    mute = PartnerFactory()
    assert list(Partner.objects.without_contact()) == [mute]


def test_a_hidden_desk_and_a_fact_to_come_are_not_shown(now):
    shown = DeskFactory()
    DeskFactory(active=False)
    assert list(Desk.objects.visible(now)) == [shown]
    done = AchievementFactory(happened_on=now.date())
    AchievementFactory(happened_on=date(2026, 6, 16))
    assert list(Achievement.objects.visible(now)) == [done]
