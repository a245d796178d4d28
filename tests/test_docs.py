"""Links of the documents lead somewhere, made documents are current, and the way of a number is that of the code."""

import ast
import csv
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from amazon_labor import mime
from amazon_labor.publish import doc_pages, sanitise
from amazon_labor.runner import site_docs
from amazon_labor.scaffold import made, picture, statement, statistics

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("docs/*.md"), *(ROOT / n for n in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))])
LINK = re.compile(r"!?\[(?:[^\[\]]|`[^`]*`)*\]\(([^()\s]+)\)")


def prose(path: Path) -> str:
    """Text without code, in which brackets are no links."""
    text = re.sub(r"^(```|~~~).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^(?: {4,}|\t).*$", "", text, flags=re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """Anchors of the headings, as a forge makes them, where the page of the site has the same."""
    found = set()
    for heading in re.findall(r"^#+ +(.+?)\s*$", prose(path), re.MULTILINE):
        plain = heading.replace("`", "")
        forge = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found |= {forge} if forge == sanitise.identifier(plain) else set()
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=[p.name for p in DOCUMENTS])
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(path):
    dead = []
    for target in LINK.findall(prose(path)):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(target)
    assert dead == []


def test_every_document_is_listed_in_the_index_of_documents():
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs/README.md").read_text(encoding="utf-8")))
    assert {p.name for p in ROOT.glob("docs/*.md")} - {"README.md"} == listed


def test_the_way_of_a_number_is_that_of_the_code():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = text[text.index("## One number, step by step") : text.index("## The rooms")]
    rows = re.findall(r"^\| [^|]+ \| `([^`]+)` \| (?:`(\w+)`)? ?\|$", section, re.MULTILINE)
    assert len(rows) == 14
    for file, function in rows:
        assert (ROOT / file).is_file(), file
        if function:
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert function in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, f"{file}: {function}"
    source = (ROOT / "notebooks/01_amazon_profits.ipynb").read_text(encoding="utf-8")
    assert all(word in source for word in ("amazon/annual_results", "results.emit(", "profit-2021"))


def test_every_box_of_the_drawing_is_a_place_of_the_code_and_its_words_are_read_aloud():
    for name, (_, _, _, files) in picture.BOXES.items():
        for file in files.split(", "):
            if "<" in file or "NN" in file or file.startswith("reports/"):
                continue
            assert any((ROOT / base / file).exists() for base in ("", "src/amazon_labor")), f"{name}: {file}"
    assert {end for pair in picture.ARROWS for end in pair} == set(picture.BOXES)
    drawn = ElementTree.fromstring(picture.svg())
    assert {e.tag.split("}")[1] for e in drawn.iter()} == {"svg", "rect", "text", "path", "polygon"}
    alt = re.search(r"!\[(.+?)\]\(architecture\.svg\)", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    assert alt
    assert len(alt[1].split()) > 20


def test_made_documents_are_current():
    for path, text in made.documents().items():
        assert path.read_text(encoding="utf-8") == text, f"run amazon-labor docs --write ({path.name})"


def test_every_method_is_in_the_statistics_with_its_test():
    text = statistics.text()
    modules = {p.stem for p in (ROOT / "src/amazon_labor/methods").glob("*.py")} - {"__init__"}
    assert set(re.findall(r"^## (\w+)$", text, re.MULTILINE)) == modules
    growth = text[text.index("\n## growth\n") : text.index("\n## interrupted\n")]
    assert "`100 ln(end / start)`" in growth
    assert "`tests/methods/test_growth.py` (Growth measures against closed forms" in growth
    assert "Published results recomputed: P0" in growth
    assert "No test file" not in text


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Page]:
    out = tmp_path_factory.mktemp("reports")
    names = site_docs.write(out)
    found = {}
    for name in names:
        found[name] = Page()
        found[name].feed((out / name).read_text(encoding="utf-8"))
    return found


def test_every_document_has_a_page_whose_links_lead_to_pages_and_anchors(pages):
    assert set(pages) == {f"docs/{doc_pages.file_name(p.stem)}" for p in ROOT.glob("docs/*.md")}
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        assert page.tags.count("h1") == 1
        assert not {"img", "iframe", "link"} & (set(page.tags) - {"link"})
        for link in page.links:
            if link.startswith("https://"):
                continue
            assert "invalid" not in link
            file, _, anchor = link.partition("#")
            if file.startswith("../"):
                assert re.fullmatch(r"\.\./(?:index|glossary|scenarios|data/index)\.html", file), link
                continue
            target = pages[f"docs/{file}"] if file else page
            assert not anchor or anchor in target.ids, f"{name}: {link}"
    assert any(link.startswith("claims.html") for link in pages["docs/add-a-notebook.html"].links)


