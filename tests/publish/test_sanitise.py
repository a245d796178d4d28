"""The allowlists, the policy and names."""

import base64
import hashlib

import pytest
import samples

from amazon_labor.publish import page, sanitise


def test_only_words_of_hostile_html_remain() -> None:
    found = sanitise.clean(samples.HOSTILE)
    assert "kept words" in found
    for part in ("window.hit", "<script", "<img", "<svg", "<iframe", "<style", "style=", "id=", "on", "javascript"):
        assert part not in found.replace("noopener", ""), part


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://www.bls.gov/cps/", "https://www.bls.gov/cps/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#claim-x", "#claim-x"),
        ("index.html#density-1980", "../index.html#density-1980"),
        ("08_turnover.ipynb", "../08_turnover.html"),
        ("../reports/08_turnover.html#cell-07", "../08_turnover.html#cell-07"),
        ("http://example.org", None),
        ("javascript:x", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("/etc/passwd", None),
        ("../secret.txt", None),
        ("other.html", None),
    ],
)
def test_links(href: str, kept: str | None) -> None:
    found = sanitise.clean(f'<a href="{href}">x</a>', "../")
    assert f'href="{kept}"' in found if kept else "href" not in found


def test_classes_and_attributes_of_tables_are_few() -> None:
    found = sanitise.clean(
        '<table class="x" border="1"><tr><th scope="row" class="n evil" style="x">a</th><td colspan="2">b</td></tr></table>'
    )
    assert found == '<table><tbody><tr><th scope="row" class="n">a</th><td colspan="2">b</td></tr></tbody></table>'


def test_mathml_keeps_formulas_and_nothing_else() -> None:
    found = sanitise.clean_math(
        '<math display="block" onclick="x"><mi href="javascript:x">a</mi><mtext><script>x</script>b</mtext></math>'
    )
    assert found == '<math display="block"><mi>a</mi><mtext>b</mtext></math>'


def test_identifiers_and_unique_names() -> None:
    assert sanitise.identifier('The "1980" <rate>: 23 percent') == "the-1980-rate-23-percent"
    assert sanitise.identifier("…") == "x"
    taken = {"a"}
    assert [sanitise.unique("a", taken), sanitise.unique("a", taken), sanitise.unique("b", taken)] == [
        "a-2",
        "a-3",
        "b",
    ]


def test_policy_allows_style_and_script_by_hash_and_nothing_else() -> None:
    shell = page.shell()
    digest = base64.b64encode(hashlib.sha256(str(shell["script"]).encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in shell["policy"]
    assert "default-src 'none'" in shell["policy"]
    assert "unsafe" not in shell["policy"]
    assert "http" not in shell["policy"]


def test_script_is_under_ten_kilobytes_and_holds_no_closing_tag() -> None:
    shell = page.shell()
    assert len(str(shell["script"]).encode()) < 10_000
    assert "</script" not in str(shell["script"])
    assert "</style" not in str(shell["style"])


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("/home/me/lib/python3.11/site-packages/pandas/core.py:12", "pandas/core.py:12"),
        ("File C:\\Users\\me\\x\\y.py", "File x\\y.py"),
        ("\x1b[31mKeyError\x1b[0m: 'a/b'", "KeyError: 'a/b'"),
        ("https://www.bls.gov/a/b.csv", "https://www.bls.gov/a/b.csv"),
        ("data/unions/density.csv", "data/unions/density.csv"),
    ],
)
def test_paths_of_the_machine_do_not_show(text: str, short: str) -> None:
    assert sanitise.without_paths(text) == short
