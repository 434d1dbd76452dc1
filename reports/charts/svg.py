"""The few SVG elements that the charts are drawn with. Lengths are in user units, y grows downwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

# The style sheet of the page does not reach the text inside an SVG.
FONTS = "Inter, Noto Sans SC"

Point = tuple[float, float]

_EMS = dict.fromkeys(".,:;'|il ·", 0.34) | dict.fromkeys("%MW@m", 0.95) | dict.fromkeys("ABCDGHNOQUVX×", 0.8)


def drawing(width: float, height: float, *, title: str, desc: str, parts: Iterable[Markup]) -> Markup:
    """An `<svg>` that says in `title` what it shows and in `desc` how to read it."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{w}" height="{h}" '
        'viewBox="0 0 {w} {h}" font-family="{fonts}"><title>{title}</title><desc>{desc}</desc>{body}</svg>'
    ).format(w=_n(width), h=_n(height), fonts=FONTS, title=title, desc=desc, body=Markup("").join(parts))


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> Markup:
    """A filled rectangle."""
    return _element("rect", x=x, y=y, width=width, height=height, rx=radius, fill=fill)


def line(start: Point, end: Point, stroke: str, width: float, dash: str = "") -> Markup:
    """A straight line."""
    (x1, y1), (x2, y2) = start, end
    return _element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **_dash(dash))


def comb(
    xs_and_ends: Sequence[tuple[float, float]], along: Point, top: float, stroke: str, width: float
) -> Markup:
    """A level line at `top`, and from it short ones down to each end, as one element: a page has hundreds.

    `along` is where the level line begins and ends.
    """
    left, right = along
    teeth = "".join(f"M{_n(x)} {_n(top)}V{_n(end)}" for x, end in xs_and_ends)
    path = f"M{_n(left)} {_n(top)}H{_n(right)}{teeth}"
    return _element("path", d=path, stroke=stroke, stroke_width=width)


def polyline(points: Sequence[Point], stroke: str, width: float, dash: str = "") -> Markup:
    """A line through `points`, not filled."""
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return _element(
        "polyline",
        points=path,
        fill="none",
        stroke=stroke,
        stroke_width=width,
        stroke_linejoin="round",
        stroke_linecap="butt" if dash else "round",
        **_dash(dash),
    )


def circle(center: Point, radius: float, fill: str, stroke: str = "none", width: float = 0) -> Markup:
    """A dot."""
    x, y = center
    return _element("circle", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=width)


def arc(start: Point, end: Point, radius: float, *, is_long: bool, stroke: str, width: float) -> Markup:
    """A part of a circle, clockwise; `is_long` where it is more than half of it."""
    (x1, y1), (x2, y2) = start, end
    path = f"M{_n(x1)} {_n(y1)}A{_n(radius)} {_n(radius)} 0 {int(is_long)} 1 {_n(x2)} {_n(y2)}"
    return _element("path", d=path, fill="none", stroke=stroke, stroke_width=width)


def polygon(points: Sequence[Point], fill: str) -> Markup:
    """A filled shape."""
    return _element("polygon", points=" ".join(f"{_n(x)},{_n(y)}" for x, y in points), fill=fill)


def text(
    at: Point, content: str, size: float, fill: str, *, anchor: str = "start", weight: int = 400
) -> Markup:
    """One line of text, its baseline at `at`."""
    x, y = at
    return Markup(
        '<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        'fill="{fill}">{content}</text>'
    ).format(x=_n(x), y=_n(y), size=_n(size), weight=weight, anchor=anchor, fill=fill, content=content)


def text_width(content: str, size: float) -> float:
    """About how wide `content` is set in our fonts; a little more rather than less."""
    return size * sum(_em(char) for char in content)


def _em(char: str) -> float:
    if ord(char) >= 0x2E80:
        return 1.0
    return _EMS.get(char, 0.66)


def _dash(dash: str) -> dict[str, str]:
    return {"stroke_dasharray": dash} if dash else {}


def _element(name: str, **attributes: float | str) -> Markup:
    parts = (
        f' {key.replace("_", "-")}="{escape(value if isinstance(value, str) else _n(value))}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{''.join(parts)}/>")  # noqa: S704 - every attribute is escaped above


def _n(value: float) -> str:
    """At most two digits: finer than any printer, and short."""
    rounded = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if rounded in ("-0", "") else rounded
