"""In a real browser: what data, captions and outputs hold is read as words; nothing runs and no request leaves a page.

The report of a hostile notebook is looked at in `tests/reports/test_pages.py`; here are the other pages, the drawing of
what depends on what, the server, and the ways of leaving a page that are no script.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import samples
from visit import OPEN_ALL, Visit

from amazon_labor import charts, palette
from amazon_labor.publish import compare, page, prose, sanitise, svg
from amazon_labor.publish.render import render_report
from amazon_labor.runner import graph, serving
from amazon_labor.runner.layout import Layout

RUNS = samples.RUNS
AWAY = "https://example.org/away"
HANDLERS = (
    "[...document.querySelectorAll('*')].flatMap(n => [...n.attributes].map(a => `${a.name}=${a.value}`))"
    ".filter(a => /^on/i.test(a) || /=\\s*(?:javascript|vbscript|data:text.html)/i.test(a))"
)

LEAVING = {
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={AWAY}">',
    "base": f'<base href="{AWAY}">',
    "form": f'<form action="{AWAY}"><button formaction="javascript:{RUNS}">x</button></form>',
    "style import": f"<style>@import '{AWAY}';@font-face{{font-family:x;src:url({AWAY})}}</style>",
    "style attribute": f'<p style="background:url({AWAY});animation:x">kept words</p>',
    "link": f'<link rel="stylesheet" href="{AWAY}"><link rel="prefetch" href="{AWAY}">',
    "images": f'<img src="{AWAY}" srcset="{AWAY} 2x"><picture><source srcset="{AWAY}"></picture>',
    "media": f'<video poster="{AWAY}" src="{AWAY}" autoplay onplay="{RUNS}"></video><audio src="{AWAY}"></audio>',
    "objects": f'<object data="{AWAY}"></object><embed src="{AWAY}"><applet code="{AWAY}"></applet>',
    "frames": f'<iframe srcdoc="<script>parent.{RUNS}</script>"></iframe><frameset><frame src="{AWAY}"></frameset>',
    "portal": f'<portal src="{AWAY}"></portal><template><script>{RUNS}</script></template>',
    "svg": f'<svg><animate xlink:href="#a" attributeName="href" values="javascript:{RUNS}"/><a id="a"><text>x</text></a></svg>',
    "svg script": f'<svg><script href="{AWAY}"/><set onbegin="{RUNS}"/><use href="data:image/svg+xml,x#a"/></svg>',
    "math": f'<math><mtext><table><mglyph><style><img src=x onerror="{RUNS}"></style></mglyph></table></mtext></math>',
    "math link": f'<math href="javascript:{RUNS}"><maction actiontype="statusline#{AWAY}">x</maction></math>',
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={RUNS}>"></noscript>',
    "split tag": f"<scr<script>ipt>{RUNS}</scr</script>ipt>",
    "comment": f"<!--><img src=x onerror={RUNS}>-->",
    "cdata": f"<![CDATA[><img src=x onerror={RUNS}>]]>",
    "table in a title": f'<abbr title="<table><caption>a</caption><tr><td><meta http-equiv=refresh content=0;url={AWAY}><img src=x onerror={RUNS}></td></tr></table>">kept words</abbr>',
    "heading in a title": f'<abbr title="<h2><img src=x onerror={RUNS}></h2>">kept words</abbr>',
    "formula in a title": '<abbr title="&#xe000;I0&#xe001; &#57344I0&#57345; \ue000I0\ue001">kept words</abbr> $x$',
    "formula that is not there": "&#xE000;B99&#x0e001; kept words",
    "halves of a reference": "&#xe0\ue00000;I0&#xe0&#xe000;01; kept words",
    "links": f'<a href="java&#9;script:{RUNS}">a</a> <a href="JaVaScRiPt:{RUNS}">b</a> <a href="vbscript:x">c</a> <a href=" data:text/html,x">d</a>',
    "markdown links": f"[a](javascript:{RUNS}) [b](<java\nscript:{RUNS}>) ![c]({AWAY}) [d]: javascript:{RUNS} \n\n<javascript:{RUNS}>",
    "names": '<p id="content" name="theme" class="wrap">kept words</p><a id="theme">x</a>',
}


def look(visit: Visit) -> None:
    """Open every fold, then see that nothing ran and nothing left."""
    visit.page.evaluate(OPEN_ALL)
    visit.page.wait_for_timeout(120)
    assert visit.page.evaluate("window.hit") is None
    assert visit.page.evaluate(HANDLERS) == []
    assert [u for u in visit.elsewhere() if not u.startswith("http://127.0.0.1:")] == []
    assert visit.page.frames == [visit.page.main_frame]


def test_no_way_out_of_markdown_or_html(browser: Any, tmp_path: Path) -> None:
    cells = [samples.new_markdown_cell("# Title\n\n**A question?**")]
    for name, text in LEAVING.items():
        cells.append(samples.new_markdown_cell(f"## {name}\n\n{text}\n"))
        cells.append(samples.new_code_cell("x", outputs=[samples.shown(html=text), samples.shown(markdown=text)]))
        record = dict.fromkeys(("title", "subtitle", "source", "alt", "notes", "csv"), text)
        record |= {"id": name, "table": [text], "columns": [text], "rows": [[text]], "crop": [0, 0]}
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text x="1" y="1">{name}</text></svg>'
        cells.append(
            samples.new_code_cell("y", outputs=[samples.shown(figure=record | {"narrow": drawing}, svg=drawing)])
        )
    path = tmp_path / "hostile.html"
    path.write_text(render_report(samples.notebook(*cells), samples.context()), encoding="utf-8")
    with Visit(browser, path) as visit:
        look(visit)
        assert visit.page.url == path.as_uri()
        assert visit.said == []  # the policy had nothing to stop: the cleaning is enough without it
        assert visit.page.locator("script").count() == visit.page.locator("style").count() == 1
        assert visit.page.locator("meta[http-equiv]").count() == 1
        assert visit.page.locator("[id=content]").count() == 1


@pytest.mark.parametrize("text", LEAVING.values(), ids=LEAVING)
def test_cleaned_prose_holds_no_way_out(text: str) -> None:
    found = prose.markdown(text, prose.Page())
    for part in (
        "<meta",
        "<base",
        "<form",
        "<style",
        "<link",
        "<img",
        "<video",
        "<object",
        "<iframe",
        "<svg",
        "<script",
        " style=",
        '="javascript:',
        "\ue000",
        "\ue001",
    ):
        assert part not in found.replace("&lt;", ""), part


def test_titles_of_a_tag_cannot_break_out_of_it() -> None:
    """What follows the cleaning looks for tables and headings in its text, so none may stand in an attribute."""
    found = sanitise.clean('<abbr title="<table></table><h2></h2>">x</abbr>')
    assert found == '<abbr title="&lt;table&gt;&lt;/table&gt;&lt;h2&gt;&lt;/h2&gt;">x</abbr>'


SVGS = {
    "script": f"<script>{RUNS}</script>",
    "handlers": f'<g onclick="{RUNS}"><path d="M0 0" onmouseover="{RUNS}"/></g>',
    "foreign": f'<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="{AWAY}"/></foreignObject>',
    "image": f'<image href="{AWAY}" width="9" height="9"/>',
    "use": f'<use href="{AWAY}#a"/><use href="data:image/svg+xml,x#a"/>',
    "css": f'<style>@import "{AWAY}"; *{{fill:url({AWAY}#a)}}</style><path d="M0 0L9 9" style="fill:url({AWAY}#a);filter:url({AWAY}#b)"/>',
    "clip": f'<g clip-path="url({AWAY}#a)" mask="url({AWAY}#a)" filter="url({AWAY}#a)"><path d="M0 0"/></g>',
    "link": f'<a href="javascript:{RUNS}"><text x="1" y="2">x</text></a>',
    "animation": f'<path d="M0 0"><animate attributeName="href" values="javascript:{RUNS}" onbegin="{RUNS}"/><set attributeName="onclick" to="{RUNS}"/></path>',
    "attributes": f'<path d="M0 0&quot; onload=&quot;{RUNS}" transform="url({AWAY})" id="a&quot; onload=&quot;{RUNS}"/>',
    "text": f"<text x='1' y='2'>&lt;img src=x onerror={RUNS}&gt;</text>",
    "nested": f'<svg onload="{RUNS}"><script>{RUNS}</script></svg>',
}


@pytest.mark.parametrize("body", SVGS.values(), ids=SVGS)
def test_drawings_are_rebuilt_without_what_runs_or_loads(browser: Any, tmp_path: Path, body: str) -> None:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="{RUNS}">{body}<text x="1" y="8">kept</text></svg>'
    path = tmp_path / "drawing.html"
    path.write_text(f"<!doctype html><title>x</title>{svg.rebuild(text, 'p')}", encoding="utf-8")  # without our policy
    with Visit(browser, path) as visit:
        look(visit)
        assert "kept" in visit.page.locator("svg").inner_html()


def _compared(folder: Path) -> Path:
    """The page that compares the points of a sweep whose every word is hostile."""
    number = {
        "name": samples.HOSTILE,
        "unit": samples.HOSTILE,
        "low": None,
        "high": None,
        "level": None,
        "note": samples.HOSTILE,
    }
    claim = samples.claim_record(samples.HOSTILE, "holds", statement=samples.HOSTILE)
    words = (samples.HOSTILE, "$\\frac{a$ costs $5", "]]></style><script>window.hit=1</script>", "\x07\ud7ff")
    points = [
        compare.Point(
            {"state": w},
            "../../index.html",
            None,
            (number | {"value": k, "digits": 1, "printed": samples.HOSTILE},),
            (claim,),
        )
        for k, w in enumerate(words, 1)
    ]
    points.append(compare.Point({"state": samples.HOSTILE}, "", samples.HOSTILE, (), ()))
    text, _ = compare.render(compare.Sweep("states", 15, samples.HOSTILE, ("state",)), points)
    path = folder / "sweeps" / "states" / "index.html"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_page_that_compares_runs_nothing(browser: Any, tmp_path: Path) -> None:
    with Visit(browser, _compared(tmp_path)) as visit:
        look(visit)
        assert visit.said == []
        assert visit.page.locator("script").count() == visit.page.locator("style").count() == 1
        assert visit.page.locator("figure").count() > 0


def test_dollar_signs_in_a_label_are_words() -> None:
    figure = charts.Figure("a", "From $5 to $6 \\frac{", "S $x$", "source $y$", "alt", pd.DataFrame({"a": [1]}), "t")
    ax = figure.axes()
    charts.dots(ax, [("$\\frac{a$", 1.0, None, None), ("$x$", 2.0, None, None)])
    ax.set_xlabel("between $5 and $6")
    drawing = figure.bundle()["image/svg+xml"]
    assert "between $5 and $6" in drawing


def _graph(folder: Path) -> Path:
    """The drawing made from a ledger that somebody rewrote, and names that hold markup."""
    bad = f'"/><script>{RUNS}</script><circle onload="{RUNS}'
    where = Layout(folder)
    where.ledger.write_text('claim_id,verdict\nc,"' + bad.replace('"', '""') + '"\nd,fails\n', encoding="utf-8")
    verdicts = graph._verdicts(where)
    assert verdicts == {"d": "fails"}
    drawn = graph.svg(graph.Graph((bad,), ("n",), (bad, "d"), ((bad, "n"),), (("n", bad), ("n", "d")), verdicts))
    path = folder / "graph.svg"
    path.write_text(drawn, encoding="utf-8")
    return path


def test_the_graph_holds_words_only(browser: Any, tmp_path: Path) -> None:
    with Visit(browser, _graph(tmp_path)) as visit:
        visit.page.wait_for_timeout(100)
        assert visit.page.evaluate("window.hit") is None
        assert visit.page.evaluate("document.getElementsByTagName('script').length") == 0
        assert visit.page.evaluate(HANDLERS) == []
        assert visit.elsewhere() == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    server = serving.server(tmp_path, 0, serving.Version())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_served_page_sends_nothing_away(browser: Any, served: tuple[Path, str]) -> None:
    folder, address = served
    _compared(folder)
    context = browser.new_context()
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(f"{address}/sweeps/states/")
    opened.wait_for_timeout(700)
    assert [u for u in asked if not u.startswith((address, "data:"))] == []
    assert opened.evaluate("window.hit") is None
    assert opened.evaluate(f"fetch('{AWAY}').then(() => 'left', () => 'stopped')") == "stopped"
    context.close()


def test_a_foreign_file_among_the_reports_cannot_send_anything_away(browser: Any, served: tuple[Path, str]) -> None:
    """Somebody put a page and a drawing of his own into the folder: the server's policy holds for them too."""
    folder, address = served
    body = f'<img src="{AWAY}"><iframe src="{AWAY}"></iframe><script>fetch("{AWAY}").catch(() => 0); window.ran = 1</script>'
    (folder / "own.html").write_text(f"<!doctype html><title>x</title><body>{body}</body>")
    (folder / "own.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"><script>window.ran=1</script><image href="{AWAY}"/></svg>'
    )
    context = browser.new_context()
    opened = context.new_page()
    finished: list[str] = []
    opened.on("response", lambda response: finished.append(response.url))
    opened.on("requestfailed", lambda request: finished.append(request.failure or ""))
    opened.goto(f"{address}/own.html")
    opened.wait_for_timeout(200)
    assert [f for f in finished if "example.org" in f or "ERR_NAME" in f or "ERR_INTERNET" in f] == []
    opened.goto(f"{address}/own.svg")
    opened.wait_for_timeout(100)
    assert opened.evaluate("window.ran") is None
    context.close()


def test_every_address_in_a_page_of_ours_is_written_by_the_shell() -> None:
    """Style and script of the pages name no address and no function that could load one."""
    shell = page.shell()
    for text in (str(shell["style"]), str(shell["script"]), palette.css()):
        assert "://" not in text.replace("http://www.w3.org/", "")
        for call in ("fetch(", "XMLHttpRequest", "sendBeacon", "WebSocket", "@import", "eval(", "innerHTML"):
            assert call not in text
