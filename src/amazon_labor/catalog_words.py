"""What a descriptor of the data package says in words. Without pandas: pages that show it are drawn in builds that read no table."""

import re
from typing import Any

DATED = re.compile(r"\d{4}(-\d{2}){0,2}\Z")


def vintage_of(resource: dict[str, Any]) -> str:
    """Canonical vintage of a table, or the span of the dates on which its sources were published."""
    canonical = resource.get("canonical_vintage")
    if canonical:
        return canonical if isinstance(canonical, str) else ", ".join(map(str, canonical))
    stated = (date for entry in resource.get("sources", []) for date in str(entry.get("vintage") or "").split(" to "))
    dates = sorted({date for date in stated if DATED.match(date)})
    if not dates:
        return "undated"
    return dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"


def publishers_of(resource: dict[str, Any]) -> tuple[str, ...]:
    """Publishers of a table, each once, in the order the descriptor gives them: the one of most rows first."""
    return tuple(dict.fromkeys(entry.get("publisher") or entry["title"] for entry in resource.get("sources", [])))
