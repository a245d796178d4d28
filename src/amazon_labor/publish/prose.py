"""Markdown to HTML: cleaned, with anchors at headings, formulas as MathML, and tables that scroll."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any

import mistune

from amazon_labor.publish import glossary, sanitise

OPEN, CLOSE = "\ue000", "\ue001"  # private characters hold the place of a formula while the rest is cleaned
# the same characters as text or as a reference: replaced, not removed, so that no two halves meet and form another
FORGED = (re.compile(f"[{OPEN}{CLOSE}]"), re.compile(r"&#(?:x0*e00[01]|0*5734[45])(?![0-9a-f]);?", re.IGNORECASE))
# after pandoc: no space inside the signs and no digit after the closing one, so that "$5 to $6" is money
INLINE = r"\$(?![\s$])(?P<inline_latex>(?:[^$\n\\]|\\.)+?)(?<!\s)\$(?![\d$])"
LONG = 24  # characters of an inline formula that may not fit on a phone, so that it has to scroll
BLOCK = r"^ {0,3}\$\$(?P<block_latex>[\s\S]+?)\$\$[ \t]*(?:\n|$)"


@dataclass
class Page:
    """What the pieces of one page share: ids taken, headings met, names of scrolling regions, terms explained."""

    base: str = ""
    ids: set[str] = field(default_factory=set)
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    regions: dict[str, int] = field(default_factory=dict)
    figures: int = 0
    terms: glossary.Marker = field(init=False)

    def __post_init__(self) -> None:
        self.terms = glossary.marker(self.base)

    def region(self, name: str) -> str:
        """Return a name for a scrolling region that no other region of the page has."""
        self.regions[name] = self.regions.get(name, 0) + 1
        return name if self.regions[name] == 1 else f"{name} ({self.regions[name]})"


def markdown(text: str, page: Page, *, listed: bool = True) -> str:
    """Return prose as HTML; with `listed`, its headings of level two go into the list of contents."""
    formulas: list[str] = []
    state = mistune.BlockState()
    state.env["formulas"] = formulas
    for forged in FORGED:
        text = forged.sub("\ufffd", text)
    raw, _ = _parser().parse(text, state)
    body = tables(sanitise.clean(str(raw), page.base), page)
    body = page.terms.mark(_headings(body, page, listed, formulas))

    def back(match: re.Match[str]) -> str:
        return formulas[int(match[1])]

    def block(match: re.Match[str]) -> str:
        name = page.region("Formula")
        return (
            f'<div class="scroll maths" tabindex="0" role="region" aria-label="{name}">{formulas[int(match[1])]}</div>'
        )

    body = re.sub(rf"<p>{OPEN}B(\d+){CLOSE}</p>", block, body)
    return re.sub(rf"{OPEN}[BI](\d+){CLOSE}", back, body)


def tables(body: str, page: Page) -> str:
    """Let each table of cleaned HTML scroll in a named region, and repair heads a reader cannot use."""

    def wrap(match: re.Match[str]) -> str:
        caption = re.search(r"<caption>(.*?)</caption>", match[0], re.DOTALL)
        name = page.region(sanitise.plain(caption[1]) if caption else "Table")
        inner = re.sub(r"<th(?: [^>]*)?>\s*</th>", "<td></td>", match[0])
        inner = re.sub(
            r"<thead>.*?</thead>",
            lambda m: re.sub(r"<th(?=[ >])(?![^>]*scope)", '<th scope="col"', m[0]),
            inner,
            flags=re.DOTALL,
        )
        inner = re.sub(r"<tr>\s*<th(?=[ >])(?![^>]*scope)", '<tr><th scope="row"', inner)
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(name)}">{inner}</div>'

    return re.sub(r"<table>.*?</table>", wrap, body, flags=re.DOTALL)


def _headings(body: str, page: Page, listed: bool, formulas: list[str]) -> str:
    """Give headings an anchor; the page has one h1, and no level is skipped."""

    def anchor(match: re.Match[str]) -> str:
        above = page.headings[-1][0] if page.headings else 1
        level = min(int(match[1]), above + 1, 4)
        spoken = re.sub(rf"{OPEN}[BI](\d+){CLOSE}", lambda m: formulas[int(m[1])], match[2])
        title = sanitise.plain(spoken)
        slug = sanitise.unique(sanitise.identifier(title), page.ids)
        if listed or level > 2:
            page.headings.append((level, slug, title))
        link = f'<a class="anchor" href="#{slug}" aria-label="Link to the section {escape(title)}">#</a>'
        return f'<h{level} id="{slug}">{match[2]} {link}</h{level}>'

    return re.sub(r"<h([2-6])>(.*?)</h\1>", anchor, body, flags=re.DOTALL)


@lru_cache(maxsize=1)
def _parser() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Renderer(escape=False), plugins=["table", "strikethrough", _formulas])


class _Renderer(mistune.HTMLRenderer):
    """Headings one level down at least two, alignment as a class."""

    def heading(self, text: str, level: int, **_: Any) -> str:
        return f"<h{max(2, level)}>{text}</h{max(2, level)}>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        tag, kind = ("th" if head else "td"), (' class="n"' if align == "right" else "")
        return f"<{tag}{kind}>{text}</{tag}>"

    def formula(self, text: str) -> str:
        return text

    def formula_block(self, text: str) -> str:
        return f"<p>{text}</p>\n"


def _formulas(md: mistune.Markdown) -> None:
    """Plugin of the parser: formulas between dollar signs, never inside code."""

    def inline(_: Any, match: re.Match[str], state: Any) -> int:
        state.append_token({"type": "formula", "raw": _keep(match["inline_latex"], "I", state.env["formulas"])})
        return match.end()

    def block(_: Any, match: re.Match[str], state: Any) -> int:
        state.append_token({"type": "formula_block", "raw": _keep(match["block_latex"], "B", state.env["formulas"])})
        return match.end()

    md.inline.register("formula", INLINE, inline, before="link")
    md.block.register("formula_block", BLOCK, block, before="list")


def _keep(latex: str, kind: str, formulas: list[str]) -> str:
    made = _mathml(latex.strip(), "block" if kind == "B" else "inline")
    if kind == "I" and len(sanitise.plain(made)) > LONG:
        made = f'<span class="formula" tabindex="0" role="group" aria-label="Formula">{made}</span>'
    formulas.append(made)
    return f"{OPEN}{kind}{len(formulas) - 1}{CLOSE}"


@lru_cache(maxsize=1)
def _converter() -> Callable[..., str]:
    from latex2mathml.converter import convert

    return convert


def _mathml(latex: str, display: str) -> str:
    """Formula as MathML, or as typed where the converter does not know it."""
    try:
        return sanitise.clean_math(_converter()(latex, display=display))
    except Exception:  # the converter raises whatever its parser meets
        return f"<code>{escape(latex)}</code>"
