"""A page of the collection, served by `watch`, loads itself again in a browser; its policy lets nothing else in."""

import html
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import samples

from amazon_labor.publish.render import render_report
from amazon_labor.runner import serving


def directives(page: str) -> dict[str, list[str]]:
    """Sources by directive, as a browser reads them from the page."""
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    words = [one.split() for one in html.unescape(policy[1]).split(";")]
    return {one[0]: one[1:] for one in words if one}


@pytest.fixture(scope="module")
def page() -> str:
    return render_report(samples.notebook(samples.new_markdown_cell("# Before")), samples.context())


@pytest.fixture
def watched(tmp_path: Path, page: str) -> Iterator[tuple[str, Path, serving.Version]]:
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    version = serving.Version()
    server = serving.server(tmp_path, 0, version)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", tmp_path / "index.html", version
    server.shutdown()
    server.server_close()


def test_the_policy_of_a_real_page_is_widened_for_the_reload_and_nothing_else(page: str) -> None:
    before, after = directives(page), directives(serving.with_reload(page.encode()).decode())
    assert before["default-src"] == ["'none'"]
    assert "connect-src" not in before
    assert after.pop("connect-src") == ["'self'"]
    assert after.pop("script-src") == ["'self'", *before.pop("script-src")]
    assert after == before


def test_a_page_without_a_policy_is_served_with_the_script_alone() -> None:
    served = serving.with_reload(b"<body><p>Plain</p></body>").decode()
    assert served.count(serving.RELOAD) == 1
    assert "Content-Security-Policy" not in served


def test_a_watched_page_in_a_browser_shows_what_a_new_build_wrote(browser: Any, watched: Any) -> None:
    address, file, version = watched
    messages: list[str] = []
    tab = browser.new_page()
    tab.on("console", lambda one: messages.append(one.text))
    with tab.expect_response(lambda answer: answer.url.endswith(serving.VERSION)):
        tab.goto(address)
    file.write_text(file.read_text(encoding="utf-8").replace("Before", "After"), encoding="utf-8")
    version.next()
    tab.locator("h1", has_text="After").wait_for(timeout=20_000)
    tab.close()
    assert messages == []
