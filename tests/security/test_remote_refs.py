"""Remote documents from servers that mean no good: each ends in one finding at its reference, within the totals."""

from __future__ import annotations

import ipaddress
import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest

from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostic, Diagnostics
from clientsmith.document.references import remote, remote_address
from clientsmith.document.references.remote_address import is_public
from clientsmith.document.references.resolve import resolve
from clientsmith.document.text.parse import parse

from .hostile_server import ANSWERS, GOOD, LOOPBACK, Server, drip, send

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.stopped.set()
    made.shutdown()
    thread.join()
    made.server_close()


def url_of(server: Server, path: str, host: str = LOOPBACK) -> str:
    return f"http://{host}:{server.server_address[1]}{path}"


def findings(*urls: str, **options: Any) -> list[Diagnostic]:
    """What resolving a document with a reference to each of the URLs finds."""
    schemas = "".join(f"    S{n}: {{$ref: '{url}#/x'}}\n" for n, url in enumerate(urls))
    diagnostics = Diagnostics()
    text = f"{HEAD}components:\n  schemas:\n{schemas}"
    document = parse(text.encode(), diagnostics, uri="api.yaml", file="api.yaml")
    assert document is not None
    resolve(document, diagnostics, **options)
    return list(diagnostics)


def only(found: list[Diagnostic]) -> Diagnostic:
    """The one finding, which is at the reference."""
    (one,) = found
    assert one.place.span is not None and (one.place.span.line, one.place.span.column) == (6, 10)
    return one


@pytest.mark.parametrize("path", ["/a.yaml", "/gzip", "/deflate", "/identity"])
def test_a_named_host_is_fetched_from_wherever_it_is(path: str, server: Server) -> None:
    assert findings(url_of(server, path), remote_hosts=[LOOPBACK]) == []
    (seen,) = server.seen
    assert seen[0] == path and seen[1]["Host"] == f"{LOOPBACK}:{server.server_address[1]}"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/double", "coded more than once"),
        ("/cut", "ends before the end"),
        ("/behind", "goes on after the end"),
        ("/no-gzip", "not what gzip makes"),
        ("/unknown", "content coding 'br' is not known"),
        ("/html", "answered with text/html"),
        ("/image", "answered with image/png"),
        ("/loop", "302 and names /loop"),
        ("/file", "301 and names file:///etc/passwd"),
        ("/metadata", "redirects are not followed"),
        ("/missing", "answered 404"),
        ("/no-http", "cannot be fetched"),
        ("/nothing", "cannot be fetched"),
    ],
)
def test_an_answer_that_is_no_document_is_a_finding(path: str, words: str, server: Server) -> None:
    found = only(findings(url_of(server, path), remote_hosts=[LOOPBACK]))
    assert found.id == "dangling-reference" and words in found.message
    assert len(server.seen) == 1


@pytest.mark.parametrize("path", ["/large", "/endless", "/bomb"])
def test_bytes_are_counted_as_they_are_after_decoding(
    path: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "MAX_BYTES", 100_000)
    found = only(findings(url_of(server, path), remote_hosts=[LOOPBACK]))
    assert found.id == "remote-limit" and "larger than" in found.message


def test_documents_share_one_total_of_bytes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_BYTES", 1500)
    found = findings(*(url_of(server, f"/half?{n}") for n in range(9)), remote_hosts=[LOOPBACK])
    # The handler knows no queries: each is a good document, so few bytes are not refused.
    assert found == []
    ANSWERS.update({f"/half?{n}": ANSWERS["/half"] for n in range(9)})
    found = findings(*(url_of(server, f"/half?{n}") for n in range(9)), remote_hosts=[LOOPBACK])
    assert [one.id for one in found].count("remote-limit") == 1
    assert len(server.seen) == 9 + 3


