"""The terms of the field: the page that lists them, and the first use of each on a page as a small window.

The window is a button and a `popover`, both plain HTML: it opens by click, Enter or touch and closes by Escape without
any script. A browser that does not know it shows a link to the glossary instead (style sheet). Terms are marked after
the prose was cleaned, in text only: never in links, headings, code, captions or formulas.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import Any

from amazon_labor import paths
from amazon_labor.parameter_rules import InputError
from amazon_labor.publish import page, sanitise

FILE = "data/glossary.toml"
FIELDS = {"term", "forms", "short", "more", "see", "source"}
# a tag or a comment, with its attributes whole: a quoted one may hold angle brackets
TAG = re.compile(r"""<(?:!--.*?--|/?[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*)>""", re.DOTALL)
NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
CLOSED = frozenset(
    [
        "a",
        "abbr",
        "button",
        "caption",
        "code",
        "dfn",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "kbd",
        "math",
        "pre",
        "summary",
        "svg",
        "th",
    ]
)


class GlossaryError(InputError):
    """A glossary that cannot be read, or an entry that is not as the file says entries are."""


@dataclass(frozen=True)
class Term:
    """A term: `forms` are the words in prose that open it, `short` is shown in place, `see` are other headwords."""

    term: str
    forms: tuple[str, ...]
    short: str
    source: str
    more: str = ""
    see: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return sanitise.identifier(self.term)


def load(file: Path | None = None) -> tuple[Term, ...]:
    """Terms in the order of the alphabet; none where the collection has no glossary.

    Raises
    ------
    GlossaryError
        If the file is no TOML, an entry lacks a field or has an unknown one, or two entries share a word.
    """
    try:
        text = (file or paths.root() / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise GlossaryError(f"{FILE} cannot be read ({error}).") from None
    return _parsed(text)


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[Term, ...]:
    try:
        entries = tomllib.loads(text).get("term", [])
    except tomllib.TOMLDecodeError as error:
        raise GlossaryError(f"{FILE} is not TOML: {error}.") from None
    if not isinstance(entries, list):
        raise GlossaryError(f"{FILE}: write each term as a table of its own, [[term]].")
    terms = tuple(sorted(map(_term, entries), key=lambda t: t.term.lower()))
    _refuse_doubles(terms)
    return terms


def _term(raw: Mapping[str, Any]) -> Term:
    name = raw.get("term")
    if strange := sorted(raw.keys() - FIELDS):
        raise GlossaryError(f"{FILE}, term {name!r}: {strange[0]!r} is no field. Allowed: {', '.join(sorted(FIELDS))}.")
    texts = [raw.get(key) for key in ("term", "short", "source")]
    if not all(isinstance(value, str) and value.strip() for value in texts):
        raise GlossaryError(f"{FILE}, term {name!r}: `term`, `short` and `source` must be texts that are not empty.")
    for key in ("forms", "see"):
        given = raw.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
            raise GlossaryError(f"{FILE}, term {name!r}: `{key}` must be a list of texts, not {given!r}.")
    if not raw.get("forms"):
        raise GlossaryError(f"{FILE}, term {name!r}: `forms` must name at least one word that opens it.")
    return Term(
        str(name), tuple(raw["forms"]), raw["short"], raw["source"], str(raw.get("more", "")), tuple(raw.get("see", []))
    )


def _refuse_doubles(terms: Sequence[Term]) -> None:
    owner: dict[str, str] = {}
    ids: dict[str, str] = {}
    for one in terms:
        if one.id in ids:
            raise GlossaryError(f"{FILE}: {one.term!r} and {ids[one.id]!r} are the same headword.")
        ids[one.id] = one.term
        for form in one.forms:
            if form.lower() in owner:
                raise GlossaryError(f"{FILE}: the form {form!r} opens both {owner[form.lower()]!r} and {one.term!r}.")
            owner[form.lower()] = one.term
    for one in terms:
        for other in one.see:
            if sanitise.identifier(other) not in ids:
                raise GlossaryError(f"{FILE}, term {one.term!r}: `see` names {other!r}, which is no headword.")


# ---------------------------------------------------------------- terms in place


@dataclass
class Marker:
    """Marks the first use of each term on one page; `done` are the ids of terms explained so far."""

    terms: tuple[Term, ...]
    base: str = ""
    done: set[str] = field(default_factory=set)

    @cached_property
    def forms(self) -> tuple[re.Pattern[str], dict[str, Term]]:
        """The pattern of all forms and the terms they open; to look it up by the terms hashes all their texts."""
        return _pattern(self.terms)

    def mark(self, body: str) -> str:
        """Return cleaned HTML in which the first use of each term opens its explanation.

        Parameters
        ----------
        body : str
            HTML that was cleaned already; its text is escaped, its formulas are not yet in it.
        """
        if not self.terms:
            return body
        parts: list[str] = []
        at, inside = 0, 0  # inside: how many elements are open in which nothing is marked
        for tag in TAG.finditer(body):
            parts.append(body[at : tag.start()] if inside else self._text(body[at : tag.start()]))
            parts.append(tag[0])
            inside = max(0, inside + _step(tag[0]))
            at = tag.end()
        parts.append(body[at:] if inside else self._text(body[at:]))
        return "".join(parts)

    def _text(self, text: str) -> str:
        """Mark terms in a piece of text between two tags."""
        pattern, by_form = self.forms

        def window(match: re.Match[str]) -> str:
            one = by_form[" ".join(match[0].split()).lower()]
            if one.id in self.done:
                return match[0]
            self.done.add(one.id)
            return _window(one, match[0], self.base)

        return pattern.sub(window, text)


def _step(tag: str) -> int:
    name = NAME.match(tag)
    if name is None or name[1].lower() not in CLOSED or tag.endswith("/>"):
        return 0
    return -1 if tag.startswith("</") else 1


@lru_cache(maxsize=4)
def _pattern(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern for all forms, the longest first, whole words only, as they stand in escaped text."""
    by_form = {escape(form, quote=False).lower(): one for one in terms for form in one.forms}
    longest = sorted(by_form, key=lambda form: (-len(form), form))
    words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest)
    return re.compile(rf"(?<![\w&#/-])(?:{words})(?![\w/-])", re.IGNORECASE), by_form


