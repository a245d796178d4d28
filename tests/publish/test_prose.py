"""Markdown, formulas, headings, code."""

import html
import re

import pytest
import samples

from amazon_labor.publish import code, prose


def made(text: str, **more: object) -> tuple[str, prose.Page]:
    page = prose.Page(**more)  # type: ignore[arg-type]
    return prose.markdown(text, page), page


class TestFormulas:
    def test_inline_and_block_become_mathml(self) -> None:
        found, _ = made("Let $x_1$ be.\n\n$$\\frac{a}{b}$$\n")
        assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">' in found
        assert "<mfrac>" in found
        assert 'class="scroll maths" tabindex="0" role="region" aria-label="Formula"' in found
        assert "$" not in found

    @pytest.mark.parametrize(
        "text", ["from $5 to $6", "$33.4 billion and $11.6 billion", "`$x$`", "a $ b", "\\$x\\$", "$5/$10"]
    )
    def test_money_and_code_are_not_formulas(self, text: str) -> None:
        assert "<math" not in made(text)[0]

    def test_what_the_converter_does_not_know_stays_readable(self) -> None:
        found, _ = made("$\\left( x$")
        assert "x" in found
        assert "window" not in made("$\\text{<script>window</script>}$")[0]

    def test_a_formula_in_a_heading_is_spoken_without_markup(self) -> None:
        found, page = made("## The rate $D_t$")
        assert "<math" in found
        assert page.headings[0][1:] == ("the-rate-d-t", "The rate Dt") or page.headings[0][2].startswith("The rate D")
        label = re.search(r'aria-label="([^"]*)"', found)
        assert label
        assert "<" not in label[1]

    def test_private_characters_cannot_forge_a_place(self) -> None:
        found, _ = made("\ue000I0\ue001 $x$")
        assert found.count("<math") == 1
        assert "I0" in found


class TestHeadings:
    def test_one_h1_and_no_level_skipped(self) -> None:
        found, page = made("# One\n\n#### Four\n\n## Two\n\n### Three")
        assert [h[0] for h in page.headings] == [2, 3, 2, 3]
        assert "<h1" not in found

    def test_slugs_are_unique_on_the_page(self) -> None:
        page = prose.Page(ids={"content"})
        prose.markdown("## Content\n\n## Content", page)
        assert [h[1] for h in page.headings] == ["content-2", "content-3"]

    def test_labels_are_escaped(self) -> None:
        found, _ = made('## A "b" & <i>c</i>')
        assert 'aria-label="Link to the section A &quot;b&quot; &amp; c"' in found


class TestTables:
    def test_numbers_align_right_and_heads_have_scope(self) -> None:
        found, _ = made(samples.PROSE)
        assert '<th scope="col">measure</th>' in found
        assert '<td class="n">23.0</td>' in found
        assert "style" not in found

    def test_heads_of_frames_are_repaired(self) -> None:
        page = prose.Page()
        found = prose.tables(
            "<table><thead><tr><th></th><th>v</th></tr></thead><tbody><tr><th>0</th><td>1</td></tr></tbody></table>",
            page,
        )
        assert "<thead><tr><td></td>" in found
        assert '<th scope="col">v</th>' in found
        assert '<th scope="row">0</th>' in found

    def test_regions_have_names_of_their_own(self) -> None:
        page = prose.Page()
        one = "<table><caption>A &amp; b</caption><tbody></tbody></table>"
        found = prose.tables(one + one, page)
        assert re.findall('aria-label="([^"]*)"', found) == ["A &amp; b", "A &amp; b (2)"]


class TestCode:
    def test_text_is_unchanged(self) -> None:
        source = 'def f(x: int) -> str:  # a <comment>\n    return f"{x} & y" if x > 1.5 else None\n\n\nprint(sum([1]))'
        assert html.unescape(re.sub("<[^>]*>", "", code.highlight(source))) == source

    def test_runs_of_one_class_share_a_span(self) -> None:
        found = code.highlight("x = 'abc'  # note")
        assert found == "x = <u>'abc'</u>  <i># note</i>"

    def test_broken_code_is_shown_as_it_is(self) -> None:
        assert "</pre><script>" in html.unescape(re.sub("</?[biu]>|</?var>", "", code.highlight("'''</pre><script>")))
        assert "<script>" not in code.highlight("</pre><script>")
