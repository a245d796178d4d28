"""Drawings in few bytes: what neighbours share is said once, and nothing that a reader sees is left out.

matplotlib repeats colour, width and clipping at every tick and dot. Here ticks and dots become one outline for each run of
equals, a clip goes where nothing sticks out, and what most marks of a drawing share moves to its root.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from amazon_labor.publish import outlines

INITIAL = {
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-dashoffset": "0",
    "opacity": "1",
    "fill-opacity": "1",
    "stroke-opacity": "1",
    "text-anchor": "start",
    "font-weight": "400",
    "font-size": "",  # has no initial value of its own: a text without one keeps it out of the root
}
HOISTED = {"text": ("font-size", "text-anchor"), "shape": ("stroke-width", "stroke-linecap")}
SHAPES = frozenset({"path", "use", "rect", "line", "circle"})
USUAL_TEXT = "f-muted"  # the style sheet gives a text this colour, and a halo
OWN = frozenset({"d", "x", "y", "cx", "cy", "r", "width", "height", "x1", "x2", "y1", "y2", "transform", "id"})
NOT_HANDED_DOWN = frozenset({"opacity", "clip-path", "href"})  # a group with one of these is not its members with it
EDGE = 0.3  # units by which a mark may lie over the edge of its clip and still be drawn without it


Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass
class Mark:
    """An element of a drawing whose tag, attributes and text have passed the allowlist."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Mark"] = field(default_factory=list)
    of_axis: bool = False

    @property
    def fill(self) -> str:
        return self._class("f-")

    @property
    def stroke(self) -> str:
        return self._class("s-")

    def _class(self, prefix: str) -> str:
        names = self.attributes.get("class", "").split()
        return next((name[2:] for name in names if name.startswith(prefix)), "")

    def drop_class(self, name: str) -> None:
        left = [n for n in self.attributes.get("class", "").split() if n != name]
        self.attributes.pop("class", None)
        if left:
            self.attributes["class"] = " ".join(left)

    def walk(self) -> Iterator["Mark"]:
        yield self
        for child in self.children:
            yield from child.walk()


def slimmed(marks: Sequence[Mark]) -> tuple[dict[str, str], list[Mark]]:
    """Return what the root of the drawing says for all, and the marks without it.

    The root has no fill, so a mark without a fill class is not filled; a text without one is muted.
    """
    known = {m.attributes["id"]: m for mark in marks for m in mark.walk() if "id" in m.attributes}
    found = _expanded(marks, known)
    for mark in found:
        _unclip(mark, known)
    used = {name for mark in found for m in mark.walk() for name in _references(m)}
    found = _flat(_without_unused(found, used))
    inherits = {key for mark in found for m in mark.walk() if m.tag == "g" for key in m.attributes}
    for mark in found:
        _drop_initial(mark, inherits)
    found = _joined(found)
    shared = {k: v for kind, keys in HOISTED.items() for k in keys if k not in inherits for v in _hoist(found, kind, k)}
    return shared, _grouped(found)


def written(mark: Mark) -> str:
    """Return the mark as text, the outline first."""
    attributes = sorted(mark.attributes.items(), key=lambda pair: pair[0] != "d")
    head = mark.tag + "".join(f' {key}="{escape(value)}"' for key, value in attributes)
    body = escape(mark.text, quote=False) + "".join(map(written, mark.children))
    return f"<{head}>{body}</{mark.tag}>" if body or mark.tag == "svg" else f"<{head}/>"


# ---------------------------------------------------------------- marks drawn from a definition


def _expanded(marks: Sequence[Mark], known: dict[str, Mark]) -> list[Mark]:
    """Draw ticks and dots where they stand instead of pointing at a definition."""
    out = []
    for mark in marks:
        if mark.tag == "use":
            mark = _placed(mark, known.get(mark.attributes.get("href", "")[1:]))
        mark.children = _expanded(mark.children, known)
        out.append(mark)
    return out


def _placed(use: Mark, definition: Mark | None) -> Mark:
    if definition is None or definition.tag != "path" or "transform" in use.attributes | definition.attributes:
        return use
    outline = definition.attributes.get("d", "")
    x, y = (_number(use.attributes.get(key, "0")) for key in "xy")
    moved = outlines.moved(outline, x, y)
    if moved is None:
        return use
    # what the definition says of itself wins over what the use hands down
    attributes = {**use.attributes, **definition.attributes}
    fill, stroke = definition.fill or use.fill, definition.stroke or use.stroke
    for key in ("id", "href", "x", "y", "d", "class"):
        attributes.pop(key, None)
    if radius := outlines.radius(outline):
        return _dot(x, y, radius, fill, stroke, attributes)
    fill = fill if "z" in outline else "none"  # a tick encloses nothing
    return Mark("path", {**attributes, "d": moved, "class": _classes(fill, stroke)})


