"""One refresh from beginning to end: plan, ask, check, assemble, compare, store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from amazon_labor import catalog, catalog_admin, catalog_corrections, catalog_schema
from amazon_labor.refresh import (
    assemble,
    bls,
    checks,
    edgar,
    fred,
    identities,
    manual,
    recipe,
    report,
    revisions,
    rows,
    settings,
    store,
)
from amazon_labor.refresh.errors import ContentError, RefreshError
from amazon_labor.refresh.fetch import Client, Request, Response
from amazon_labor.refresh.recipe import Recipe
from amazon_labor.refresh.revisions import Revision
from amazon_labor.refresh.series import Series

PUBLISHERS = {
    "fred": "Federal Reserve Bank of St. Louis (FRED)",
    "bls": "Bureau of Labor Statistics",
    "sec": "Securities and Exchange Commission (EDGAR)",
    "manual": "downloaded by hand",
}
OK, FAILED = 0, 1


@dataclass(frozen=True)
class Options:
    """How to refresh. `gaps` are periods accepted as never published; `keep_going` stores what could be refreshed."""

    date: str
    dry_run: bool = False
    keep_going: bool = False
    gaps: tuple[str, ...] = ()
    write: Callable[[str], None] = print
    client: Callable[[], Client] = Client


@dataclass
class Outcome:
    """What came of a refresh, table by table."""

    made: list[store.Made] = field(default_factory=list)
    revisions: dict[str, list[Revision]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def refresh(tables: Sequence[str], options: Options) -> int:
    """Fetch tables (all a program can fetch, and those put in place by hand, if none is named) into a new vintage.

    Returns
    -------
    int
        0, or 1 if a table could not be refreshed. Without `keep_going` nothing is stored then.

    Raises
    ------
    RefreshError
        Before anything is fetched: a table, the date, a key or a contact is not usable.
    """
    chosen = list(dict.fromkeys(tables)) or [*recipe.refreshable(), *filter(manual.is_there, recipe.by_hand())]
    recipes = [recipe.read(name) for name in chosen]
    found = settings.from_environment()
    store.check_name(options.date)
    if options.dry_run:
        return _dry_run(recipes, found, options)
    plans = {one.table: _requests(one, found, options) for one in recipes}
    bls.check_budget({r.key: r for plan in plans.values() for r in plan}.values(), found)
    outcome = _carry_out(recipes, plans, options)
    for table, reason in outcome.failed.items():
        options.write(f"{table}: NOT refreshed: {reason}")
    if not outcome.made or (outcome.failed and not options.keep_going):
        options.write("No vintage was made; the tables in use are as they were." + _hint(outcome, options))
        return FAILED
    _store(outcome, options)
    return FAILED if outcome.failed else OK


def _hint(outcome: Outcome, options: Options) -> str:
    return " (Store the others all the same: --keep-going)" if outcome.made and not options.keep_going else ""


def _requests(one: Recipe, found: settings.Settings, options: Options) -> list[Request]:
    if one.kind == "fred":
        return fred.requests(one.series, found)
    if one.kind == "bls":
        return bls.requests(one.series, found, (_first_year(one), int(options.date[:4])))
    return edgar.requests(one.series, found) if one.kind == "sec" else []


def _first_year(one: Recipe) -> int:
    """Year of the first value the table has of these series: earlier ones are not asked for."""
    base = rows.read(catalog.describe(one.table))
    years = [
        int(period[:4])
        for wanted in one.series
        for period in assemble.base_values(one, wanted, base)
        if period[:4].isdigit()
    ]
    return min(years, default=2000)


def _dry_run(recipes: Sequence[Recipe], found: settings.Settings, options: Options) -> int:
    """Say which requests a refresh would make; a table that could not be asked for says why."""
    seen: dict[str, Request] = {}
    status = OK
    for one in recipes:
        if one.kind == "manual":
            options.write(manual.instructions(catalog.describe(one.table)))
            continue
        try:
            plan = _requests(one, found, options)
        except RefreshError as error:
            options.write(f"{one.table}: cannot be asked for: {error}")
            status = FAILED
            continue
        options.write(f"{one.table}: {len(plan)} request{'s' if len(plan) != 1 else ''}, {len(one.series)} series")
        for request in plan:
            options.write(f"  {request.shown}" + ("  (asked once for several tables)" if request.key in seen else ""))
            seen[request.key] = request
    options.write(f"In all {len(seen)} requests; nothing was sent.")
    bls.check_budget(seen.values(), found)
    return status


def _carry_out(recipes: Sequence[Recipe], plans: dict[str, list[Request]], options: Options) -> Outcome:
    from amazon_labor.runner.progress import Progress

    outcome, answers = Outcome(), dict[str, Response]()
    bar = Progress(len(recipes), options.write)
    try:
        with options.client() as client:
            for one in recipes:
                bar.begun(one.table)
                try:
                    made, changed = _one(one, plans[one.table], client, answers, options)
                    outcome.made.append(made)
                    outcome.revisions[one.table] = changed
                    bar.line(f"{one.table}: {report.summary(changed)}")
                except (RefreshError, catalog.DataError) as error:
                    outcome.failed[one.table] = str(error)
                bar.ended(one.table)
    finally:
        bar.close()
    return outcome


def _one(
    one: Recipe, plan: Sequence[Request], client: Client, answers: dict[str, Response], options: Options
) -> tuple[store.Made, list[Revision]]:
    resource = catalog.describe(one.table)
    base = rows.read(resource)
    labels = assemble.Labels(options.date, _source_key(one, options))
    for request in plan:
        if request.key not in answers:
            answers[request.key] = client.send(request)
    responses = [answers[request.key] for request in plan]
    if one.kind == "manual":
        after, remarks = manual.read(resource), list[str]()
        touched = after
    else:
        series, remarks = _checked(one, responses, base, options)
        after, touched = assemble.table(one, resource, base, series, labels)
    made = _finished(one, resource, after, touched, labels, remarks, options)
    changed = revisions.of(
        resource, base, rows.parse(made.content), new_vintage=options.date if one.new_vintage else ""
    )
    return store.Made(made.resource, made.content, made.remarks, tuple(responses)), changed


def _checked(
    one: Recipe, responses: Sequence[Response], base: Sequence[rows.Row], options: Options
) -> tuple[list[Series], list[str]]:
    """Series of the recipe, each held against the vintage in use; what was found missing, in words."""
    gaps = (*one.gaps, *options.gaps)
    result, remarks = [], []
    for wanted, raw in zip(one.series, _series(one, responses), strict=True):
        series = assemble.reduced(wanted, raw, gaps)
        old, new = assemble.base_values(one, wanted, base), assemble.new_values(wanted, series)
        if one.append:
            old = {period: value for period, value in old.items() if period in new}
        if wanted.reduce == "month_end":  # the last row is of a month that has gone on since
            old = {period: value for period, value in old.items() if period in new}
        checks.check(wanted, series, old, new, window=one.window or one.append, gaps=gaps)
        missing = checks.known_gaps(wanted, old, new)
        if missing:
            remarks.append(f"{wanted.identifier} has no value for {', '.join(p[:7] for p in missing)}")
        result.append(series)
    return result, remarks


def _series(one: Recipe, responses: Sequence[Response]) -> list[Series]:
    if one.kind == "sec":
        facts = {response.request.label: edgar.read(response) for response in responses}
        return [edgar.select(facts[f"CIK{wanted.identifier}"], wanted) for wanted in one.series]
    reader = fred.read if one.kind == "fred" else bls.read
    found = bls.merged(series for response in responses for series in reader(response))
    return [found[wanted.identifier] for wanted in one.series]


def _finished(
    one: Recipe,
    resource: dict[str, Any],
    after: list[rows.Row],
    touched: list[rows.Row],
    labels: assemble.Labels,
    remarks: list[str],
    options: Options,
) -> store.Made:
    """Correct, check against schema and identities, and describe a table.

    Raises
    ------
    ContentError
        If a correction no longer fits, a cell is not as the schema says, or a sum does not add.
    """
    applied, tripped = catalog_corrections.apply(resource, touched)
    if tripped:
        raise ContentError(
            "the register of corrections no longer fits:\n" + "\n".join(f"  - {line}" for line in tripped)
        )
    described = _described(one, resource, labels, options)
    content = rows.text_of(described, rows.ordered(described, after))
    faults = catalog_schema.faults(described, content)
    if not faults:
        frame = catalog.typed(one.table, described, content)
        newest = frame[frame["vintage"] == labels.vintage] if one.new_vintage else frame
        faults = identities.faults(one.table, newest)
    if faults:
        raise ContentError("the new table is not right:\n" + "\n".join(f"  - {fault}" for fault in faults))
    final = store.remade(
        resource, content, **{k: described[k] for k in ("schema", "sources", "canonical_vintage", "refresh")}
    )
    last = (
        max((assemble.period_of(one, row) for row in touched), default="") if one.kind != "manual" else labels.vintage
    )
    final["refresh"] = final["refresh"] | {"last_period": last or final["refresh"]["last_period"]}
    return store.Made(final, content, (*remarks, *applied))


def _described(one: Recipe, resource: dict[str, Any], labels: assemble.Labels, options: Options) -> dict[str, Any]:
    """Descriptor of the new vintage: its own name among the vintages allowed, its source first."""
    fields = [_with_label(field, labels.vintage) for field in resource["schema"]["fields"]]
    canonical = resource.get("canonical_vintage")
    if one.new_vintage and isinstance(canonical, list):
        canonical = [*(label for label in canonical if label not in one.supersedes), labels.vintage]
    elif one.new_vintage and canonical:
        canonical = labels.vintage
    source = {
        "title": f"{resource['title']}, as read on {options.date[:10]}",
        "path": one.address.replace("<identifier>", "") or "sources.csv",
        "publisher": PUBLISHERS[one.kind],
        "copy_read": "the source itself",
        "vintage": options.date[:10],
        "accessed": options.date[:10],
        "licence": resource["sources"][0]["licence"] if resource["sources"] else "see the source",
        "key": labels.source,
    }
    again = resource["refresh"] | ({"gaps_accepted": list(options.gaps)} if options.gaps else {})
    schema = {**resource["schema"], "fields": fields}
    return {
        **resource,
        "schema": schema,
        "sources": [source, *resource["sources"]],
        "canonical_vintage": canonical,
        "refresh": again,
    }


def _with_label(column: dict[str, Any], vintage: str) -> dict[str, Any]:
    allowed = column.get("constraints", {}).get("enum")
    if column["name"] != "vintage" or not allowed or vintage in allowed:
        return column
    return {**column, "constraints": {**column["constraints"], "enum": sorted([*allowed, vintage])}}


def _source_key(one: Recipe, options: Options) -> str:
    return f"{one.kind}_{options.date.replace('-', '_').replace('.', '_')}"


def _store(outcome: Outcome, options: Options) -> None:
    sources = catalog_admin.read_sources()
    for made in outcome.made:
        entry = made.resource["sources"][0]
        if entry["key"] not in {row["key"] for row in sources}:
            sources.append(
                {
                    "key": entry["key"],
                    "topic": "refresh",
                    "publisher": entry["publisher"],
                    "title": entry["publisher"],
                    "published_date": entry["vintage"],
                    "url_of_the_original": entry["path"],
                    "where_read": "the source itself",
                    "licence_or_terms": entry["licence"],
                    "accessed": entry["accessed"],
                }
            )
    text = report.markdown(options.date, outcome.made, outcome.revisions, outcome.failed)
    store.write(options.date, outcome.made, sources, text)
    options.write(
        f"Wrote data/vintages/{options.date}: {len(outcome.made)} tables, with report.md. "
        f"Build with it: amazon-labor build --vintage {options.date}"
    )
