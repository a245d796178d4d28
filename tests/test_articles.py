"""A second article has claims, notebooks, pages and a ledger of its own, made by the same commands."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from amazon_labor import articles, catalog, claims, mime, paths, results
from amazon_labor.claim_tables import JUDGED, ClaimError

ROOT = Path(__file__).resolve().parents[1]
SECOND = "union_members_2021"


@pytest.fixture
def chosen(monkeypatch):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(ROOT))
    monkeypatch.setenv(paths.ARTICLE, SECOND)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A checkout with one article, whose files a test may break."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data/datapackage.json", tmp_path / "data")
    shutil.copytree(ROOT / "articles", tmp_path / "articles")
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(tmp_path))
    monkeypatch.setenv(paths.ARTICLE, SECOND)
    return tmp_path / "articles" / SECOND


def test_the_first_article_is_the_one_without_a_name(monkeypatch):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(ROOT))
    monkeypatch.delenv(paths.ARTICLE, raising=False)
    assert (paths.article(), paths.claims_dir(), paths.notebooks_dir()) == (None, ROOT / "data", ROOT / "notebooks")
    assert paths.reports_dir() == ROOT / "reports"
    assert "81" in articles.lead(articles.load(), len(claims.load_claims()))


@pytest.mark.parametrize("name", [p.parent.name for p in sorted(ROOT.glob("articles/*/claims.csv"))])
def test_the_tables_of_an_article_agree_with_each_other(name, monkeypatch):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(ROOT))
    monkeypatch.setenv(paths.ARTICLE, name)
    stems = {p.stem[3:] for p in paths.notebooks_dir().glob("*.ipynb")}
    known = set(catalog.names())
    for claim in claims.load_claims().values():
        readings = [r for r in claims.load_interpretations(claim.claim_id) if r.status == JUDGED]
        assert [r.interpretation for r in readings if r.own] == [claim.own_interpretation][
            : bool(claim.own_interpretation)
        ]
        assert readings
        assert claim.notebook in stems
        assert set(claim.tables) <= known
        assert claim.lower is not None or claim.upper is not None
    assert claims.load_article_numbers()
    assert articles.load().title


def test_an_unknown_article_is_refused_with_the_nearest(monkeypatch):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(ROOT))
    monkeypatch.delenv(paths.ARTICLE, raising=False)
    with pytest.raises(FileNotFoundError, match=r"no article 'union_member_2021'.*Did you mean 'union_members_2021'"):
        paths.choose_article("union_member_2021")
    assert paths.article() is None


def test_a_refused_article_leaves_the_one_chosen_before(chosen):
    with pytest.raises(FileNotFoundError):
        paths.choose_article("x")
    assert paths.article() == SECOND


def test_a_notebook_says_itself_whose_statements_it_judges(monkeypatch, shown):
    monkeypatch.setenv("AMAZON_LABOR_ROOT", str(ROOT))
    monkeypatch.setenv(paths.ARTICLE, "")
    results.start("release", article=SECOND)
    claims.check("members-2021", {"levels published by the Bureau": 14.012, "UnionStats tabulation": 13.94}, "million")
    record = next(data for kind, data in shown[-1].items() if kind == mime.CLAIM)
    assert record["verdict"] == "qualified"
    results.start("turnover")
    with pytest.raises(ClaimError, match=r"no claim 'profit-2021' in articles/union_members_2021/claims\.csv"):
        claims.check("profit-2021", {}, "percent")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "is not TOML"),
        ('titel = "x"', r"'titel' is not known\. Did you mean 'title'"),
        ("title = 3", "title is 3; it must be of type str"),
        ('lead = "no place for the number"', r"lead must hold \{total\}"),
        ("copies = [1]", "it must be of type list of str"),
        ('planned = "3"', "planned is '3'; it must be of type int"),
    ],
)
def test_a_faulty_description_is_named(own, text, message):
    (own / "article.toml").write_text(text)
    with pytest.raises(ClaimError, match=rf"articles/union_members_2021/article\.toml.*{message}"):
        articles.load()


def test_an_article_without_description_gets_neutral_words(own):
    (own / "article.toml").unlink()
    assert articles.load() == articles.Article()


def run(*words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"AMAZON_LABOR_ROOT": str(ROOT), paths.ARTICLE: ""}
    command = [sys.executable, "-m", "amazon_labor", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_commands_take_an_article_and_refuse_an_unknown_one():
    assert "--article" in run("build", "--help").stdout
    assert "release" in run("list", "--article", SECOND).stdout
    refused = run("build", "--article", "union_members")
    assert refused.returncode == 2
    assert "Did you mean 'union_members_2021'" in refused.stderr


def test_the_second_article_is_built_into_its_own_ledger_which_is_the_committed_one(tmp_path):
    before = (ROOT / "reports/ledger.csv").read_bytes()
    built = run("build", "--article", SECOND, "--out", str(tmp_path), "--cold", "--jobs", "1")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "10 of 10 claims have a verdict" in built.stdout
    assert (tmp_path / "ledger.csv").read_bytes() == (ROOT / "reports" / SECOND / "ledger.csv").read_bytes()
    assert (ROOT / "reports/ledger.csv").read_bytes() == before
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["notebook"] for row in csv.DictReader(stream)} == {"release"}
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "reported on union members in 2021; 10 statements" in index
    assert "Not written yet" not in index
    assert f"--article {SECOND}" in (tmp_path / "01_release.html").read_text(encoding="utf-8")