def _window(one: Term, word: str, base: str) -> str:
    return (
        f'<button type="button" class="term" id="use-{one.id}" popovertarget="term-{one.id}">{word}</button>'
        f'<span class="gloss" id="term-{one.id}" popover><span>{escape(one.short)} </span>'
        f'<a href="{base}glossary.html#{one.id}">Glossary<span class="vh">: {escape(one.term)}</span></a></span>'
    )


def marker(base: str) -> Marker:
    """A marker for one page, with the terms of the collection."""
    return Marker(load(), base)


# ---------------------------------------------------------------- the page


@dataclass(frozen=True)
class Use:
    """A report in which a term is explained: number, title, address seen from the folder of the reports."""

    number: int
    title: str
    href: str


def uses(html: str) -> set[str]:
    """Ids of the terms that a page explains in place."""
    return set(re.findall(r'<button type="button" class="term" id="use-([a-z0-9-]+)"', html))


def render_glossary(terms: Sequence[Term], used: Mapping[str, Iterable[Use]]) -> str:
    """Return the glossary page.

    Parameters
    ----------
    terms : sequence of Term
        In the order of the page.
    used : mapping
        Id of a term to the reports that explain it in place.
    """
    letters: dict[str, list[Term]] = {}
    for one in terms:
        letters.setdefault(one.term[0].upper(), []).append(one)
    return page.render(
        "glossary.html.j2",
        shell=page.shell(ledger=False),
        letters=letters,
        count=len(terms),
        used={key: list(value) for key, value in used.items()},
        slug=sanitise.identifier,
    )
