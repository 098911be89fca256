"""Charts: lengths, words, and what is not known."""

from core.charts import Row, bars, shares


def test_the_longest_bar_takes_the_whole_width():
    chart = bars([Row("Apt", 50), Row("Sault", 200, "200 habitants", True)], key="k", title="T", columns=("A", "B"))
    assert [bar.width for bar in chart.bars] == ["25.00%", "100.00%"]
    assert [bar.text for bar in chart.bars] == ["50", "200 habitants"]
    assert chart.summary == "Apt\u00a0: 50, Sault\u00a0: 200 habitants."
    assert chart.height > chart.bars[-1].bar_top


def test_what_is_not_published_is_drawn_empty_and_said():
    chart = bars([Row("CPTS", 1222), Row("France", None)], key="k", title="T", columns=("A", "B"))
    unknown = chart.bars[1]
    assert (unknown.is_known, unknown.text, unknown.width) == (False, "non publié", "0.00%")
    assert bars([Row("France", None)], key="k", title="T", columns=("A", "B")) is None


def test_zero_is_known():
    assert bars([Row("A", 0)], key="k", title="T", columns=("A", "B")).bars[0].width == "0.00%"


def test_parts_follow_one_another_to_the_end():
    chart = shares([Row("A", 1), Row("B", None), Row("C", 3)], key="k", title="T", columns=("A", "B"))
    assert [(part.label, part.start, part.width, part.share) for part in chart.parts] == [
        ("A", "0.00%", "25.00%", "25\u00a0%"),
        ("C", "25.00%", "75.00%", "75\u00a0%"),
    ]
    assert shares([Row("B", 0)], key="k", title="T", columns=("A", "B")) is None