@pytest.mark.parametrize("path", ["/drip", "/drip-head"])
def test_a_server_that_drips_is_given_up(path: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "DOCUMENT_SECONDS", 0.2)
    found = only(findings(url_of(server, path), remote_hosts=[LOOPBACK]))
    assert found.id == "dangling-reference" and "0.2 seconds" in found.message


def test_documents_share_one_total_of_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "DOCUMENT_SECONDS", 0.15)
    monkeypatch.setattr(remote, "TOTAL_SECONDS", 0.2)
    found = findings(*(url_of(server, f"/drip#{n}") for n in range(1)), remote_hosts=[LOOPBACK])
    assert [one.id for one in found] == ["dangling-reference"]
    ANSWERS.update({f"/drip?{n}": drip for n in range(50)})
    found = findings(*(url_of(server, f"/drip?{n}") for n in range(50)), remote_hosts=[LOOPBACK])
    assert [one.id for one in found].count("remote-limit") == 1 and len(found) < 10


def test_documents_share_one_total_of_number(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_DOCUMENTS", 5)
    found = findings(*(url_of(server, f"/{n}.yaml") for n in range(10_000)), remote_hosts=[LOOPBACK])
    assert [one.id for one in found] == ["remote-limit"]
    assert len(server.seen) == 5


def test_a_name_server_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: waiting.wait(10) and [])
    monkeypatch.setattr(remote, "DOCUMENT_SECONDS", 0.1)
    found = only(findings("https://spec.example/a", allow_remote=True))
    waiting.set()
    assert "silent" in found.message


def _resolved_to(*addresses: str) -> Callable[..., list[Any]]:
    real = socket.getaddrinfo
    answers = itertools.chain(addresses, itertools.repeat(addresses[-1]))

    def getaddrinfo(host: str, *args: Any, **more: Any) -> list[Any]:
        return real(next(answers) if str(host).endswith(".example") else host, *args, **more)

    return getaddrinfo


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "::1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "240.0.0.1", "255.255.255.255", "fe80::1", "fd00:ec2::254", "ff02::1", "::", "::ffff:127.0.0.1",
     "::ffff:a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
     "::127.0.0.1", "fec0::1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused_after_resolution(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_public(ipaddress.ip_address(address))
    monkeypatch.setattr(socket, "getaddrinfo", _resolved_to(address))
    monkeypatch.setattr(remote_address.CheckedBackend, "_connect", _never)
    found = only(findings("https://spec.example/a.yaml", allow_remote=True))
    assert found.id == "remote-reference" and "not a public address" in found.message
    assert "--allow-remote-refs=HOST" in (found.hint or "")


def _never(*_: object) -> Any:
    raise AssertionError("a connection was made")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::93.184.216.34", "::ffff:8.8.8.8", "2002:808:808::1"])  # fmt: skip
def test_public_addresses_are_not_refused(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/a", "https://localhost/a", "https://[::1]/a", "https://2130706433/a", "https://0x7f.1/a",
     "https://127.1/a", "https://[::ffff:127.0.0.1]/a"],
)  # fmt: skip
def test_this_machine_is_refused_under_every_name(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_address.CheckedBackend, "_connect", _never)
    assert only(findings(url, allow_remote=True)).id == "remote-reference"


