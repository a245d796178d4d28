"""What of an output or of prose may reach the page: an allowlist, and behind it a policy for the browser."""

import base64
import hashlib
import html
import re
from functools import lru_cache

import nh3

TEXT_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"scope", "colspan", "rowspan"},
}
CLASSES = {"td": {"n"}, "th": {"n"}, "p": {"note"}}
MATH_TAGS = frozenset(
    [
        "math",
        "menclose",
        "mfrac",
        "mi",
        "mn",
        "mo",
        "mover",
        "mpadded",
        "mphantom",
        "mroot",
        "mrow",
        "ms",
        "mspace",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtable",
        "mtd",
        "mtext",
        "mtr",
        "munder",
        "munderover",
    ]
)
MATH_ATTRIBUTES = {"math": {"display", "xmlns"}, "*": {"fence", "form", "mathvariant", "stretchy", "width"}}
PAGE = re.compile(r"(?:(?:\.\./reports/)?((?:\d\d_[a-z0-9_]+|index))\.(?:html|ipynb))?(#[\w-]+)?\Z")


@lru_cache(maxsize=4)
def _cleaner(base: str) -> nh3.Cleaner:
    def relative(url: str) -> str | None:
        """Keep links within the page and to other pages of the collection; a notebook's becomes its report's."""
        match = PAGE.match(url)
        if not match or not url:
            return None
        return (f"{base}{match[1]}.html" if match[1] else "") + (match[2] or "")

    return nh3.Cleaner(
        tags=set(TEXT_TAGS),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
        url_relative=relative,
    )


def clean(text: str, base: str = "") -> str:
    """Return HTML without anything that runs, loads, styles or names itself; its words stay.

    `base` is what leads from the page to the folder of the reports, for links between them.
    """
    # a link that lost its address is no link, and the attribute that goes with one is no use to it
    return _cleaner(base).clean(text).replace('<a rel="noopener noreferrer">', "<a>")


def clean_math(text: str) -> str:
    """Return MathML of the converter without foreign elements: it does not escape what it does not know."""
    return nh3.clean(text, tags=set(MATH_TAGS), attributes=MATH_ATTRIBUTES)


def plain(text: str) -> str:
    """Words of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def identifier(text: str) -> str:
    """Lower-case words joined by hyphens: the only form an id or a link target of ours can have."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def unique(name: str, taken: set[str]) -> str:
    """Return the name, or the first of name-2, name-3 ... that is not taken, and take it."""
    found, k = name, 1
    while found in taken:
        k += 1
        found = f"{name}-{k}"
    taken.add(found)
    return found


def policy(style: str, script: str) -> str:
    """Content security policy that allows this style sheet and this script, and no request at all."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def without_paths(text: str) -> str:
    """Shorten absolute paths to their last two parts and drop terminal colours, so that no machine shows through."""
    calm = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
    return re.sub(
        r"(?<![\w.:/])(?:[A-Za-z]:)?(?:[/\\][\w.+@~-]+)*[/\\]([\w.+-]+[/\\][\w.+-]+\.(?:py|ipynb|csv|json))",
        r"\1",
        calm,
    )
