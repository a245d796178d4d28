"""Terms: which words open an explanation, where none is opened, and what a glossary must say."""

import json
import re
from pathlib import Path

import pytest

from amazon_labor import paths
from amazon_labor.publish import glossary, page, prose

ENTRY = """
[[term]]
term = "union density"
forms = ["union density", "density", "densities"]
short = "Members over <workers>."
see = ["S&P index"]
source = "a handbook"

[[term]]
term = "S&P index"
forms = ["S&P index"]
short = "An index."
source = "a publisher"
"""


@pytest.fixture
def terms(tmp_path: Path) -> tuple[glossary.Term, ...]:
    file = tmp_path / "glossary.toml"
    file.write_text(ENTRY, encoding="utf-8")
    return glossary.load(file)


def opened(html: str) -> list[str]:
    """Words that open a window."""
    return re.findall(r'<button type="button" class="term"[^>]*>([^<]*)</button>', html)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>Density fell, and density rose.</p>", ["Density"]),
        ("<p>the Union\nDensity of 1980</p>", ["Union\nDensity"]),
        ("<p>two densities</p>", ["densities"]),
        ("<p>intensity, density-dependent, non-density, densityless</p>", []),
        ('<p><a href="x.html">densities</a> and <em>density</em></p>', ["density"]),
        ("<h2>Density</h2><p>none</p>", []),
        ("<p><code>density</code> <kbd>density</kbd></p><pre>density</pre>", []),
        ("<table><caption>union density</caption><tr><th>densities</th><td>density</td></tr></table>", ["density"]),
        ('<p title="a > density">none</p><details><summary>density</summary></details>', []),
        ('<p><abbr title="<a>densities</a>">x</abbr> density</p>', ["density"]),
        ("<p>the S&amp;P index</p>", ["S&amp;P index"]),
        ("<p>&density; a/density density/b</p>", []),
        ("<p>x<br>density</p>", ["density"]),
        ("<p></a>density</p>", ["density"]),
    ],
)
def test_only_whole_words_of_running_text_open(terms, body: str, words: list[str]) -> None:
    assert opened(glossary.Marker(terms).mark(body)) == words


def test_a_term_opens_once_on_a_page(terms) -> None:
    marker = glossary.Marker(terms)
    assert opened(marker.mark("<p>density</p>")) == ["density"]
    assert marker.mark("<p>union density, densities</p>") == "<p>union density, densities</p>"
    assert marker.done == {"union-density"}


def test_the_words_of_the_prose_stay_as_they_are(terms) -> None:
    body = '<p>A <em>density</em> &amp; "more".</p>'
    marked = glossary.Marker(terms).mark(body)
    assert re.sub(r'<button[^>]*>|</button>|<span class="gloss".*?</a></span>', "", marked) == body


def test_a_window_is_escaped_and_leads_to_the_glossary(terms) -> None:
    marked = glossary.Marker(terms, "../../").mark("<p>density</p>")
    assert "Members over &lt;workers&gt;." in marked
    assert 'popovertarget="term-union-density"' in marked
    assert 'id="term-union-density" popover>' in marked
    assert 'href="../../glossary.html#union-density"' in marked


def test_prose_marks_after_cleaning_and_never_in_formulas(monkeypatch, terms) -> None:
    monkeypatch.setattr(glossary, "load", lambda: terms)
    shared = prose.Page(base="../")
    html = prose.markdown("## Density\n\n$density$ and `density`, [density](08_turnover.ipynb)\n\nThe density.", shared)
    assert opened(html) == ["density"]
    assert html.index("<button") > html.index("<p>The ")
    assert opened(prose.markdown("Density again", shared)) == []
    typed = prose.markdown('<button popovertarget="x" popover>typed</button>', prose.Page())
    assert "<button" not in typed


def test_a_collection_without_a_glossary_has_no_terms(tmp_path: Path) -> None:
    assert glossary.load(tmp_path / "none.toml") == ()
    assert glossary.Marker(()).mark("<p>density</p>") == "<p>density</p>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[term]", "is not TOML"),
        ("term = 3", "write each term as a table of its own"),
        ('[[term]]\nterm = "a"\nforms = ["a"]\nsource = "s"', "`term`, `short` and `source` must be texts"),
        ('[[term]]\nterm = "a"\nforms = []\nshort = "x"\nsource = "s"', "`forms` must name at least one word"),
        ('[[term]]\nterm = "a"\nforms = "a"\nshort = "x"\nsource = "s"', "`forms` must be a list of texts, not 'a'"),
        ('[[term]]\nterm = "a"\nforms = ["a"]\nshort = "x"\nsource = "s"\nfrom = 1', "'from' is no field. Allowed: forms, more"),
        (ENTRY + '[[term]]\nterm = "z"\nforms = ["Density"]\nshort = "x"\nsource = "s"', "the form 'Density' opens both 'union density' and 'z'"),
        (ENTRY + '[[term]]\nterm = "Union-density"\nforms = ["u"]\nshort = "x"\nsource = "s"', "are the same headword"),
        (ENTRY.replace('"S&P index"]\nsource', '"nothing"]\nsource'), "`see` names 'nothing', which is no headword"),
    ],
)  # fmt: skip
def test_a_faulty_glossary_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "glossary.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(glossary.GlossaryError, match=re.escape(message)):
        glossary.load(file)


def test_the_page_lists_every_term_with_its_uses(terms) -> None:
    html = glossary.render_glossary(terms, {"union-density": [glossary.Use(11, "A <b>title</b>", "11_x.html")]})
    assert "2 terms, each in a sentence or two" in html
    assert html.index('id="s-p-index"') < html.index('id="union-density"')
    assert '<a href="11_x.html#use-union-density">11 A &lt;b&gt;title&lt;/b&gt;</a>' in html
    assert 'See also <a href="#s-p-index">S&amp;P index</a>' in html
    assert glossary.uses(glossary.Marker(terms).mark("<p>density</p>")) == {"union-density"}


# ---------------------------------------------------------------- the glossary of the collection


def test_the_glossary_is_sound_and_short_enough_to_read_in_place() -> None:
    terms = glossary.load()
    assert len(terms) >= 60
    assert [t.term for t in terms if len(t.short) > 200] == []
    assert [t.term for t in terms if not t.short.endswith(".") or t.source.endswith(".")] == []


def test_nearly_every_term_is_used_in_a_notebook() -> None:
    used: set[str] = set()
    for path in paths.notebooks_dir().glob("*.ipynb"):
        shared = prose.Page()
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            texts = [cell["source"]] if cell["cell_type"] == "markdown" else []
            texts += [
                o["data"]["text/markdown"] for o in cell.get("outputs", []) if "text/markdown" in o.get("data", {})
            ]
            for text in texts:
                prose.markdown("".join(text), shared)
        assert len(shared.terms.done) >= 2, path.name
        used |= shared.terms.done
    # words of the law that the text goes around, kept because the others lead to them
    assert {t.id for t in glossary.load()} - used <= {"card-check", "representation-election"}


def test_the_style_sheet_has_a_way_out_for_browsers_without_popovers() -> None:
    style = page.shell()["style"]
    hidden, shown = ".gloss>span:first-child{display:none}", ".gloss>span:first-child{display:inline}"
    assert style.index(hidden) < style.index("@supports selector(:popover-open)") < style.index(shown)
    assert "button.term{display:inline !important" in style
