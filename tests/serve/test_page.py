"""The page for people, read as a browser without JavaScript reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest

from clientsmith.serve.server import ThreadedServer
from tests.serve.served import BASIC, REPORT, fetch, open_service, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VOID = {"meta", "input", "br", "link", "img"}


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str | None]] = field(default_factory=list)


class Page(HTMLParser):
    """The forms, texts and attributes of a page; fails on tags that do not close each other."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append(Form(found["action"] or ""))
        elif tag == "input" and found.get("type") == "hidden":
            self.forms[-1].fields[found["name"] or ""] = found["value"] or ""
        elif tag == "button" and "form" in self._open:
            self.forms[-1].buttons.append(found)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        if self._open[-1:] not in (["script"], ["style"]):
            self.text += data


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    with serving() as server:
        yield server


def load(server: ThreadedServer) -> Page:
    status, headers, body = fetch(server, "GET", "/__clientsmith")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Page(body.decode())


def press(server: ThreadedServer, form: Form, **more: str) -> tuple[int, str]:
    body = urlencode(form.fields | more).encode()
    own = FORM | {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}
    status, headers, text = fetch(server, "POST", form.action, body, own)
    return status, headers.get("location", text.decode())


def form_of(page: Page, **fields: str) -> Form:
    return next(form for form in page.forms if fields.items() <= form.fields.items())


def test_it_shows_operations_scenarios_faults_and_requests(server: ThreadedServer) -> None:
    fetch(server, "POST", REPORT, b'{"billable_items":7}', {"Content-Type": "application/json"})
    server.add_fault("delay:2@fetchListing#1-3")
    text = " ".join(load(server).text.split())
    for expected in (
        "Twilio Marketplace API for publishers",
        "/Listing/{Sid}",
        "fetchListing",
        "not-installed 404",
        "delay:2@fetchListing#1-3",
        "hit 0 of 0 calls",
        f"POST {REPORT} 400",
        "/billable_items:",
        "trickle-headers[:SECONDS,BYTES]",
    ):
        assert expected in text, expected


def test_a_click_on_a_scenario_switches_it_on_and_another_one_off(server: ThreadedServer) -> None:
    page = load(server)
    form = form_of(page, do="use", operation="fetchListing")
    assert {"name": "name", "value": "not-found"}.items() <= form.buttons[-5].items() or any(
        button.get("value") == "not-found" for button in form.buttons
    )
    assert press(server, form, name="not-found") == (303, "/__clientsmith")
    assert fetch(server)[0] == 404
    chosen = [
        attrs["value"]
        for tag, attrs in load(server).tags
        if attrs.get("aria-pressed") == "true" and "value" in attrs
    ]
    assert chosen == ["not-found"]
    assert press(server, form)[0] == 303
    assert fetch(server)[0] == 200


def test_a_fault_is_switched_on_and_off(server: ThreadedServer) -> None:
    form = form_of(load(server), do="fault")
    assert press(server, form, fault="server-error:502", operation="fetchListing", calls="1-2")[0] == 303
    assert fetch(server)[0] == 502
    page = load(server)
    assert "server-error:502@fetchListing#1-2" in page.text
    off = form_of(page, do="unfault")
    assert press(server, off, id=off.buttons[0]["value"] or "")[0] == 303
    assert fetch(server)[0] == 200
    status, told = press(server, form, fault="trunkate")
    assert status == 400
    assert "did you mean truncate" in told


def test_the_log_is_cleared_and_everything_reset(server: ThreadedServer) -> None:
    fetch(server)
    server.add_fault("garbage")
    form = next(
        form for form in load(server).forms if any(button.get("value") == "reset" for button in form.buttons)
    )
    assert press(server, form, do="clear-log")[0] == 303
    assert not list(server.service.log)
    assert press(server, form, do="reset")[0] == 303
    assert fetch(server)[0] == 200


def test_a_form_without_the_token_of_the_page_changes_nothing(server: ThreadedServer) -> None:
    form = form_of(load(server), do="use", operation="fetchListing")
    form.fields["token"] = "guessed"
    assert press(server, form, name="not-found")[0] == 403
    del form.fields["token"]
    assert press(server, form, name="not-found")[0] == 403
    assert fetch(server)[0] == 200


def test_it_loads_nothing_and_runs_its_own_script_only(server: ThreadedServer) -> None:
    _, headers, body = fetch(server, "GET", "/__clientsmith")
    policy = headers["content-security-policy"]
    found = re.search(r"script-src 'nonce-([\w-]+)'", policy)
    assert found is not None
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    page = Page(body.decode())
    assert [attrs.get("nonce") for tag, attrs in page.tags if tag in ("script", "style")] == [found[1]] * 2
    assert not [tag for tag, _ in page.tags if tag in ("link", "img", "iframe", "object", "base")]
    for _, attrs in page.tags:
        assert "src" not in attrs
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
    again = fetch(server, "GET", "/__clientsmith")[1]["content-security-policy"]
    assert again != policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"  # or else browsers hide where its forms come from
    assert headers["x-content-type-options"] == "nosniff"


HOSTILE = '"><script>alert(1)</script>'


def test_what_a_client_sends_is_text(server: ThreadedServer) -> None:
    fetch(server, "GET", "/'\"><script>alert(1)</script><img/src=x/onerror=alert(1)>")
    page = load(server)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert "<script>alert(1)</script>" in page.text


def test_what_a_document_says_is_text(tmp_path: Path) -> None:
    document = f"""
openapi: 3.1.0
info: {{title: '{HOSTILE}', version: '1'}}
paths:
  /pets:
    get:
      operationId: listPets
      summary: '{HOSTILE}'
      responses:
        '200':
          description: ok
          content:
            application/json:
              examples:
                one: {{summary: '{HOSTILE}', value: {{}}}}
"""
    spec = tmp_path / "hostile.yaml"
    spec.write_text(document)
    with serving(open_service(str(spec))) as server:
        page = load(server)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert page.text.count(HOSTILE) >= 2


def test_every_control_has_a_name(server: ThreadedServer) -> None:
    _, _, body = fetch(server, "GET", "/__clientsmith")
    text = body.decode()
    for control in re.findall(r"<(?:select|input)\b[^>]*>", text):
        if "hidden" not in control:
            before = text[: text.index(control)]
            assert before.rfind("<label>") > before.rfind("</label>"), control
    assert '<html lang="en">' in text
    assert 'name="viewport"' in text


def test_curl_commands_carry_no_credentials(server: ThreadedServer) -> None:
    fetch(server)
    text = load(server).text
    assert BASIC[1].split()[1] not in text
    assert (
        f'curl -i {server.url}/v1/Listing/XBaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -u "$USERNAME:$PASSWORD"' in text
    )
