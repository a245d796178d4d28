"""A page in a browser, and what is measured on it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

REPORTS = Path(__file__).resolve().parents[2] / "reports"
RUNS = 3  # runs with other parameters that are looked at: a sweep can leave hundreds, all from one template
PAPER = {"width": 673, "height": 986}  # pixels of an A4 page inside the margins of the style sheet
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


class Visit:
    """A page in a browser, with what it asked for and what it said."""

    def __init__(
        self, browser: Any, path: Path, width: int = 1280, scheme: str = "light", anchor: str = "", **more: Any
    ) -> None:
        options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "reduced_motion": "reduce"}
        self.context = browser.new_context(**(options | more))
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri() + anchor)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def mode(self, width: int, scheme: str) -> None:
        """Change width and colours of a page that is open: no second loading."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def elsewhere(self) -> list[str]:
        return [url for url in self.asked[1:] if not url.startswith("data:")]


FIGURE_WORDS = """() => [...document.querySelectorAll('.plot')].filter(p => p.offsetParent).map(plot => {
  const frame = plot.getBoundingClientRect();
  return { figure: plot.closest('figure').id, texts: [...plot.querySelectorAll('text')].map(t => {
    const box = t.getBoundingClientRect(), scale = t.ownerSVGElement.getScreenCTM().a;
    return { text: t.textContent, size: parseFloat(getComputedStyle(t).fontSize) * scale, left: box.left - frame.left,
             right: frame.right - box.right, top: box.top, bottom: box.bottom, x0: box.left, x1: box.right, above: box.top - frame.top, below: frame.bottom - box.bottom };
  }) };
})"""


def built_pages() -> list[str]:
    """Pages in reports/, those in folders too."""
    found = sorted(p.relative_to(REPORTS).as_posix() for p in REPORTS.rglob("*.html"))
    found = [name for name in found if not any(part.startswith(".") for part in Path(name).parts)]
    runs = [name for name in found if name.startswith("runs/")]
    return [name for name in found if name not in runs[RUNS:]]


# rows, cells of code and claims that repeat their neighbours' markup; samples keep theirs
REPEATED = (
    ".data tbody tr:nth-child(n+4), .code .cell:nth-of-type(n+3), .cell pre > :nth-child(n+9), .row:nth-child(n+5)"
)


def violations(visit: Visit, *, thinned: bool = False) -> list[tuple[str, str, str | None]]:
    """What axe finds with all folds open: rule, first element, summary.

    Its work grows with the elements of a page. With `thinned`, what repeats its neighbours' markup is taken out first, and
    the words inside drawings are left to the tests of the palette: a drawing is one image to a reader of its text.
    """
    from axe_playwright_python.sync_playwright import Axe

    visit.page.evaluate(OPEN_ALL)
    if thinned:
        visit.page.evaluate(f"document.querySelectorAll('{REPEATED}, .plot svg').forEach(n => n.remove())")
    if not visit.page.evaluate("'axe' in window"):  # half a megabyte: once a page is enough
        visit.page.evaluate(Axe().axe_script)
    found = visit.page.evaluate("axe.run({ resultTypes: ['violations'] }).then(r => r.violations)")
    return [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary")) for v in found]


def faults_of_paper(visit: Visit) -> Iterator[tuple[str, str]]:
    """Figures that a page break would cut, or that are wider than the paper; the page stays as on paper."""
    visit.page.set_viewport_size(PAPER)
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for name, tall, wide, inside in visit.page.evaluate(PRINTED):
        if tall > PAPER["height"]:
            yield name, f"is {tall:.0f} pixels high, a page {PAPER['height']}"
        if wide > PAPER["width"] + 1:
            yield name, f"is {wide:.0f} pixels wide, a page {PAPER['width']}"
        if inside != "avoid":
            yield name, f"may be broken: break-inside is {inside}"


PRINTED = """() => [...document.querySelectorAll('figure')].filter(f => f.offsetParent).map(f => [
  f.id, f.getBoundingClientRect().height, Math.max(...[f, ...f.querySelectorAll('.plot')].map(n => n.getBoundingClientRect().right)), getComputedStyle(f).breakInside])"""


def dead_links(visit: Visit) -> list[str]:
    """Links to files that are not there, or to anchors that they do not have."""
    dead = []
    for href in visit.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)"):
        address = urlparse(href)
        if address.scheme == "file":
            file = Path(unquote(address.path))
            if not file.is_file() or (address.fragment and address.fragment not in _anchors(file)):
                dead.append(href)
    return dead


@lru_cache(maxsize=64)
def _anchors(file: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]+)"', file.read_text(encoding="utf-8")))


def faults_of_words(drawings: list[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    """Words in drawings that are under 10 pixels, stick out, or cover one another."""
    faults: list[tuple[str, str, Any]] = []
    for drawing in drawings:
        for text in drawing["texts"]:
            if text["size"] < 9.95:
                faults.append((drawing["figure"], "small", text["text"]))
            if min(text["left"], text["right"], text["above"], text["below"]) < -2:
                faults.append((drawing["figure"], "outside", text["text"]))
        faults += [(drawing["figure"], "overlap", pair) for pair in _overlaps(drawing["texts"])]
    return faults


def _overlaps(texts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of words that cover one another by more than a third of their height and a pixel of width."""
    pairs = [(a, b) for k, a in enumerate(texts) for b in texts[k + 1 :]]

    def shared(a: dict[str, Any], b: dict[str, Any]) -> bool:
        wide = min(a["x1"], b["x1"]) - max(a["x0"], b["x0"])
        tall = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
        return wide > 1 and tall > min(a["bottom"] - a["top"], b["bottom"] - b["top"]) / 3

    return [(a["text"], b["text"]) for a, b in pairs if shared(a, b)]
