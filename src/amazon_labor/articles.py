"""How the pages speak of an article: `article.toml` beside its claims, so that no page is written for one article only."""

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from amazon_labor import paths
from amazon_labor.claim_tables import ClaimError

FILE = "article.toml"
LEAD = "A text makes {total} statements that can be checked."


@dataclass(frozen=True)
class Article:
    """One text whose statements are judged.

    `lead` opens the index, with ``{total}`` for the number of statements; `heading` and `description` name the index for
    a browser's tab and a search engine. `planned` is the number of notebooks, 0 for as many as there are.
    """

    title: str = "A text and its statements"
    publisher: str = ""
    published: str = ""
    address: str = ""
    copies: tuple[str, ...] = ()
    heading: str = "the claims of a text"
    description: str = "Every statement of a text, with the number computed, the verdict and the reason."
    lead: str = LEAD
    planned: int = 0


def load() -> Article:
    """Read the `article.toml` of the chosen article; a checkout without one gets neutral words.

    Raises
    ------
    ClaimError
        If the file is no TOML, holds a key that is not known, or a value of another kind than it should be.
    """
    path = paths.claims_dir() / FILE
    place = paths.claims_file(FILE)
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Article()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClaimError(f"{place} is not TOML: {error}.") from None
    return Article(**{name: _value(place, name, value) for name, value in given.items()})


def _value(place: str, name: str, value: Any) -> Any:
    known = {f.name: f.default for f in fields(Article)}
    if name not in known:
        from amazon_labor.claim_tables import nearest

        raise ClaimError(f"{place}: {name!r} is not known.{nearest(name, known)} Known: {', '.join(known)}.")
    if isinstance(value, date):
        return value.isoformat()
    if name == "copies" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if type(value) is not type(known[name]):
        kind = type(known[name]).__name__
        raise ClaimError(
            f"{place}: {name} is {value!r}; it must be of type {'list of str' if kind == 'tuple' else kind}."
        )
    if name == "lead" and "{total}" not in str(value):
        raise ClaimError(f"{place}: lead must hold {{total}}, the place of the number of statements.")
    return value


def lead(article: Article, total: int) -> str:
    """First sentence of the index."""
    return article.lead.replace("{total}", str(total))
