"""Where the collection lives: one root, found without any machine's path being written down."""

import difflib
import os
from pathlib import Path

MARKER = Path("data", "datapackage.json")
VINTAGE = "AMAZON_LABOR_VINTAGE"  # which vintage of the tables is read; a build passes it to its kernels
ARTICLE = "AMAZON_LABOR_ARTICLE"  # whose statements are judged, if not those of the first article


def root() -> Path:
    """Return the folder that holds `data/`, `notebooks/` and `reports/`.

    The environment variable ``AMAZON_LABOR_ROOT`` wins, then the nearest parent of the working directory with a data
    package, then the checkout this package was installed from.

    Raises
    ------
    FileNotFoundError
        If ``AMAZON_LABOR_ROOT`` names a folder without a data package, or none can be found.
    """
    chosen = os.environ.get("AMAZON_LABOR_ROOT")
    if chosen:
        if not (Path(chosen) / MARKER).is_file():
            raise FileNotFoundError(
                f"AMAZON_LABOR_ROOT is {chosen!r}, but {MARKER} is not in it. Unset it or name a checkout."
            )
        return Path(chosen).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / MARKER).is_file():
            return folder
    raise FileNotFoundError(f"No folder with {MARKER} above {here}. Change into the checkout or set AMAZON_LABOR_ROOT.")


def data_dir() -> Path:
    """Folder of the tidy tables and `datapackage.json`."""
    return root() / "data"


def claims_dir() -> Path:
    """Folder of the statements that are judged: `data/`, or the folder of the chosen article."""
    chosen = article()
    return root() / "articles" / chosen if chosen else data_dir()


def claims_file(name: str) -> str:
    """One of the files in `claims_dir` as a person at the root of the checkout would type it."""
    return (claims_dir() / name).relative_to(root()).as_posix()


def notebooks_dir() -> Path:
    """Folder of the committed notebooks."""
    return claims_dir() / "notebooks" if article() else root() / "notebooks"


def reports_dir() -> Path:
    """Folder the pages are built into unless another is named."""
    chosen = article()
    return root() / "reports" / chosen if chosen else root() / "reports"


def article() -> str | None:
    """Name of the article that ``AMAZON_LABOR_ARTICLE`` names; None for the first, whose files lie in `data/`.

    Raises
    ------
    FileNotFoundError
        If there is no such article; the message gives the nearest name and those there are.
    """
    chosen = os.environ.get(ARTICLE)
    if not chosen:
        return None
    if chosen not in articles():
        near = difflib.get_close_matches(chosen[:100], articles(), 1, 0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        there = ", ".join(articles()) or "none yet"
        raise FileNotFoundError(
            f"There is no article {chosen[:100]!r} in articles/.{hint} Articles: {there}. How to add one: docs/second-article.md"
        )
    return chosen


def articles() -> list[str]:
    """Names of the articles beside the first: the folders of `articles/` that hold claims."""
    return sorted(p.parent.name for p in (root() / "articles").glob("*/claims.csv"))


def choose_article(name: str) -> None:
    """Let everything that reads statements, notebooks and reports turn to an article.

    Raises
    ------
    FileNotFoundError
        If there is no such article; the one chosen before then stays.
    """
    before = os.environ.get(ARTICLE)
    os.environ[ARTICLE] = name
    try:
        article()
    except FileNotFoundError:
        os.environ.pop(ARTICLE)
        if before is not None:
            os.environ[ARTICLE] = before
        raise


def vintage_dir(name: str | None = None) -> Path | None:
    """Folder of a refreshed vintage: the one named, or the one ``AMAZON_LABOR_VINTAGE`` names; None for neither.

    Raises
    ------
    FileNotFoundError
        If there is no such vintage; the message lists those there are.
    """
    chosen = name or os.environ.get(VINTAGE)
    if not chosen:
        return None
    if chosen not in vintages():
        there = ", ".join(vintages()) or "none yet (amazon-labor refresh makes one)"
        raise FileNotFoundError(f"There is no vintage {chosen!r} in data/vintages. Vintages: {there}.")
    return data_dir() / "vintages" / chosen


def vintages() -> list[str]:
    """Names of the refreshed vintages, oldest first."""
    return sorted(
        p.parent.name for p in data_dir().glob("vintages/*/datapackage.json") if not p.parent.name.startswith(".")
    )


def choose_vintage(name: str) -> Path:
    """Let everything that reads tables read a vintage; return the folder its reports go to, apart from the others.

    Raises
    ------
    FileNotFoundError
        If there is no such vintage.
    """
    vintage_dir(name)
    os.environ[VINTAGE] = name
    return reports_dir() / "vintages" / name
