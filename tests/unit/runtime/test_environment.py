"""What the environment says wrongly is named with its variable, and NO_PROXY in every usual form counts."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest

from clientsmith.runtime import AsyncPooledTransport, ConfigurationError, Outcome, PooledTransport
from clientsmith.runtime.http.environment import environment_proxy, is_excluded
from tests.unit.runtime.small_api import SID, AsyncSmallClient, Client

PROXY = "http://proxy.invalid:3128"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(kind, raising=False)
        monkeypatch.delenv(kind.upper(), raising=False)


def failure(asynchronous: bool) -> ConfigurationError:
    """What a call to a host that does not exist ends with, if it gets that far."""
    settings: dict[str, Any] = {"base_url": "https://upstream.invalid", "retries": None, "timeout": 5.0}

    async def fetch() -> Any:
        async with AsyncSmallClient("SKkey", "s", **settings) as client:
            return await client.listings.fetch(SID)

    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(fetch()) if asynchronous else Client("SKkey", "s", **settings).listings.fetch(SID)
    assert caught.value.outcome is Outcome.NOT_SENT and caught.value.__cause__ is None
    return caught.value


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda path: None, "cannot be read (No such file or directory)"),
        (lambda path: path.mkdir(), "cannot be read (Is a directory)"),
        (lambda path: path.write_bytes(b""), "holds no certificate (PEM)"),
        (
            lambda path: path.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n"),
            "holds no certificate (PEM)",
        ),
    ],
    ids=["missing", "folder", "empty", "broken"],
)
def test_a_stale_certificate_file_is_named(
    asynchronous: bool, made: Any, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ca.pem"
    made(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    text = str(failure(asynchronous))
    assert text.startswith(f"SSL_CERT_FILE names {path}, which {reason}: correct or unset it")
    assert "PooledTransport(verify=" in text


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_a_stale_certificate_folder_is_named(
    asynchronous: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path}/none")
    assert f"SSL_CERT_DIR names {tmp_path}/none, which is not a folder" in str(failure(asynchronous))
    (tmp_path / "ca.pem").write_text("not looked for under this name")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert f"SSL_CERT_DIR names {tmp_path}, which holds no certificate" in str(failure(asynchronous))


def test_what_is_right_or_overruled_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PooledTransport()._settings.context().cert_store_stats()["x509_ca"]
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    assert PooledTransport()._settings.context().cert_store_stats()["x509_ca"]
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    own = ssl.create_default_context()
    assert AsyncPooledTransport(verify=own)._settings.context() is own
    assert PooledTransport(trust_env=False)._settings.context().cert_store_stats()["x509_ca"]
    monkeypatch.delenv("SSL_CERT_FILE")
    (tmp_path / "0123abcd.0").write_text(Path(certifi.where()).read_text())
    monkeypatch.setenv("SSL_CERT_DIR", f"/nowhere:{tmp_path}")
    PooledTransport()._settings.context()


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"])
def test_a_socks_proxy_without_its_package_is_named(
    asynchronous: bool, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "socks5h://user:canary@127.0.0.1:1080")
    text = str(failure(asynchronous))
    assert text.startswith(
        f"{variable} is the SOCKS proxy socks5h://127.0.0.1, which needs the package socksio: "
    )
    assert "install httpx[socks]" in text and f"unset {variable}" in text and "canary" not in text


@pytest.mark.parametrize("kind", [PooledTransport, AsyncPooledTransport])
@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", httpx.Proxy("socks5://127.0.0.1:9")])
def test_a_socks_proxy_that_is_passed_is_refused_at_once(kind: Any, proxy: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"proxy is the SOCKS proxy .* install httpx\[socks\]"):
        kind(proxy=proxy)


@pytest.mark.parametrize(
    "proxy", ["socks4://h:1", "http://u:canary@[", "http://h:99999", "http://h:port", "://"]
)
def test_a_malformed_proxy_is_named(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    text = str(failure(False))
    assert text.startswith("HTTPS_PROXY is not the URL of a proxy") and "correct or unset HTTPS_PROXY" in text
    assert "canary" not in text


@pytest.mark.parametrize(
    ("listed", "host"),
    [
        ("*", "example.com"), ("other, *", "10.1.2.3"),
        ("example.com", "example.com"), ("example.com", "api.example.com"), (".example.com", "api.example.com"),
        ("*.example.com", "api.example.com"), ("EXAMPLE.com.", "api.Example.COM"), ("a b\texample.com", "example.com"),
        ("example.com:443", "example.com"), ("example.com:8443", "api.example.com:8443"),
        ("bücher.example", "www.bücher.example"), ("xn--bcher-kva.example", "bücher.example"),
        ("10.1.2.3", "10.1.2.3"), ("10.1.2.3:8443", "10.1.2.3:8443"), ("10.1.2.3", "[::ffff:10.1.2.3]"),
        ("10.0.0.0/8", "10.1.2.3"), ("192.168.1.7/24", "192.168.1.200"), ("0.0.0.0/0", "8.8.8.8:8443"),
        ("2001:db8::1", "[2001:db8::1]"), ("[2001:db8::1]", "[2001:db8::1]:8443"), ("2001:DB8:0::1", "[2001:db8::1]"),
        ("[2001:db8::1]:8443", "[2001:db8::1]:8443"), ("2001:db8::/32", "[2001:db8:1::5]"), ("[fd00::]/8", "[fd12::1]"),
        ("::ffff:10.0.0.0/104", "10.1.2.3"), ("[::ffff:10.0.0.0]/104", "[::ffff:10.1.2.3]"), ("::ffff:0:0/96", "8.8.8.8"),
        ("::ffff:10.1.2.3/128", "10.1.2.3"), ("::ffff:10.1.2.3", "10.1.2.3"),
        ("https://example.com", "example.com"), ("HTTPS://example.com/", "api.example.com"), ("all://*", "example.com"),
        ("all://*.example.com", "api.example.com"), ("https://example.com:8443/v1", "example.com:8443"),
        ("https://10.0.0.0/8", "10.1.2.3"), ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"),
    ],
)  # fmt: skip
def test_no_proxy_lists(listed: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = httpx.URL(f"https://{host}/x")
    assert is_excluded(url, listed)
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", listed)
    assert environment_proxy(url) is None


@pytest.mark.parametrize(
    ("listed", "host"),
    [
        ("", "example.com"), (",", "example.com"), (".", "example.com"), ("example.org", "example.com"),
        ("ample.com", "example.com"), ("example.com:8443", "example.com"), ("example.com:443", "example.com:8443"),
        ("10.0.0.0/8", "11.1.2.3"), ("10.0.0.0/8", "10.example.com"), ("10.0.0.0/33", "10.1.2.3"),
        ("10.1.2.3", "10.1.2.30"), ("2.3", "10.1.2.3"), ("2001:db8::1", "[2001:db8::2]"), ("::/0", "10.1.2.3"),
        ("[2001:db8::1]:443", "[2001:db8::1]:8443"), ("[", "example.com"), ("a/b", "example.com"),
        ("::ffff:10.0.0.0/104", "11.1.2.3"), ("::ffff:10.0.0.0/129", "10.1.2.3"), ("::/90", "10.1.2.3"),
        ("http://example.com", "example.com"), ("ftp://*", "example.com"), ("https://example.com:8443", "example.com"),
        ("://example.com", "example.org"), ("https://", "example.com"), ("http://10.0.0.0/8", "10.1.2.3"),
    ],
)  # fmt: skip
def test_no_proxy_does_not_list(listed: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", listed)
    found = environment_proxy(httpx.URL(f"https://{host}/x"))
    assert found is not None and found.url.host == "proxy.invalid"
