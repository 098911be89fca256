"""What one may ask of the collective. Each word's docstring is the rule."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear

from collective.enums import Circle
from core.prepared import day
from core.text_search import Answers, Question, typed_words


class ActiveQuerySet(models.QuerySet):
    """Rows that staff show or keep back with one tick."""

    def visible(self, at):
        """Rows that staff show; `at` changes nothing, it is there as everywhere."""
        return self.filter(active=True)


class PartnerQuerySet(ActiveQuerySet):
    """Partners, in the order that staff gave them inside their circle."""

    def for_plates(self):
        """With what a name plate reads."""
        return self.defer("search_vector")

    def in_circle(self, circle):
        """Partners of one circle; a pilot or member that also joins events counts among the event partners."""
        if circle == Circle.EVENT:
            return self.filter(Q(circle=circle) | Q(joins_events=True))
        return self.filter(circle=circle)

    def with_page(self):
        """Partners about which there is something to read."""
        return self.exclude(text="")

    def without_contact(self):
        """Shown partners that a reader has no way to reach: neither site, nor address, nor telephone, nor contact by need."""
        return self.filter(active=True, website="", email="", phone="", contacts=None)


class DeskQuerySet(ActiveQuerySet):
    """Questions and the desks that answer them."""

    def visible(self, at):
        """Questions that staff show and whose desk is shown too."""
        return super().visible(at).filter(Q(partner__isnull=True) | Q(partner__active=True))

    def matching(self, text):
        """Questions that hold every word typed, in any form; all of them when nothing was typed that says something."""
        words = typed_words(text)
        return self.filter(Answers(F("search_vector"), Question(words))) if words else self

    def for_list(self):
        """With what the list of questions reads."""
        return self.select_related("partner").defer("search_vector", "partner__search_vector")


class DatedFactQuerySet(ActiveQuerySet):
    """Things that happened."""

    def visible(self, at):
        """Things that staff show and that have happened by then."""
        return super().visible(at).filter(happened_on__lte=day(at))


class TestimonialQuerySet(models.QuerySet):
    """Words of real people (MEN-03), and invented ones of a demonstration."""

    def consented(self, at):
        """Testimonials whose author had agreed to this use by that day."""
        return self.filter(consent_on__lte=day(at))

    def visible(self, at):
        """Shown, and agreed to. A demonstration site also shows those marked for it; a site in production never does."""
        agreed = Q(consent_on__lte=day(at))
        return self.filter(agreed if settings.PRODUCTION else agreed | Q(is_demo=True), active=True)

    def waiting_for_consent(self):
        """Drafts: nobody has recorded that the author agrees."""
        return self.filter(consent_on__isnull=True, active=True)

    def tagged(self, *codes):
        """Testimonials that bear at least one of these tags."""
        return self.filter(pk__in=self.model.tags.through.objects.filter(testimonialtag__code__in=codes).values("testimonial_id"))

    def for_cards(self):
        """With what the component reads."""
        return self.select_related("commune").prefetch_related("tags")


class NewsQuerySet(models.QuerySet):
    """News; without a date of publication they are drafts."""

    def visible(self, at):
        """News whose publication has come; a site in production never shows an invented one."""
        come = self.filter(published_at__lte=at)
        return come.filter(is_demo=False) if settings.PRODUCTION else come

    def scheduled(self, at):
        """News whose publication is still to come."""
        return self.filter(published_at__gt=at)

    def drafts(self):
        """News without a date of publication."""
        return self.filter(published_at__isnull=True)

    def by_date(self):
        """Newest first; two of the same moment always in the same order."""
        return self.order_by("-published_at", "-pk")

    def of_rubrique(self, code):
        """News of one rubrique."""
        return self.filter(rubrique=code)

    def of_year(self, year):
        """News published in that year, in Paris."""
        return self.filter(published_at__year=year)

    def of_commune(self, commune):
        """News of a commune, or of the intercommunalité or the CPTS it belongs to."""
        wider = Q(epci=commune.epci_id) | Q(cpts__isnull=False, cpts=commune.cpts_id)
        return self.filter(Q(commune=commune.pk) | Q(wider, commune=None))

    def of_epci(self, epci):
        """News of an intercommunalité or of one of its communes."""
        return self.filter(Q(epci=epci) | Q(commune__epci=epci))

    def of_cpts(self, cpts):
        """News of a CPTS or of one of its communes."""
        return self.filter(Q(cpts=cpts) | Q(commune__cpts=cpts))

    def for_cards(self):
        """With what a card reads."""
        return self.select_related("commune", "epci", "cpts").defer("body", "search_vector")

    def years(self):
        """`(year, how many)` of these news, the latest year first."""
        years = self.order_by().annotate(year=ExtractYear("published_at")).values("year")
        return list(years.annotate(count=Count("pk")).order_by("-year").values_list("year", "count"))

    def neighbours(self, news):
        """The news just before and just after this one, in time; None at either end."""
        moment, pk = news.published_at, news.pk
        before = self.filter(Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=pk)).by_date().first()
        after = self.filter(Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=pk)).order_by("published_at", "pk").first()
        return before, after
