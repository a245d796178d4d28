"""What there is to break: the modules, the small changes of each (mutmut's), and a drawn sample of them."""

import itertools
import random
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "amazon_labor"
CONTRACTS = "test_contracts.py::test_contract"
CLAIM_TESTS = ("test_claim_words", "test_claims", "test_claim_records")
OTHER_TESTS = {"affiliation_families": "affiliation", "explosive_critical": "explosive"}


@dataclass(frozen=True)
class Change:
    """One change of one module: its name, the lines taken out and put in, and where the changed function stands.

    `first` and `last` are the lines of the function in the unchanged file, from 1, inclusive.
    """

    module: str
    name: str
    diff: tuple[str, ...]
    first: int
    last: int
    source: str = field(repr=False)


def modules() -> dict[str, list[str]]:
    """Path of each module to break, from the root, and what pytest runs to notice."""
    found = {}
    for path in sorted((SOURCES / "methods").glob("*.py")):
        test = f"tests/methods/test_{OTHER_TESTS.get(path.stem, path.stem)}.py"
        if (ROOT / test).exists():
            found[f"src/amazon_labor/methods/{path.name}"] = [test, f"tests/methods/{CONTRACTS}[{path.stem}]"]
    for path in sorted(SOURCES.glob("claim*.py")):
        tests = (
            ["tests/test_claim_rule.py"] if path.stem == "claim_rule" else [f"tests/{name}.py" for name in CLAIM_TESTS]
        )
        found[f"src/amazon_labor/{path.name}"] = tests
    for path in sorted(SOURCES.glob("parameter*.py")):
        found[f"src/amazon_labor/{path.name}"] = ["tests/test_parameters.py"]
    return found


def changes_of(module: str) -> list[Change]:
    """Every change that mutmut makes inside the functions of a module, in the order of the file."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider
    from mutmut.mutation.file_mutation import create_mutations

    text = (ROOT / module).read_text(encoding="utf-8")
    tree, mutations, _, _ = create_mutations(module, text)
    places = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(WhitespaceInclusivePositionProvider)
    starts = [0, *itertools.accumulate(len(line) for line in text.splitlines(keepends=True))]
    found: list[Change] = []
    for number, mutation in enumerate(mutations):
        function, before, after = (
            mutation.contained_by_top_level_function,
            mutation.original_node,
            mutation.mutated_node,
        )
        if not isinstance(function, cst.FunctionDef):
            continue
        place = places[before]
        start, end = (starts[at.line - 1] + at.column for at in (place.start, place.end))
        if text[start:end] == tree.code_for_node(before) and not isinstance(before, cst.Match):
            changed = text[:start] + tree.code_for_node(after) + text[end:]
        else:  # slow: copies the tree
            changed = tree.deep_replace(before, after).code
        lines = places[function]
        name = f"{Path(module).stem}.{function.name.value}.{number}"
        found.append(Change(module, name, _diff(text, changed), lines.start.line, lines.end.line, changed))
    return found


def _diff(before: str, after: str) -> tuple[str, ...]:
    """Lines that differ, marked - and +; the two texts are alike but for one place."""
    old, new = before.splitlines(), after.splitlines()
    head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    tail = next(i for i in range(len(old)) if i >= min(len(old), len(new)) - head or old[-1 - i] != new[-1 - i])
    return tuple(
        [f"-{line}" for line in old[head : len(old) - tail]] + [f"+{line}" for line in new[head : len(new) - tail]]
    )


def drawn(changes: dict[str, list[Change]], size: int, seed: int) -> dict[str, list[Change]]:
    """Draw `size` changes, from each module in proportion to its number of changes (largest remainders)."""
    total = sum(map(len, changes.values()))
    size = min(size, total)
    shares = {module: size * len(those) / total for module, those in changes.items()}
    numbers = {module: int(share) for module, share in shares.items()}
    for module in sorted(shares, key=lambda m: (numbers[m] - shares[m], m))[: size - sum(numbers.values())]:
        numbers[module] += 1
    return {m: _some(those, numbers[m], f"{seed} {m}") for m, those in changes.items() if numbers[m]}


def each(changes: dict[str, list[Change]], number: int, seed: int) -> dict[str, list[Change]]:
    """Draw `number` changes from each module, all where it has no more."""
    return {module: _some(those, number, f"{seed} {module}") for module, those in changes.items() if those}


def _some(those: list[Change], number: int, seed: str) -> list[Change]:
    chosen = sorted(random.Random(seed).sample(range(len(those)), min(number, len(those))))
    return [those[i] for i in chosen]