def _dot(x: float, y: float, radius: float, fill: str, stroke: str, attributes: dict[str, str]) -> Mark:
    """Draw a disc without an edge of its own as a line of no length with round ends, which can be joined with others."""
    stroked = stroke not in ("", "none")
    plain = fill not in ("", "none") and (not stroked or stroke == fill)
    if not plain or any("opacity" in key for key in attributes):
        at = {"cx": _text(x), "cy": _text(y), "r": _text(radius), "class": _classes(fill, stroke)}
        return Mark("circle", attributes | at)
    wide = 2 * radius + (_number(attributes.get("stroke-width", "1")) if stroked else 0)
    return Mark(
        "path",
        {
            "d": f"M{_text(x)}{'' if y < 0 else ' '}{_text(y)}h0",
            "stroke-width": _text(wide),
            "stroke-linecap": "round",
            "class": _classes("none", fill),
        },
    )


def _classes(fill: str, stroke: str) -> str:
    return " ".join(f"{letter}-{name}" for letter, name in (("f", fill), ("s", stroke)) if name)


# ---------------------------------------------------------------- clips


def _unclip(mark: Mark, known: dict[str, Mark]) -> None:
    """Take the clip from marks that lie inside it."""
    for child in mark.children:
        _unclip(child, known)
    match = re.fullmatch(r"url\(#(.*)\)", mark.attributes.get("clip-path", ""))
    clip = known.get(match[1]) if match else None
    if clip is None or len(clip.children) != 1 or clip.children[0].tag != "rect":
        return
    room, taken = _box(clip.children[0]), _box(mark)
    if room and taken and all(taken[k] >= room[k] - EDGE and taken[k + 2] <= room[k + 2] + EDGE for k in (0, 1)):
        del mark.attributes["clip-path"]


def _box(mark: Mark) -> Box | None:
    """Left, top, right and bottom of a mark; None where it cannot be told."""
    a = mark.attributes
    if "transform" in a or mark.tag not in ("path", "circle", "rect", "g"):
        return None
    if mark.tag == "g":
        return _union([_box(child) for child in mark.children if child.tag != "defs"])
    if mark.tag == "path":
        box, reach = outlines.bounds(a.get("d", "")), 0.0
        reach = _number(a["stroke-width"]) / 2 if a.get("d", "").endswith("h0") and "stroke-width" in a else 0.0
        return (box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach) if box else None
    if mark.tag == "circle":
        x, y, r = (_number(a.get(key, "0")) for key in ("cx", "cy", "r"))
        return x - r, y - r, x + r, y + r
    x, y, wide, tall = (_number(a.get(key, "0")) for key in ("x", "y", "width", "height"))
    return x, y, x + wide, y + tall


