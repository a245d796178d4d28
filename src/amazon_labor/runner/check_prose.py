"""No result in Markdown: a number typed into prose goes stale in silence, one made by a cell cannot."""

import csv
import re
from collections.abc import Iterator

from amazon_labor import paths

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NUMBER = re.compile(r"(?<![\w.,/$-])[+\u2212-]?\$?\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w/]|-[A-Za-z])")
YEAR = re.compile(r"(?:1[6-9]|20)\d\d\Z")
REFERENCES = re.compile(r"^#+ *(?:sources|references|further reading|literature)\b", re.IGNORECASE | re.MULTILINE)
SILENT = (
    re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE),  # code
    re.compile(r"(`+).+?\1", re.DOTALL),
    re.compile(r"\$\$.+?\$\$", re.DOTALL),  # maths
    re.compile(r"(?<![\\$])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\d)"),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"\]\([^)]*\)"),  # addresses
    re.compile(r"<https?://[^>]*>|https?://\S+"),
    re.compile(r"^\s*\d+[.)]\s", re.MULTILINE),  # numerals of lists
    re.compile(r"^#+ *(?:\d+(?:\.\d+)*\.? )", re.MULTILINE),  # numerals of headings
    re.compile(rf"\b\d{{1,2}}(?:\s+(?:to|and)\s+\d{{1,2}})?\s+(?:{MONTHS})\b|\b(?:{MONTHS})\s+\d{{1,2}}\b"),  # days
    re.compile(r"\b(?:19|20)?\d0s\b"),  # decades
    re.compile(r"\b(?:1[6-9]|20)\d\d[\u2013/-]\d{2}(?:\d\d)?\b"),  # spans of years
    re.compile(
        r"\b(?:Table|Figure|Exercise|Part|Section|Chapter|Notebook|Form|Title)\s+\d+(?:\([a-z0-9]+\))*", re.IGNORECASE
    ),
    re.compile(r"\bS&P\s+\d+|\bFortune\s+\d+|\bRussell\s+\d+|\bNASDAQ[ -]\d+"),
    re.compile(r"\b(?:50|66|68|80|90|95|99) percent (?:\w+ ){0,2}(?:interval|band|level|region)s?"),
    re.compile(r"\*[^*\n]+\*,?\s+\d+(?:\s*\(\d+\))?(?:[,:]\s*\d+(?:[\u2013-]\d+)?)?"),  # volume and pages of a journal
)


def faults(source: str, tags: tuple[str, ...]) -> list[str]:
    """Numbers of a Markdown cell that are no year, date, citation or number of the article's own.

    A cell tagged ``exercise`` sets a task and may say how many draws or which level; it states no result.
    """
    if "exercise" in tags or REFERENCES.match(source.lstrip()):
        return []
    allowed = article_numbers()
    found = [number for number, word in _numbers(source) if not {number, f"{number} {word}"} & allowed]
    return [
        f"the number {n} is typed into prose. Make the sentence with results.say, or write it as maths or code if it is a setting"
        for n in dict.fromkeys(found)
    ]


def _numbers(source: str) -> Iterator[tuple[str, str]]:
    """Numbers of a text that state something, each with the word after it."""
    text = source
    for pattern in SILENT:
        text = pattern.sub(" ", text)
    for match in NUMBER.finditer(text):
        number = match[0].lstrip("+\u2212-$")
        if not YEAR.match(number):
            after = re.match(r"[ -]*([A-Za-z%]+)", text[match.end() :])
            yield number, after[1] if after else ""


def article_numbers() -> set[str]:
    """Numbers as the article prints them, from `article_numbers.csv`.

    A single digit counts only with its unit: that the article prints 4 percent excuses no other 4.
    """
    try:
        with (paths.claims_dir() / "article_numbers.csv").open(encoding="utf-8", newline="") as stream:
            printed = [row["printed"] for row in csv.DictReader(stream)]
    except (OSError, KeyError, csv.Error):
        return set()
    found = [pair for text in printed for pair in _numbers(text)]
    distinct = {number for number, _ in found if len(number) > 1}
    return distinct | {f"{number} {word}" for number, word in found if word}
