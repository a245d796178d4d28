"""Drawings on the page: rebuilt element by element from an allowlist, with colours as classes.

One drawing serves light, dark and paper, and nothing that matplotlib did not draw can come with it.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from amazon_labor import palette
from amazon_labor.publish import outlines, slim
from amazon_labor.publish.slim import Mark

TAGS = frozenset({"svg", "g", "path", "text", "tspan", "defs", "clipPath", "use", "rect", "line", "circle"})
GEOMETRY = frozenset({"d", "x", "y", "width", "height", "transform", "cx", "cy", "r", "x1", "x2", "y1", "y2"})
PLAIN = frozenset(
    {
        "stroke-width",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "opacity",
        "fill-opacity",
        "stroke-opacity",
        "text-anchor",
        "font-size",
        "font-weight",
    }
)
DROPPED = frozenset({"head", "ground"})  # words that the page writes as HTML, and the paper of the notebook's image
VALUE = re.compile(r"[\w\s.,()%+\-]*\Z")
REFERENCE = re.compile(r"#([\w.-]+)\Z")
CLIP = re.compile(r"url\(#([\w.-]+)\)\Z")


class SvgError(ValueError):
    """A drawing that is not well-formed, or that declares entities."""


def rebuild(svg: str, prefix: str, crop: tuple[float, float] = (0, 0), *, words: bool = True) -> str:
    """Return the drawing as inline SVG without style, script, link or unknown element.

    Parameters
    ----------
    svg : str
        What `charts` saved.
    prefix : str
        Begins every id, so that two drawings of a page do not meet.
    crop : tuple of float
        Units cut off above and below, where the notebook's image has title and source.
    words : bool
        False leaves the texts out, for a thumbnail.

    Raises
    ------
    SvgError
        If the text is no SVG, or declares entities.
    """
    if "<!ENTITY" in svg:
        raise SvgError("A drawing declares entities; only drawings made by charts.Figure can be published.")
    try:
        root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>\[]*>", "", svg))
    except ElementTree.ParseError as error:
        raise SvgError(f"A drawing is not well-formed: {error}. Draw it with charts.Figure.") from None
    if _local(root.tag) != "svg":
        raise SvgError(f"A drawing begins with <{_local(root.tag)}>, not with <svg>.")
    used = re.findall(r"(?:href=\"#|url\(#)([\w.-]+)", svg)
    ids = {name: f"{prefix}-{k}" for k, name in enumerate(dict.fromkeys(used))}
    marks = [mark for child in root for mark in _walk(child, ids, False, words)]
    shared, marks = slim.slimmed(marks)
    shown = {"viewBox": _view(root, crop), "fill": "none", **shared, "aria-hidden": "true"}
    return slim.written(Mark("svg", shown, children=marks))


def _view(root: ElementTree.Element, crop: tuple[float, float]) -> str:
    try:
        _, _, width, height = (float(v) for v in root.get("viewBox", "").split())
    except ValueError:
        raise SvgError(f"A drawing has the viewBox {root.get('viewBox')!r}, not four numbers.") from None
    return f"0 {crop[0]:g} {width:g} {height - crop[0] - crop[1]:g}"


def _walk(node: ElementTree.Element, ids: dict[str, str], on: bool, words: bool) -> Iterator[Mark]:
    tag, name = _local(node.tag), node.get("id") or ""
    if tag not in TAGS or tag == "svg" or name in DROPPED or (tag == "text" and not words):
        return
    on = on or "on" in name.split()
    attributes, classes = _attributes(node, ids)
    if tag == "text":
        classes = ({c for c in classes if c.startswith("f-")} or {"f-ink"}) | ({"on"} if on else set())
    children = [mark for child in node for mark in _walk(child, ids, on, words)]
    text = (node.text or "").strip()
    if (tag in ("g", "defs", "text", "clipPath") and not text and not children) or (
        tag == "path" and classes in ({"f-none"}, {"f-none", "s-none"})
    ):
        return  # nothing to see
    if classes:
        attributes["class"] = " ".join(sorted(classes))
    yield Mark(tag, attributes, text, children, of_axis=name.startswith("matplotlib.axis"))


def _attributes(node: ElementTree.Element, ids: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    attributes: dict[str, str] = {}
    classes: set[str] = set()
    for key, value in [*_declared(node.get("style", "")), *((_local(k), v) for k, v in node.attrib.items())]:
        if key in ("fill", "stroke"):
            classes.add(f"{key[0]}-{'none' if value == 'none' else palette.roles().get(value.lower(), 'ink')}")
        elif key == "href" and (match := REFERENCE.match(value)) and match[1] in ids:
            attributes["href"] = f"#{ids[match[1]]}"
        elif key == "clip-path" and (match := CLIP.match(value)) and match[1] in ids:
            attributes["clip-path"] = f"url(#{ids[match[1]]})"
        elif key == "id" and value in ids:
            attributes["id"] = ids[value]
        elif key in GEOMETRY and VALUE.match(value) and not value.startswith("rotate(-0 "):
            attributes[key] = outlines.compact(value) if key == "d" else _thin(value)
        elif key in PLAIN and VALUE.match(value):
            attributes[key] = _unpadded(value.removesuffix("px"))
    if attributes.get("stroke-linejoin") == "miter":
        del attributes["stroke-linejoin"]
    return attributes, classes


def _declared(style: str) -> Iterator[tuple[str, str]]:
    """Properties of an inline style; the short form `font` gives size and weight."""
    for part in style.split(";"):
        key, _, value = (p.strip() for p in part.partition(":"))
        if key == "font":
            if size := re.search(r"([\d.]+)px", value):
                yield "font-size", size[1]
            if weight := re.match(r"(bold|\d{3})\b", value):
                yield "font-weight", weight[1]
        elif key:
            yield key, value


def _thin(value: str) -> str:
    """One decimal place is a seventh of a pixel: enough, and half the bytes."""
    plain = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), " ".join(value.split()))
    return _unpadded(re.sub(r"-0(?![.\d])", "0", plain))


def _unpadded(value: str) -> str:
    return re.sub(r"(?<![\d.])0(?=\.\d)", "", value)


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""