def _union(boxes: Sequence[Box | None]) -> Box | None:
    known = [box for box in boxes if box is not None]
    if not known or len(known) < len(boxes):
        return None
    left, top, right, bottom = zip(*known, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _references(mark: Mark) -> Iterator[str]:
    for key in ("href", "clip-path"):
        if match := re.search(r"#([\w-]+)", mark.attributes.get(key, "")):
            yield match[1]


def _without_unused(marks: Sequence[Mark], used: set[str]) -> list[Mark]:
    kept = []
    for mark in marks:
        mark.children = _without_unused(mark.children, used)
        name = mark.attributes.get("id")
        if name is not None and name not in used:
            if mark.tag == "clipPath":
                continue
            del mark.attributes["id"]
        if mark.tag == "defs":
            mark.children = [child for child in mark.children if "id" in child.attributes]
        if mark.children or mark.tag not in ("defs", "g"):
            kept.append(mark)
    return kept


# ---------------------------------------------------------------- attributes


def _flat(marks: Sequence[Mark]) -> list[Mark]:
    """Take away groups that say nothing; the words of an axis come after its lines, so that lines can be joined."""
    out: list[Mark] = []
    for mark in marks:
        mark.children = _flat(mark.children)
        inner = sorted(mark.children, key=lambda m: m.tag == "text") if mark.of_axis else mark.children
        mark.children = list(inner)
        out += mark.children if mark.tag == "g" and not mark.attributes else [mark]
    return out


def _drop_initial(mark: Mark, inherits: set[str], filled: bool = False) -> None:
    for key, value in INITIAL.items():
        if key not in inherits and mark.attributes.get(key) == value:
            del mark.attributes[key]
    if mark.tag == "text":
        mark.drop_class(USUAL_TEXT)
    if not filled and mark.tag in SHAPES | {"g"}:
        mark.drop_class("f-none")
    if mark.stroke == "none" and "class" not in inherits:
        mark.drop_class("s-none")
    # an opacity of the only thing a mark has can be handed down by a group
    only = "fill-opacity" if not mark.stroke else "stroke-opacity" if not mark.fill else ""
    if mark.tag in SHAPES and only and mark.attributes.keys() & {"opacity", only} == {"opacity"}:
        mark.attributes[only] = mark.attributes.pop("opacity")
    for child in mark.children:
        _drop_initial(child, inherits, filled or bool(mark.fill))


def _hoist(marks: Sequence[Mark], kind: str, key: str) -> Iterator[str]:
    """Yield the value that the root may say for all marks of a kind, if that is shorter; marks then say what differs."""
    concerned = [m for mark in marks for m in mark.walk() if _is(m, kind)]
    usual = INITIAL[key]
    counts = Counter(m.attributes.get(key, usual) for m in concerned)

    def saved(value: str) -> int:
        return (counts[value] - 1) * len(f' {key}="{value}"') - counts[usual] * len(f' {key}="{usual}"')

    best = max((v for v in counts if v != usual), key=lambda v: (saved(v), v), default=None)
    if best is None or saved(best) <= 0 or (counts[usual] and not usual):
        return
    for mark in concerned:
        if mark.attributes.get(key) == best:
            del mark.attributes[key]
        else:
            mark.attributes.setdefault(key, usual)
    yield best


def _is(mark: Mark, kind: str) -> bool:
    if kind == "text":
        return mark.tag == "text"
    return mark.tag in SHAPES and (bool(mark.stroke) or mark.tag == "use" or "id" in mark.attributes)


# ---------------------------------------------------------------- neighbours


def _joined(marks: Sequence[Mark]) -> list[Mark]:
    """Make one path of neighbours that differ only in their outline: a heat map shrinks by half.

    Marks that let others shine through, or whose edge differs from their fill, stay apart where they overlap: the overlap
    is meant to be seen, and the edge of one would cover the fill of the next.
    """
    out: list[Mark] = []
    boxes: list[Box | None] = []
    for mark in marks:
        mark.children = _joined(mark.children)
        box = _box(mark)
        # a line without a point in view has no outline
        alike = bool(out) and "d" in mark.attributes and mark.tag == out[-1].tag == "path" and "d" in out[-1].attributes
        alike = alike and _but(out[-1], {"d"}) == _but(mark, {"d"})
        if alike and "id" not in mark.attributes and (_plain(mark) or all(map(_apart, boxes, [box] * len(boxes)))):
            out[-1].attributes["d"] += mark.attributes["d"]
            boxes.append(box)
        else:
            out.append(mark)
            boxes = [box]
    return out


def _plain(mark: Mark) -> bool:
    edged = mark.fill not in ("", "none") and mark.stroke not in ("", "none", mark.fill)
    return not edged and not any("opacity" in key for key in mark.attributes)


def _apart(a: Box | None, b: Box | None) -> bool:
    if a is None or b is None:
        return False
    return any(a[k + 2] <= b[k] + EDGE or b[k + 2] <= a[k] + EDGE for k in (0, 1))


def _grouped(marks: Sequence[Mark]) -> list[Mark]:
    """Let neighbours of one kind share a group where that is shorter."""
    out: list[Mark] = []
    for mark in marks:
        mark.children = _grouped(mark.children)
    for _, members in groupby(marks, key=_group_key):
        run = list(members)
        common = _handed_down(run[0])
        head = "".join(f' {key}="{value}"' for key, value in common.items())
        if len(run) < 2 or (len(run) - 1) * len(head) <= len("<g></g>"):
            out += run
            continue
        for mark in run:
            mark.attributes = {k: v for k, v in mark.attributes.items() if k not in common}
        out.append(Mark("g", common, children=run))
    return out


def _group_key(mark: Mark) -> tuple[str, tuple[tuple[str, str], ...]]:
    return mark.tag, tuple(sorted(_handed_down(mark).items()))


def _handed_down(mark: Mark) -> dict[str, str]:
    """Attributes that a group may say for its members; the colour of a text is not among them, the style sheet has it."""
    if mark.tag not in SHAPES | {"text"} or (NOT_HANDED_DOWN - {"href"}) & mark.attributes.keys():
        return {}
    left_out = OWN | NOT_HANDED_DOWN | ({"class"} if mark.tag == "text" else set())
    return dict(sorted(_but(mark, left_out).items()))


def _but(mark: Mark, keys: "set[str] | frozenset[str]") -> dict[str, str]:
    return {key: value for key, value in mark.attributes.items() if key not in keys}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


_text: Callable[[float], str] = outlines.number
