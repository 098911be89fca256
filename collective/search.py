"""One search of the news: what was asked, what was found, in the words of the page. List and feed build the same."""

from functools import cached_property

from django.utils.http import urlencode

from collective import presenters
from collective.enums import Rubrique
from collective.filters import NewsFilterSet
from collective.models import News
from core import french
from core.links import address
from core.pagination import Window

PAGE = 12
CHIPS = {"rubrique": lambda value: Rubrique(value).label, "territoire": lambda value: str(value[1]), "annee": str}


class NewsSearch:
    """The news that `data` (the GET parameters) asks for, among those visible at `now`."""

    def __init__(self, data, now):
        self.data = data
        self.visible = News.objects.visible(now)
        self.filterset = NewsFilterSet(data, self.visible)

    @property
    def found(self):
        return self.filterset.qs

    @cached_property
    def count(self):
        return self.found.count()

    @cached_property
    def window(self):
        return Window(self.data.get("page"), self.count, PAGE)

    @cached_property
    def cards(self):
        """The cards of the current page."""
        return [presenters.news_card(news) for news in self.found.for_cards().by_date()[self.window.rows]]

    def query(self, without="", **changes):
        """The parameters that mean something as a query string, some left out or changed; never the page."""
        self.found  # noqa: B018  reads the form
        pairs = {**self.filterset.asked, **changes}
        pairs.pop(without, None)
        pairs = {name: value for name, value in pairs.items() if value}
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def title(self):
        filters = [chip["label"] for chip in self.chips]
        return ", ".join(["Actualités", *filters])

    @cached_property
    def chips(self):
        """The filters in force, each with the address of the list without it."""
        self.found  # noqa: B018  reads the form
        asked, url = self.filterset.form.cleaned_data, address("collective:news_list")
        return [{"label": label(asked[name]), "url": url + self.query(without=name)} for name, label in CHIPS.items() if asked.get(name)]

    def territories(self):
        """The territories that news speak of, as options of the form. One query."""
        names = ("commune__slug", "commune__name", "cpts__slug", "cpts__name", "epci__slug", "epci__short_name")
        options = {}
        for row in self.visible.order_by().values_list(*names).distinct():
            for kind, slug, label in zip(("commune", "cpts", "epci"), row[::2], row[1::2], strict=True):
                if slug:
                    options[f"{kind}-{slug}"] = label
        return sorted(options.items(), key=lambda option: option[1])

    def context(self, origin):
        """Everything that the template of the list reads."""
        url, on = address("collective:news_list"), self.filterset.asked if self.found is not None else {}
        notices = [*self.filterset.complaints, *filter(None, [self.window.notice])]
        return {
            "title": self.title,
            "count_text": french.plural(self.count, "actualité") if self.count else "Aucune actualité",
            "cards": self.cards,
            "has_demo": any(card.is_demo for card in self.cards),
            "chips": self.chips,
            "notices": notices,
            "list_url": url,
            "feed_url": address("collective:news_feed") + self.query(),
            "rubrique_options": [(value, label, value == on.get("rubrique")) for value, label in Rubrique.choices],
            "territory_options": [(value, label, value == on.get("territoire")) for value, label in self.territories()],
            "years": [
                {"year": year, "count": count, "url": url + self.query(annee=str(year)), "current": str(year) == on.get("annee")}
                for year, count in self.visible.years()
            ],
            "year": on.get("annee", ""),
            "pages": self.pages(url),
            "robots": "noindex" if notices or (self.chips and not self.cards) else "",
            "canonical_url": origin + url + self.query(**({"page": str(self.window.number)} if self.window.number > 1 else {})),
        }

    def pages(self, url):
        """Links to the other pages, None when there is one page."""
        window = self.window
        if window.count == 1:
            return None

        def page(number):
            return url + self.query(**({"page": str(number)} if number > 1 else {}))

        return {
            "links": [
                {"number": number, "url": page(number), "current": number == window.number} if number else None for number in window.numbers
            ],
            "previous": page(window.number - 1) if window.number > 1 else "",
            "next": page(window.number + 1) if window.number < window.count else "",
        }
