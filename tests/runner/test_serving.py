"""The server answers on this machine only, with nothing but reports, and never with what lies outside their folder."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from amazon_labor.runner import serving, watch

PAGE = """<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x'">
<body><p>Report</p></body>
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    reports = tmp_path / "reports"
    (reports / ".build").mkdir(parents=True)
    (reports / "index.html").write_text(PAGE)
    (reports / "ledger.csv").write_text("a\n")
    (reports / ".build" / "state.json").write_text("{}")
    (reports / "odd.exe").write_text("x")
    (tmp_path / "secret.html").write_text("secret")
    (reports / "link.html").symlink_to(tmp_path / "secret.html")
    (reports / "runs").mkdir()
    return reports


def started(folder: Path, version=None) -> Iterator[tuple[str, int]]:
    server = serving.server(folder, 0, version)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[:2]
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(folder):
    yield from started(folder)


def ask(address, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def test_pages_are_served_as_they_are_on_the_disk(address, folder):
    status, headers, body = ask(address, "/")
    assert (status, body) == (200, PAGE)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(address, "/ledger.csv?x=1")[2] == "a\n"
    assert ask(address, "/index.html", "HEAD")[2] == ""


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/..%2fsecret.html",
        "/runs/../../secret.html",
        "/link.html",
        "/.build/state.json",
        "/%2ebuild/state.json",
        "//etc/passwd",
        "/etc/passwd",
        "/odd.exe",
        "/runs/",
        "/index.html%00.csv",
        "/..\\secret.html",
        "/.watch/version",
        "/.watch/reload.js",
    ],
)
def test_nothing_else_is_served(address, path):
    status, _, body = ask(address, path)
    assert status == 404
    assert "secret" not in body


def test_other_methods_are_refused(address):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(address, "/index.html", method)[0] == 501


def test_only_the_loopback_address_is_bound_and_answered(address):
    assert address[0] == "127.0.0.1"
    assert ask(address, "/", Host="evil.example")[0] == 403
    assert ask(address, "/", Host=f"localhost:{address[1]}")[0] == 200
    own = next((a for a in socket.gethostbyname_ex(socket.gethostname())[2] if not a.startswith("127.")), None)
    if own is not None:
        with pytest.raises(OSError), socket.create_connection((own, address[1]), timeout=2):
            pass


def test_a_watched_page_gets_the_script_and_the_file_does_not(folder):
    version = serving.Version()
    for address in started(folder, version):
        body = ask(address, "/index.html")[2]
        assert body.count(serving.RELOAD) == 1
        assert "script-src 'self' 'sha256-x'" in body
        assert "connect-src 'self'" in body
        assert "location.reload" in ask(address, serving.RELOAD)[2]
        assert ask(address, serving.VERSION)[2] == "0"
        version.next()
        assert ask(address, serving.VERSION)[2] == "1"
    assert (folder / "index.html").read_text() == PAGE


# ---------------------------------------------------------------- watch


def test_a_signature_changes_with_a_file_and_not_with_bytecode(tmp_path):
    (tmp_path / "a.py").write_text("x")
    before = watch.signature([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert watch.signature([tmp_path]) == before
    (tmp_path / "a.py").write_text("xy")
    assert watch.signature([tmp_path]) != before


def test_watch_builds_once_for_each_change(tree, monkeypatch):
    tree.write("first", 1, "x = 1")
    built: list[list[str]] = []
    looks = iter(range(100))

    def stop() -> bool:
        look = next(looks)
        if look == 3:
            tree.write("first", 1, "x = 2  # longer")
        return look > 6

    monkeypatch.setattr(watch, "PAUSE", 0.01)
    monkeypatch.setattr(watch, "watched", lambda: [tree.root / "notebooks"])
    monkeypatch.setattr(watch, "_build", lambda names, *_: built.append(names))
    assert watch.watch(["first"], tree.options(warm=False), 0, stop) == 0
    assert built == [["first"], ["first"]]
    assert "http://127.0.0.1:" in tree.said


def test_watch_ends_with_its_server(tree, monkeypatch):
    def interrupted() -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "watched", list)
    assert watch.watch([], tree.options(warm=False), 0, interrupted) == 0
    port = int(tree.said.split("127.0.0.1:")[1].split("/")[0])
    time.sleep(0.05)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_build_of_watch_is_the_command(tree, monkeypatch):
    said = []
    monkeypatch.setattr(watch.subprocess, "run", lambda command, **settings: said.append((command, settings)))
    watch._build(["first"], tree.options(warm=False, jobs=2), {"A": "b"})
    ((command, settings),) = said
    assert command[1:5] == ["-m", "amazon_labor", "build", "first"]
    assert "--cold" in command
    assert settings["env"]["A"] == "b"
