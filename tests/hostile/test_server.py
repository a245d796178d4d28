"""What the server of the reports gives away when asked rudely: nothing, and it goes on."""

import contextlib
import http.client
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from amazon_labor.runner import serving

Address = tuple[str, int]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[Address]:
    reports = tmp_path / "reports"
    (reports / "runs" / "x").mkdir(parents=True)
    (reports / "index.html").write_text("<!doctype html><p>Reports</p>")
    (reports / "graph.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (reports / "ledger.csv").write_text("a\n")
    (tmp_path / "secret.html").write_text("secret")
    (tmp_path / "reports-old").mkdir()
    (tmp_path / "reports-old" / "index.html").write_text("secret")
    (reports / "out").symlink_to(tmp_path)
    (reports / "loop.html").symlink_to(reports / "loop.html")
    if sys.platform != "win32":
        os.mkfifo(reports / "pipe.html")
    server = serving.server(reports, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[:2]
    server.shutdown()
    server.server_close()


def raw(address: Address, request: bytes) -> bytes:
    """Answer to bytes that no browser sends."""
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65_536):
                answer += part
    return answer


def asked(address: Address, path: str) -> bytes:
    return raw(address, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode("latin-1"))


RUDE = [
    "/out/secret.html",
    "/../reports-old/index.html",
    "/..%2freports-old/index.html",
    "/%2e%2e%2fsecret.html",
    "/%252e%252e/secret.html",
    "/..%c0%afsecret.html",
    "/%c0%ae%c0%ae/secret.html",
    "/runs/x/..;/..;/secret.html",
    "/.%00./secret.html",
    "http://127.0.0.1/../secret.html",
    "//secret.html",
    "///../../secret.html",
    "/loop.html",
    "/pipe.html",
    "/" + "a" * 5000 + ".html",
    "/" + "a/" * 3000,
    "/\xff\xfe.html",
    "/index.html/x",
    "/index.html/../../secret.html",
    "/INDEX.HTML.",
    "/index.html::$DATA",
    "*",
]


@pytest.mark.parametrize("path", RUDE, ids=[p[:30] for p in RUDE])
def test_rude_paths_find_nothing_and_the_server_goes_on(address: Address, path: str, capfd) -> None:
    answer = asked(address, path)
    assert answer.split(b" ", 2)[1] in (b"404", b"400", b"403", b"414")
    assert b"secret" not in answer
    assert asked(address, "/").startswith(b"HTTP/1.0 200")
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "request_",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no Host
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost@evil.example:80\r\n\r\n",
    ],
)
def test_broken_requests_get_no_page(address: Address, request_: bytes) -> None:
    assert b"Reports" not in raw(address, request_)
    assert asked(address, "/").startswith(b"HTTP/1.0 200")


def test_every_answer_forbids_frames_and_a_drawing_forbids_everything(address: Address) -> None:
    connection = http.client.HTTPConnection(*address, timeout=5)
    policies = {}
    for path in ("/", "/graph.svg", "/ledger.csv", "/nothing"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        policies[path] = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policies[path]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
        connection.close()
    assert "sandbox" in policies["/graph.svg"]
    assert "default-src 'none'" in policies["/graph.svg"]


def test_no_option_of_the_command_changes_the_address() -> None:
    import inspect

    from amazon_labor import cli_run

    for command in (cli_run.serve, cli_run.watch):
        assert not {"host", "bind", "address"} & set(inspect.signature(command).parameters)
    assert serving.HOST == "127.0.0.1"