@pytest.mark.parametrize(
    "url", ["http://spec.example/a", "https://user:secret@spec.example/a", "https://other.example/a", "https:///a", "ftp://127.0.0.1/a"]
)  # fmt: skip
def test_a_url_that_is_not_allowed_is_not_even_resolved(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    assert only(findings(url, remote_hosts=[LOOPBACK])).id == "remote-reference"


def test_a_second_answer_of_the_name_server_changes_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is loopback when it is checked, and would be something else when it is connected to."""
    monkeypatch.setattr(socket, "getaddrinfo", _resolved_to(LOOPBACK, "192.0.2.1"))
    assert findings(url_of(server, "/a", "spec.example"), remote_hosts=["SPEC.example."]) == []
    assert server.seen[0][1]["Host"].startswith("spec.example:")


def test_of_several_addresses_those_that_are_public_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = remote_address.HostRules(True, ())
    listed = [ipaddress.ip_address(one) for one in ("10.0.0.1", "8.8.8.8", "::1")]
    assert rules.choose("spec.example", listed, is_tls=True) == [ipaddress.ip_address("8.8.8.8")]
    with pytest.raises(remote_address.AddressError):
        rules.choose("spec.example", [listed[0], listed[2]], is_tls=True)


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = remote_address.CheckedBackend._connect
    tried: list[str] = []

    def connect(self: Any, address: Any, port: int, seconds: float) -> Any:
        tried.append(str(address))
        if len(tried) == 1:
            raise httpcore.ConnectTimeout
        return real(self, address, port, seconds)

    both = [ipaddress.ip_address(one) for one in ("127.0.0.9", LOOPBACK)]
    monkeypatch.setattr(remote_address, "resolve_host", lambda *_: both)
    monkeypatch.setattr(remote_address.CheckedBackend, "_connect", connect)
    assert findings(url_of(server, "/a", "spec.example"), remote_hosts=["spec.example"]) == []
    assert tried == ["127.0.0.9", LOOPBACK]


def test_a_host_with_an_international_name_is_named_as_it_is_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolved_to(LOOPBACK))
    url = url_of(server, "/a", "bücher.example")
    assert findings(url, remote_hosts=["xn--bcher-kva.example"]) == []
    assert server.seen[0][1]["Host"].startswith("xn--bcher-kva.example")


def test_nothing_of_the_environment_and_no_cookie_is_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text(f"machine {LOOPBACK} login user password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    ANSWERS["/cookie"] = lambda self: send(self, GOOD, Set_Cookie="a=b")
    assert findings(url_of(server, "/cookie"), url_of(server, "/a"), remote_hosts=[LOOPBACK]) == []
    names = {name.lower() for _, headers in server.seen for name in headers}
    assert not names & {"authorization", "cookie", "proxy-authorization", "referer"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--allow-remote-refs=127.0.0.1"], 1),
        (["--allow-remote-refs", "--allow-remote-refs=127.0.0.1"], 1),
        (["--allow-remote-refs=spec.example", "--allow-remote-refs=127.0.0.1"], 1),
        (["--config", "with-hosts.toml"], 1),
        (["--config", "with-true.toml", "--allow-remote-refs=127.0.0.1"], 1),
        (["--allow-remote-refs"], 2),
        (["--config", "with-true.toml"], 2),
        (["--allow-remote-refs=spec.example"], 2),
        ([], 2),
    ],
)
def test_hosts_are_named_by_flag_and_by_config(
    arguments: list[str], code: int, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("with-hosts.toml").write_text("[document]\nallow_remote_refs = ['127.0.0.1', 'spec.example']\n")
    Path("with-true.toml").write_text("[document]\nallow_remote_refs = true\n")
    Path("api.yaml").write_text(
        f"{HEAD}components:\n  schemas:\n    A: {{$ref: '{url_of(server, '/a')}#/x'}}\n"
    )
    assert main(["check", *arguments, "api.yaml", "--out", "no-package"]) == code
    assert len(server.seen) == (code == 1)


@pytest.mark.parametrize("host", ["http://a", "a/b", "a:80", "a b", "*", "-x"])
def test_what_is_no_host_is_refused(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lint", f"--allow-remote-refs={host}", "api.yaml"])
    assert ended.value.code == 2 and "is not a host" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    Path("c.toml").write_text(f"[document]\nallow_remote_refs = ['ok', '{host}']\n")
    assert main(["lint", "api.yaml", "--config", "c.toml"]) == 2
    assert "c.toml:2:1: error[config-bad-value]" in capsys.readouterr().err


def test_the_flag_takes_no_word_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(HEAD)
    assert main(["lint", "--allow-remote-refs", "api.yaml"]) == 0
    assert main(["lint", "--", "api.yaml"]) == 0
