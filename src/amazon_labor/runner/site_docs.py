"""The documents of the checkout as pages of the site, and as inputs of the index that lists them."""

from pathlib import Path

from amazon_labor import paths
from amazon_labor.runner import atomic, digests

FOLDER = "docs"


def folder() -> Path | None:
    """Folder of the documents; None for another article, whose reports lie beside those of the first."""
    found = paths.root() / FOLDER
    return found if found.is_dir() and not paths.article() else None


def inputs() -> dict[str, str]:
    """Digests of all documents and drawings."""
    where = folder()
    return {p.name: digests.file(p) for p in _files(where)} if where else {}


def _files(where: Path) -> list[Path]:
    return sorted([*where.glob("*.md"), *where.glob("*.svg")])


def write(out: Path) -> dict[str, str]:
    """Write a page for each document under `docs/` of the reports.

    Returns
    -------
    dict
        Name of each page below the reports to its digest; empty if the checkout has no documents.
    """
    where = folder()
    if where is None:
        return {}
    from amazon_labor.publish import doc_pages

    texts = {p.stem: p.read_text(encoding="utf-8") for p in _files(where) if p.suffix == ".md"}
    pictures = {p.name: p.read_text(encoding="utf-8") for p in _files(where) if p.suffix == ".svg"}
    made = {}
    for name in texts:
        html = doc_pages.render(name, texts, pictures)
        target = out / FOLDER / doc_pages.file_name(name)
        atomic.write_changed(target, html)
        made[target.relative_to(out).as_posix()] = digests.text(html)
    return made
