"""The charts are well-formed, labelled, and stay inside their drawing whatever the numbers are."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import (
    TrendPoint,
    TrendSpec,
    bullet_graph,
    progress_bar,
    score_ring,
    sparkline,
    trend_chart,
)
from reports.charts.scale import near_range, value_range
from reports.charts.svg import text_width
from reports.figures import Figures
from reports.palette import ACCENT, MUTED, WHITE
from reports.pdf import FONTS_CONF
from reports.wording import wording

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = Figures(wording("en"), "EUR")
values = st.none() | st.floats(-1e11, 1e11, allow_nan=False)
EDGE = 0.8


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert root.tag == f"{SVG}svg"
    return root


def assert_in_bounds(svg: str) -> None:
    """Every point and the whole of every text lie inside the view box (but for half a line's width)."""
    root = parsed(svg)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for x, y in places(root):
        assert -EDGE <= x <= width + EDGE
        assert -EDGE <= y <= height + EDGE


def places(root: ET.Element) -> list[tuple[float, float]]:
    found = []
    for node in root.iter():
        at = {key: float(value) for key, value in node.attrib.items() if key in NUMERIC}
        if node.tag == f"{SVG}rect":
            found += [(at["x"], at["y"]), (at["x"] + at["width"], at["y"] + at["height"])]
        elif node.tag == f"{SVG}line":
            found += [(at["x1"], at["y1"]), (at["x2"], at["y2"])]
        elif node.tag == f"{SVG}circle":
            found += [(at["cx"] - at["r"], at["cy"] - at["r"]), (at["cx"] + at["r"], at["cy"] + at["r"])]
        elif node.tag in (f"{SVG}polyline", f"{SVG}polygon"):
            found += [(float(x), float(y)) for x, y in (p.split(",") for p in node.attrib["points"].split())]
        elif node.tag == f"{SVG}text":
            wide = text_width(node.text or "", at["font-size"])
            left = at["x"] - {"start": 0.0, "middle": 0.5, "end": 1.0}[node.attrib["text-anchor"]] * wide
            found += [(left, at["y"]), (left + wide, at["y"] - at["font-size"] * 0.73)]
    return found


NUMERIC = {"x", "y", "width", "height", "x1", "y1", "x2", "y2", "cx", "cy", "r", "font-size"}


def points_of(actuals: list[float | None], targets: list[float | None]) -> list[TrendPoint]:
    return [
        TrendPoint(
            actual, target, "" if actual is None else FIGURES.compact(Decimal(actual), "money", 2), "Oct 26"
        )
        for actual, target in zip(actuals, targets, strict=False)
    ]


@settings(max_examples=80, deadline=None, database=None)
@given(st.lists(values, max_size=13), st.lists(values, min_size=13, max_size=13), st.booleans())
def test_a_trend_stays_in_bounds_whatever_its_history(
    actuals: list[float | None], targets: list[float | None], every_label: bool
) -> None:
    size = (392, 126) if every_label else (212, 92)
    ends = {"low_label": "−€128.9M", "high_label": "€98,765.43"}
    spec = TrendSpec(*size, 8, "#000000", "t", "d", "€128.9M", every_label, has_years=every_label, **ends)
    assert_in_bounds(trend_chart(points_of(actuals, targets), spec))


@settings(max_examples=50, deadline=None, database=None)
@given(st.lists(values, max_size=13))
def test_a_sparkline_stays_in_bounds_whatever_its_history(history: list[float | None]) -> None:
    for target in (None, *history[:1]):
        assert_in_bounds(sparkline(history, "#000000", title="t", desc="d", target=target))


@pytest.mark.parametrize("progress", [-1e9, -0.1, 0, 0.5, 1, 1.19, 1.2, 1.21, 1e9])
@pytest.mark.parametrize("elapsed", [0.0, 0.01, 0.5, 1.0])
def test_a_progress_bar_stays_in_bounds_whatever_the_progress(progress: float, elapsed: float) -> None:
    assert_in_bounds(progress_bar(progress, elapsed, title="t", desc="d"))


def test_the_mark_of_a_progress_bar_stands_where_the_bar_would_end_in_time() -> None:
    root = parsed(progress_bar(0.5, 0.5, title="t", desc="d"))
    bar = root.findall(f"{SVG}rect")[2]
    mark = root.findall(f"{SVG}line")[-1]
    assert float(mark.attrib["x1"]) == float(bar.attrib["x"]) + float(bar.attrib["width"])


@pytest.mark.parametrize(
    ("score", "arcs", "circles"),
    [(0.0, 0, 1), (0.01, 1, 1), (0.5, 1, 1), (0.51, 1, 1), (0.99, 1, 1), (1.0, 0, 2)],
)
def test_a_ring_is_empty_at_0_and_closed_at_1(score: float, arcs: int, circles: int) -> None:
    svg = score_ring(score, f"{score:.2f}", "#000000", title="t", desc="d")
    assert_in_bounds(svg)
    root = parsed(svg)
    assert (len(root.findall(f"{SVG}path")), len(root.findall(f"{SVG}circle"))) == (arcs, circles)


def test_half_a_ring_ends_at_the_bottom() -> None:
    (path,) = parsed(score_ring(0.5, "0.50", "#000000", title="t", desc="d")).findall(f"{SVG}path")
    assert path.attrib["d"] == "M22 3.5A18.5 18.5 0 0 1 22 40.5"


@pytest.mark.parametrize("attainment", [-0.5, 0, 0.4, 1, 1.5, 1.51, 900])
def test_a_bullet_stays_in_bounds_whatever_the_attainment(attainment: float) -> None:
    assert_in_bounds(bullet_graph(attainment, "#000000", title="t", desc="d"))


def test_a_hole_in_the_history_is_never_bridged() -> None:
    svg = trend_chart(points_of([1, 2, None, 3, 4], [None] * 5), TrendSpec(212, 92, 8, "#000000", "t", "d"))
    lines = list(parsed(svg).iter(f"{SVG}polyline"))
    assert [len(node.attrib["points"].split()) for node in lines] == [2, 2]


def test_points_unlike_the_others_are_hollow_and_the_newest_keeps_its_colour() -> None:
    spec = TrendSpec(212, 92, 8, "#123456", "t", "d")
    points = [TrendPoint(50.0, 60.0, "50", "", is_unlike=at in (1, 3)) for at in range(4)]
    dots = parsed(trend_chart(points, spec)).findall(f".//{SVG}circle")
    hollow = [dot.attrib for dot in dots if dot.attrib["fill"] == WHITE]
    assert [dot["stroke"] for dot in hollow] == [ACCENT, ACCENT, spec.colour]
    word = sparkline([1.0, None, 2.0], spec.colour, title="t", desc="d", hollow=[0, 1, 2])
    found = [dot.attrib for dot in parsed(word).findall(f".//{SVG}circle") if dot.attrib["fill"] == WHITE]
    assert [dot["stroke"] for dot in found] == [MUTED, MUTED, spec.colour]


def test_the_newest_month_is_told_apart_from_the_last_known_one() -> None:
    spec = TrendSpec(212, 92, 8, "#123456", "t", "d")
    assert "#123456" in trend_chart(points_of([1, 2], [None] * 2), spec)
    assert "#123456" not in trend_chart(points_of([1, None], [None] * 2), spec)


def test_a_chart_says_what_it_shows_and_escapes_it() -> None:
    svg = bullet_graph(1, "#000000", title='A <b> & "c"', desc="how")
    assert parsed(svg).findtext(f"{SVG}title") == 'A <b> & "c"'
    assert parsed(svg).findtext(f"{SVG}desc") == "how"


@pytest.mark.parametrize("weight", ["400Regular", "700Bold"])
@pytest.mark.parametrize(
    "label", ["1,234,567.89", "€1.76M", "−12.5", "100%", "CN¥888.88B", "Oct 26", "4.34×"]
)
def test_a_label_is_not_wider_than_it_is_taken_for(label: str, weight: str) -> None:
    font = TTFont(FONTS_CONF.parent / f"Inter_{weight}.ttf")
    glyphs = font.getBestCmap()
    wide = sum(font["hmtx"][glyphs[ord(char)]][0] for char in label) / font["head"].unitsPerEm
    assert wide <= text_width(label, 1)


@pytest.mark.parametrize(
    ("actual", "least", "most"), [(98.0, 0.01, 0.03), (70.0, 0.29, 0.31), (0.0, 1.0, 1.0)]
)
def test_a_miss_is_drawn_as_large_as_it_is(actual: float, least: float, most: float) -> None:
    low, high = value_range([actual, 100.0])
    assert least <= (100 - actual) / (high - low) <= most


def test_a_scale_reaches_below_0_only_for_what_is_negative() -> None:
    assert value_range([-20.0, 80.0]) == (-20.0, 80.0)
    assert value_range([-20.0, -10.0]) == (-20.0, 0.0)
    assert value_range([0.0]) == value_range([]) == (0.0, 1.0)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sparkline_tells_a_small_miss_from_a_large_one(sign: int) -> None:
    near, far = (near_range([sign * actual, sign * 100.0]) for actual in (98.0, 70.0))
    assert near[1] - near[0] == pytest.approx(25.0)
    assert far[1] - far[0] == pytest.approx(30.0)
    low, high = near_range([])
    assert low < 0 < high


def texts_of(points: list[TrendPoint], **wishes) -> dict[str, tuple[float, float]]:
    spec = TrendSpec(
        **{"width": 212, "height": 92, "size": 8, "colour": "#1", "title": "t", "desc": "d"} | wishes
    )
    found = parsed(trend_chart(points, spec)).iter(f"{SVG}text")
    return {node.text or "": (float(node.attrib["x"]), float(node.attrib["y"])) for node in found}


@pytest.mark.parametrize(("actual", "upper"), [(98.0, "target"), (100.0, "target"), (101.0, "€101.00")])
def test_the_newest_number_and_the_targets_are_both_printed_however_close(actual: float, upper: str) -> None:
    found = texts_of(points_of([90.0, actual], [100.0, 100.0]), target_label="target", low_label="0")
    numbers = sorted((found[name][1], name) for name in ("target", f"€{actual:.2f}"))
    assert numbers[1][0] - numbers[0][0] >= 8
    assert numbers[0][1] == upper


def test_the_ends_of_the_scale_stand_where_they_are() -> None:
    found = texts_of(points_of([200.0, 100.0], [100.0] * 2), low_label="0", high_label="high")
    middle = 8 * 0.36
    axis = TrendSpec(212, 92, 8, "#1", "t", "d").axis
    assert found["0"][1] == pytest.approx(axis + middle, abs=0.02)
    assert found["high"][1] < found["€100.00"][1] < found["0"][1]


def test_the_numbers_of_a_row_are_apart_and_above_every_line() -> None:
    labels = [f"{number}" for number in range(1001, 1013)]
    points = [TrendPoint(float(label), 100.0, f"{label}.5", label) for label in labels]
    svg = trend_chart(points, TrendSpec(392, 126, 8.6, "#1", "t", "d", "100", every_label=True))
    row = [node for node in parsed(svg).iter(f"{SVG}text") if (node.text or "").endswith(".5")]
    ends = []
    for node in row:
        half = text_width(node.text or "", float(node.attrib["font-size"])) / 2
        ends += [float(node.attrib["x"]) - half, float(node.attrib["x"]) + half]
    assert ends == sorted(ends)
    lines = [
        pair.split(",")
        for node in parsed(svg).iter(f"{SVG}polyline")
        for pair in node.attrib["points"].split()
    ]
    assert max(float(node.attrib["y"]) for node in row) < min(float(y) for _, y in lines)
