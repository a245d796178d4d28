"""The shell that every page shares: templates, style sheet, script and the policy that allows those two only."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from amazon_labor import palette
from amazon_labor.claim_rule import WORDS
from amazon_labor.publish import sanitise

SITE = "Amazon and labour, checked"
CSV_PLAIN = ",.;:!*()'/?@$=+-_~ "  # what a data address may hold unescaped between quotes


@lru_cache(maxsize=1)
def environment() -> Any:
    """Templates with everything escaped that is not marked as made by us."""
    import jinja2

    loader = jinja2.PackageLoader("amazon_labor.publish", "templates")
    found = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    found.globals.update(site=SITE, words=WORDS, shell=shell())  # a page without the ledger brings its own
    found.filters.update(csv_address=csv_address, table_address=table_address, commas=lambda n: f"{n:,}")
    return found


def render(template: str, **context: Any) -> str:
    """Fill a template and end the page with one line break."""
    return str(environment().get_template(template).render(**context)).strip() + "\n"


def macro(name: str) -> Any:
    """A macro of `parts.html.j2`, for pieces that Python puts in order."""
    return getattr(environment().get_template("parts.html.j2").module, name)


def safe(text: str) -> Any:
    """Mark HTML as made by us, or cleaned."""
    from markupsafe import Markup

    return Markup(text)


@lru_cache(maxsize=2)
def shell(*, ledger: bool = True) -> dict[str, Any]:
    """Style, script and policy; the two are part of each page, so no request leaves it.

    A report leaves out what only the ledger and the gallery need (`ledger` False).
    """
    folder = files("amazon_labor.publish").joinpath("templates")
    parts = ("site", "ledger") if ledger else ("site",)
    sheets, scripts = (
        [folder.joinpath(f"{part}.{kind}").read_text(encoding="utf-8") for part in parts] for kind in ("css", "js")
    )
    style = palette.css() + palette.mark_css() + "".join(map(_squeezed, sheets))
    script = "\n".join(map(_squeezed_script, scripts))
    return {"style": safe(style), "script": safe(script), "policy": sanitise.policy(style, script)}


def table_address(name: str) -> str:
    """Address of a table's page, seen from the folder of the reports: one flat folder, so that links stay short."""
    return f"data/{re.sub(r'[^a-z0-9_]+', '-', name.lower())}.html"


def csv_address(text: str) -> str:
    """Text of a CSV file as the address of a download."""
    return "data:text/csv;charset=utf-8," + quote(text, safe=CSV_PLAIN).replace(" ", "%20")


def _squeezed(css: str) -> str:
    """Style sheet without comments, indentation and the spaces that a browser does not need."""
    text = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,>]) ?", r"\1", text).replace(": ", ":").replace(";}", "}").strip()


def _squeezed_script(script: str) -> str:
    """Script without comment lines and indentation; line breaks stay, so that nothing changes its meaning."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
