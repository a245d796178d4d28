"""Addresses that open a notebook on Binder: made from the address of the repository, which nobody invents."""

import os
import re
from functools import lru_cache
from urllib.parse import quote

from amazon_labor import paths
from amazon_labor.parameters import InputError

VARIABLE, FIELD = "AMAZON_LABOR_REPOSITORY", "repository-code"
BINDER = "https://mybinder.org/v2"
PROVIDERS = {"github.com": "gh", "gitlab.com": "gl"}
ADDRESS = re.compile(r"https://(?P<host>[a-z0-9.-]+\.[a-z]{2,})/(?P<path>[\w.-]+(?:/[\w.-]+)+)/?\Z", re.ASCII)


def repository() -> tuple[str, str] | None:
    """Return host and path of the repository; None where neither the environment nor `CITATION.cff` names one.

    Raises
    ------
    InputError
        If what is named is not the https address of a repository.
    """
    named = os.environ.get(VARIABLE) or _cited()
    if not named:
        return None
    found = ADDRESS.match(named)
    if found is None or ".." in found["path"].split("/"):
        raise InputError(
            f"{VARIABLE} or {FIELD} of CITATION.cff is {named[:200]!r}, which is not the address of a repository. Allowed: "
            "https, a host, an owner and a name, for example https://github.com/OWNER/NAME."
        )
    return found["host"], found["path"].removesuffix(".git")


def _cited() -> str:
    file = paths.root() / "CITATION.cff"
    return _field(file.read_text(encoding="utf-8")) if file.is_file() else ""


@lru_cache(maxsize=4)
def _field(text: str) -> str:
    # asked for every page of a build
    import yaml

    return str((yaml.safe_load(text) or {}).get(FIELD) or "")


def link(stem: str) -> str | None:
    """Return the address that opens a notebook, by the name of its file without ending; None without a repository."""
    found = repository()
    if found is None:
        return None
    host, path = found
    provider = PROVIDERS.get(host)
    words = f"git/{quote(f'https://{host}/{path}', safe='')}"
    if provider == "gh":
        words = f"gh/{path}"
    elif provider:
        words = f"{provider}/{quote(path, safe='')}"
    file = paths.notebooks_dir().relative_to(paths.root()) / f"{stem}.ipynb"
    return f"{BINDER}/{words}/HEAD?labpath={quote(file.as_posix(), safe='')}"


def told(stem: str) -> str:
    """Return the address of a notebook for a person.

    Raises
    ------
    InputError
        If no address of a repository is known.
    """
    found = link(stem)
    if found is None:
        raise InputError(
            f"No address of the repository is known, so there is nothing to open. Set {VARIABLE}=https://HOST/OWNER/NAME, or "
            f"{FIELD} in CITATION.cff."
        )
    return found
