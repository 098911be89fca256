"""What makes the team look at a text before anybody receives it."""

import pytest

from core.french import NBSP
from core.guard import suspicion


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("",),
        ("Je cherche un remplacement le jeudi, autour d’Apt.",),
        ("Mon site\u00a0: https://cabinet.example/moi. Mon adresse\u00a0: a@exemple.org, 04 65 71 00 00 ou 0465710001.",),
        ("RPPS 10003456789, disponible du 12.07.2026 au 31.08.2026, www.",),
        ("De 2026 à 2027, 80 % des honoraires, 3 x 2 jours <3",),
    ],
)
def test_the_honest_go_through(texts):
    assert suspicion(*texts) == []


@pytest.mark.parametrize(
    ("texts", "reasons"),
    [
        (("Voir https://a.example et http://b.example",), ["2 liens"]),
        (("https://a.example", "www.b.example"), ["2 liens"]),
        (("HTTPS://a.example HTTP://b.example www.c.example",), ["3 liens"]),
        (("ht\u200btps://a.example h\u00adttps://b.example",), ["2 liens"]),
        (("http ://a.example et http: //b.example",), ["2 liens"]),
        (('<a href="https://a.example">ici</a>',), ["un lien caché sous des mots"]),
        (("[url=a.example]ici[/url] [URL]b[/URL]",), ["2 liens cachés sous des mots"]),
        (("a@b.example ou c@d.example",), ["2 adresses électroniques"]),
        (("04 65 71 00 00, +33 4 65 71 00 01, 0033465710002",), ["3 numéros de téléphone"]),
    ],
)
def test_what_looks_like_advertising_is_told(texts, reasons):
    assert [reason.replace(NBSP, " ") for reason in suspicion(*texts)] == reasons


def test_long_texts_are_read_at_once():
    assert suspicion("a" * 20000, "a." * 10000, "0 " * 10000, "http" * 5000) == []
