"""README of the replication package, in the order of the template of the social-science data editors.

A pure function of the collection's own metadata: nothing in it is typed that the metadata could say, and what nobody
recorded is said to be not recorded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TEMPLATE = "https://social-science-data-editors.github.io/template_README/"
HEAVY = ("numpy", "pandas", "scipy", "matplotlib", "statsmodels", "linearmodels", "jupyterlab", "papermill", "nbclient")


@dataclass(frozen=True)
class Program:
    """A notebook: file, question, parameters that are seeds by value, figures and tables as (cell, kind, title)."""

    number: int
    stem: str
    title: str
    question: str
    seeds: Mapping[str, int]
    shown: Sequence[tuple[str, str, str]]
    claims: Sequence[str]


@dataclass(frozen=True)
class Package:
    """What the README is filled in from: descriptors by table, versions by package of the lock, bytes by folder."""

    citation: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]
    sources: Sequence[Mapping[str, str]]
    programs: Sequence[Program]
    versions: Mapping[str, str]
    python: str
    environment: Mapping[str, Any]
    sizes: Mapping[str, int]


def text(package: Package) -> str:
    """Return the README as Markdown."""
    parts = (_overview, _availability, _datasets, _computing, _programs, _instructions, _outputs, _references)
    lines = [f"# Replication package: {_cell(str(package.citation.get('title', 'the collection')))}", ""]
    for part in parts:
        lines += [*part(package), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _overview(package: Package) -> Iterator[str]:
    authors = [str(a.get("name") or f"{a.get('given-names', '')} {a.get('family-names', '')}") for a in package.citation.get("authors", [])]  # fmt: skip
    yield f"This file follows the [template README]({TEMPLATE}) of the social-science data editors."
    yield ""
    yield f"Authors: {', '.join(authors) or 'not named'}. Version {package.citation.get('version', 'not numbered')}."
    yield ""
    yield "## Overview"
    yield ""
    yield " ".join(str(package.citation.get("abstract", "")).split())
    yield ""
    shown = sum(len(p.shown) for p in package.programs)
    yield (
        f"The code in this package is written in Python. {len(package.programs)} notebooks read {len(package.resources)} tables and make "
        f"{shown} figures and tables and the ledger `reports/ledger.csv`. One command, `make reports`, makes all of them."
    )


# ---------------------------------------------------------------- data


def _availability(package: Package) -> Iterator[str]:
    yield "## Data availability and provenance statements"
    yield ""
    yield "All data are in `data/` of this package; none is confidential, needs a request, or costs anything."
    yield ""
    yield "### Statement about rights"
    yield ""
    yield "Where the right to redistribute comes from is stated source by source below, as the terms that the publisher gives."
    yield "Sources without stated terms are used for facts and figures only, which is said in their entry."
    yield ""
    yield "### Licence for data"
    yield ""
    yield "Selection and arrangement: CC BY 4.0. The figures stay under the terms of those who published them:"
    yield ""
    terms: dict[str, list[str]] = {}
    for name, resource in package.resources.items():
        for licence in resource["licenses"]:
            terms.setdefault(str(licence.get("title") or licence["name"]), []).append(name)
    for licence, names in sorted(terms.items()):
        yield f"- {licence}: {len(names)} {'table' if len(names) == 1 else 'tables'} ({', '.join(f'`{n}`' for n in names)})"
    yield ""
    yield "### Summary of availability"
    yield ""
    yield "- [x] All data **are** publicly available."
    yield "- [ ] Some data **cannot be made** publicly available."
    yield "- [ ] **No data can be made** publicly available."
    yield ""
    yield "### Details on each data source"
    yield ""
    for name, resource in package.resources.items():
        yield from _provenance(name, resource)


def _provenance(name: str, resource: Mapping[str, Any]) -> Iterator[str]:
    yield f"#### `{name}`: {_cell(str(resource['title']))}"
    yield ""
    yield "| publisher | original | copy read | published | accessed | terms |"
    yield "|---|---|---|---|---|---|"
    for source in resource["sources"]:
        cells = (source.get(k) for k in ("publisher", "path", "copy_read", "vintage", "accessed", "licence"))
        yield f"| {' | '.join(_cell(str(c or 'not stated')) for c in cells)} |"
    yield ""


def _datasets(package: Package) -> Iterator[str]:
    yield "## Dataset list"
    yield ""
    yield "| data file | table | format | bytes | provided | key of the sources |"
    yield "|---|---|---|---:|---|---|"
    for resource in package.resources.values():
        keys = sum(len(str(s.get("key", "")).split(";")) for s in resource["sources"])
        form = "CSV, gzip" if str(resource["path"]).endswith(".gz") else "CSV"
        words = "text" if keys == 1 else "texts"
        yield f"| `data/{resource['path']}` | {_cell(str(resource['title']))} | {form} | {resource['bytes']} | yes | {keys} {words} of `data/sources.csv` |"
    yield ""
    yield f"`data/README.md` holds the dictionary of every column of `{next(iter(package.resources), '')}` and the others; `data/datapackage.json` is the same for programs."


# ---------------------------------------------------------------- computing


def _computing(package: Package) -> Iterator[str]:
    yield "## Computational requirements"
    yield ""
    yield "### Software requirements"
    yield ""
    yield f"- Python {package.python} (the environment of the reports in this package); 3.11 or later is needed"
    for name in HEAVY:
        if name in package.versions:
            yield f"  - {name} {package.versions[name]}"
    rest = len(package.versions.keys() - set(HEAVY))
    yield f"  - {rest} further packages, each with version and digest in `requirements.lock`; `make setup` installs exactly these"
    machine = ", ".join(f"{k} {package.environment[k]}" for k in ("system", "machine", "c_library") if package.environment.get(k))  # fmt: skip
    yield f"- The reports in this package were made on: {machine or 'not recorded'}"
    yield ""
    yield "### Controlled randomness"
    yield ""
    seeds = [f"`{p.stem}` ({', '.join(f'{k} = {v}' for k, v in p.seeds.items())})" for p in package.programs if p.seeds]
    yield f"- [x] Random seeds are set: parameters of {', '.join(seeds) or 'no notebook'}; every other draw starts from a number in the cell that draws."
    yield "- Kernels run with `PYTHONHASHSEED=0`, in UTC, with one thread for linear algebra; `amazon-labor verify` builds twice and compares every byte."
    yield ""
    yield "### Memory, runtime and storage requirements"
    yield ""
    total = sum(package.sizes.values())
    yield f"- Storage: {total / 1e6:.0f} MB ({', '.join(f'{k} {v / 1e6:.1f} MB' for k, v in package.sizes.items())}), and the installed environment."
    yield "- Time and memory: not recorded in this package, because nothing a build writes depends on a clock. `make bench` measures both on the machine at hand and writes `benchmarks/RESULTS.md`."
    yield "- No cluster and no graphics processor is needed; an existing Dask cluster can be used (`docs/clusters.md`)."


def _programs(package: Package) -> Iterator[str]:
    yield "## Description of programs/code"
    yield ""
    yield "- `notebooks/`: one question each, in the order of the article; each loads its tables, computes, draws and judges its claims."
    yield "- `src/amazon_labor/`: the package they import: data (`catalog`), claims and their rule (`claims`, `claim_rule`), methods (`methods/`), charts, the runner and the pages."
    yield "- `tests/`: tests of all of it, results printed by others among them (`tests/published/`)."
    yield "- `Makefile`: `setup`, `reports`, `test`, `check`, `verify`."
    yield "- `docs/`: architecture, running, claims, reproducibility."
    yield ""
    yield "### Licence for code"
    yield ""
    yield f"The code is under the {(package.citation.get('license') or ['MIT'])[0]} licence, texts and figures under CC BY 4.0: see `LICENSE`."


def _instructions(_: Package) -> Iterator[str]:
    yield "## Instructions to replicators"
    yield ""
    yield "```"
    yield "make setup      # .venv from requirements.lock, with digests; the only step that uses the network"
    yield "make reports    # every notebook, page and the ledger"
    yield "git diff --no-index REPORTS_OF_THIS_PACKAGE/ledger.csv reports/ledger.csv   # no output: the same numbers"
    yield "make verify     # optional: twice in different surroundings, every byte compared"
    yield "make test       # optional: all tests, stored outputs of the notebooks among them"
    yield "```"
    yield ""
    yield "### Details"
    yield ""
    yield "- Keep a copy of `reports/` first: `amazon-labor verify --against COPY` then compares bytes, and numbers where another machine gives other last digits."
    yield "- One notebook: `amazon-labor build NAME`; with other parameters: `amazon-labor run NAME -p parameter value`; the named sets: `amazon-labor scenarios`."


def _outputs(package: Package) -> Iterator[str]:
    yield "## List of tables, figures and programs"
    yield ""
    yield "The code in this package reproduces all numbers of the ledger and all figures and tables of the reports."
    yield ""
    yield "| output | title | program | cell | output file |"
    yield "|---|---|---|---|---|"
    for p in package.programs:
        numbers = {"figure": 0, "table": 0}
        for cell, kind, title in p.shown:
            numbers[kind] += 1
            label = f"{kind.capitalize()} {p.number:02d}.{numbers[kind]}"
            yield f"| {label} | {_cell(title)} | `notebooks/{p.stem}.ipynb` | {cell} | `reports/{p.stem}.html` |"
    yield ""
    yield "| program | question | claims of `reports/ledger.csv` |"
    yield "|---|---|---|"
    for p in package.programs:
        claims = ", ".join(f"`{c}`" for c in p.claims) or "none: an extension"
        yield f"| `notebooks/{p.stem}.ipynb` | {_cell(p.question)} | {claims} |"


def _references(package: Package) -> Iterator[str]:
    yield "## References"
    yield ""
    yield f"The {len(package.sources)} texts and files that a figure was read from (`data/sources.csv`), by publisher:"
    yield ""
    for row in sorted(package.sources, key=lambda r: (r["publisher"].lower(), r["published_date"], r["key"])):
        title, address = _cell(row["title"]), row["url_of_the_original"]
        yield f"- {_cell(row['publisher'])}. {row['published_date'] or 'n.d.'}. {title}. {_cell(address)} (accessed {row['accessed']}; `{row['key']}`)"


def _cell(words: str) -> str:
    """Words of the metadata as text of a table: no cell ends in them, and no markup begins."""
    calm = " ".join(words.split()).replace("\\", "\\\\").replace("|", "\\|")
    return calm.replace("<", "&lt;").replace(">", "&gt;")
