"""Colours of pages and figures: one place that writes the CSS, feeds matplotlib and is checked by a test.

Series colours are told apart with full sight and with complete protan, deutan and tritan loss; verdict colours are
not, which is why every verdict also has a shape and words (`tests/test_palette.py` holds the floors).
"""

from functools import lru_cache

LIGHT: dict[str, str] = {
    "page": "#fbfaf7",
    "surface": "#fefefd",
    "shade": "#ebe8e1",
    "ink": "#1b1e23",
    "muted": "#5f646c",
    "line": "#d9d6cf",
    "link": "#0b4f9e",
    "c1": "#2d5bd7",
    "c2": "#bb4f00",
    "c3": "#006a4e",
    "c4": "#7a1f63",
    "holds": "#0b5d45",
    "qualified": "#7d4e00",
    "fails": "#a3232c",
    "untestable": "#565b63",
    "missing": "#565b63",
}
DARK: dict[str, str] = {
    "page": "#15181c",
    "surface": "#1b1f24",
    "shade": "#2a2f36",
    "ink": "#eceae5",
    "muted": "#a3a9b2",
    "line": "#3a4048",
    "link": "#8ab8f5",
    "c1": "#5a9bee",
    "c2": "#f6a04d",
    "c3": "#4fcba0",
    "c4": "#ee4b83",
    "holds": "#6fd9b3",
    "qualified": "#f0b75c",
    "fails": "#ff8f8f",
    "untestable": "#b3b9c1",
    "missing": "#b3b9c1",
}
# weak to strong; in dark mode strong is bright, so no caption may name a shade
RAMP_LIGHT: tuple[str, ...] = ("#eaf1f7", "#c9deee", "#9cc3e0", "#649fcb", "#2e77ac", "#145688", "#0a375b")
RAMP_DARK: tuple[str, ...] = ("#20303f", "#264766", "#2f6190", "#366c9f", "#76aadb", "#a9cdee", "#dcecfa")
INK_STEPS = 4  # steps of the ramp that carry ink as text; the stronger ones carry the ground colour

FIGURE_TOKENS = ("ink", "muted", "line", "surface", "page", "shade", "c1", "c2", "c3", "c4")


def _bytes(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(a: str, b: str, share: float) -> str:
    """Return the colour `share` of the way from `a` to `b`, mixed in sRGB."""
    parts = (round(x + (y - x) * share) for x, y in zip(_bytes(a), _bytes(b), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def diverging(colors: dict[str, str]) -> tuple[str, ...]:
    """Seven steps from c2 over shade (zero) to c1."""
    low = (mix(colors["c2"], colors["shade"], k / 3) for k in range(3))
    high = (mix(colors["shade"], colors["c1"], k / 3) for k in range(1, 4))
    return (*low, colors["shade"], *high)


DIVERGING_LIGHT = diverging(LIGHT)
DIVERGING_DARK = diverging(DARK)


def tokens(dark: bool = False) -> dict[str, str]:
    """Every token of a mode: named colours, ``q0`` to ``q6`` (ramp) and ``d0`` to ``d6`` (diverging)."""
    colors, ramp, steps = (DARK, RAMP_DARK, DIVERGING_DARK) if dark else (LIGHT, RAMP_LIGHT, DIVERGING_LIGHT)
    return colors | {f"q{k}": c for k, c in enumerate(ramp)} | {f"d{k}": c for k, c in enumerate(steps)}


@lru_cache(maxsize=1)
def roles() -> dict[str, str]:
    """Map each hex colour that a figure may use to the token it stands for.

    Where a diverging step equals a named colour, the named colour wins; both are the same in the other mode too.
    """
    steps = {c: f"d{k}" for k, c in enumerate(DIVERGING_LIGHT)}
    ramp = {c: f"q{k}" for k, c in enumerate(RAMP_LIGHT)}
    return steps | ramp | {LIGHT[name]: name for name in FIGURE_TOKENS}


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two hex colours after WCAG 2.2, between 1 and 21."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def css() -> str:
    """Return the custom properties of both modes.

    Dark rules stand inside ``@media screen`` only: a print rule on ``:root`` would lose to them by specificity, and
    paper would come out dark.
    """
    light, dark = (_declarations(tokens(mode)) for mode in (False, True))
    return (
        f":root{{color-scheme:light dark;{light}}}:root[data-theme=light]{{color-scheme:light}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}"
        "@media print{:root,:root[data-theme]{color-scheme:light}}"
    )


def mark_css() -> str:
    """Return the classes that give a mark its fill (``f-``) and stroke (``s-``)."""
    names = sorted(set(roles().values()))
    # a mark in the colour of the figure's paper takes the ground it is drawn on
    ground = {name: "page" if name == "surface" else name for name in names}
    fills = "".join(f".f-{n}{{fill:var(--{ground[n]})}}" for n in names)
    strokes = "".join(f".s-{n}{{stroke:var(--{ground[n]})}}" for n in names)
    return f".f-none{{fill:none}}.s-none{{stroke:none}}{fills}{strokes}"


def _declarations(colors: dict[str, str]) -> str:
    return "".join(f"--{name}:{color};" for name, color in colors.items())


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _bytes(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