def test_what_a_document_cannot_bring_onto_a_page():
    text = {
        "README": "# T\n\n[a](javascript:alert(1)) [b](https://held.invalid/0) [c](../data/README.md) <script>x</script> "
        '<img src="https://example.org/x.png">\n\n![alt](other.svg)\n\n![x"><b>](own.svg)\n\n[d](README.md#t)'
    }
    html = doc_pages.render("README", text, {"own.svg": '<svg width="1"></svg>'})
    body = html[html.index('<main id="content"') :].partition("<footer")[0]
    assert "<script" not in body
    assert 'href="javascript' not in body
    assert "held.invalid" not in body
    assert "<img" not in body
    assert ">c<" not in body
    assert "<b>" not in body
    assert 'href="index.html#t"' in body


def test_pages_are_the_same_twice_and_an_article_beside_the_first_has_none(tmp_path, monkeypatch):
    assert site_docs.write(tmp_path / "a") == site_docs.write(tmp_path / "b")
    monkeypatch.setenv("AMAZON_LABOR_ARTICLE", "union_members_2021")
    assert site_docs.write(tmp_path / "c") == {}
    assert site_docs.inputs() == {}


def test_a_changed_document_is_an_input_of_the_index(tmp_path, monkeypatch):
    from amazon_labor.runner import digests

    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data/datapackage.json", tmp_path / "data")
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    assert site_docs.inputs() == {}
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("# A")
    first = site_docs.inputs()
    (tmp_path / "docs/a.md").write_text("# B")
    digests.forget()
    assert first.keys() == {"a.md"}
    assert site_docs.inputs() != first


# ---------------------------------------------------------------- the statement


@pytest.fixture
def built(tmp_path, monkeypatch) -> Path:
    """A checkout with one notebook, and reports as a build would leave them."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data/datapackage.json", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports/executed").mkdir(parents=True)
    (tmp_path / "reports/.build").mkdir()
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    monkeypatch.setenv("AMAZON_LABOR_ARTICLE", "")
    name = "12_young_workers.ipynb"
    for folder in ("notebooks", "reports/executed"):
        shutil.copy(ROOT / "notebooks" / name, tmp_path / folder / name)
    (tmp_path / "reports/ledger.csv").write_text("claim_id,verdict\na,holds\nb,missing\n")
    from amazon_labor.runner import state

    entry = state.Entry("young_workers", None, {"code/1": "x"}, {}, [], {})
    state.save(tmp_path / "reports/.build/state.json", state.State(entries={"young_workers": entry}))
    return tmp_path


def test_the_statement_counts_what_ran_and_what_is_the_same(built):
    reports, second = built / "reports", built / "second"
    (reports / "12_young_workers.html").write_text("page")
    shutil.copytree(reports, second)
    found = statement.measure(reports, second)
    assert found == statement.Statement(1, 1, 1, 1, judged=1, claims=2, ledger=True)
    assert "| 1 | 1 | 1 | 1 | 1 of 2 | yes |" in found.table
    (second / "12_young_workers.html").write_text("another page")
    assert statement.measure(reports, second).identical == 0
    path = reports / "executed/12_young_workers.ipynb"
    book = json.loads(path.read_text())
    record = next(
        o["data"][mime.NUMBER] for c in book["cells"] for o in c.get("outputs", ()) if mime.NUMBER in o["data"]
    )
    record["value"] *= 1 + 1e-12
    path.write_text(json.dumps(book))
    assert statement.measure(reports, second).printed == 1
    record["printed"] = "another number"
    path.write_text(json.dumps(book))
    moved = statement.measure(reports, second)
    assert (moved.ran, moved.printed, moved.identical, moved.others) == (1, 0, 0, ("young_workers",))


def test_a_statement_that_says_otherwise_fails_and_is_mended_by_the_command(built):
    document, builds = built / "docs/reproducibility.md", (built / "reports", built / "reports")
    document.parent.mkdir()
    document.write_text("<!-- measured: made by x -->\n| 9 |\n<!-- end -->\n")
    said = []
    assert made.check(builds, said.append) == 1
    assert "says otherwise" in said[-1]
    document.write_text(statement.placed(document.read_text(), statement.measure(*builds)))
    assert made.check(builds, said.append) == 0
    with pytest.raises(ValueError, match="no place for the table"):
        statement.placed("nothing", statement.measure(*builds))
    with pytest.raises(FileNotFoundError, match="No full build was made in elsewhere/"):
        statement.measure(built / "reports", built / "elsewhere")


def test_the_committed_statement_leaves_no_notebook_and_no_claim_out():
    """A notebook more than the statement counts is caught by `.ci/run`, which measures; here nothing is built."""
    text = (ROOT / "docs/reproducibility.md").read_text(encoding="utf-8")
    row = re.search(r"^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) of (\d+) \| yes \|$", text, re.MULTILINE)
    assert row
    notebooks, ran, printed, identical, judged, claims = map(int, row.groups())
    assert notebooks == ran == printed == identical <= len(list(ROOT.glob("notebooks/[0-9][0-9]_*.ipynb")))
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as stream:
        assert judged == claims == sum(1 for _ in csv.DictReader(stream))
