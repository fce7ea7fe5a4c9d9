"""Every fault fits our package as it is generated today; messages and documents change as they say."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
import yaml

from clientsmith.traffic.message import HttpResponse
from power_peers import PEERS
from power_seeds import PLANTED, domain, peers, thinned
from power_server import ANSWERS, moved_documents, stale_tapes
from power_sites import Seeded

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "generated/twilio_marketplace"


@functools.cache
def of_the_domain() -> tuple[Seeded, ...]:
    return tuple(domain(PACKAGE))


def test_every_fault_fits_the_package_under_an_id_of_its_own() -> None:
    found = [*of_the_domain(), *peers(PACKAGE)]
    ids = {one.id for one in found}
    assert len(ids) == len(found)
    assert len(found) > len(PLANTED) + len(PEERS)


def test_the_same_faults_come_out_twice() -> None:
    assert list(peers(PACKAGE)) == list(peers(PACKAGE))


def test_thinning_keeps_every_operator_of_every_file() -> None:
    def kinds(found) -> set[tuple[str, str]]:
        return {(one.path, one.id.split("::")[2]) for one in found}

    every = of_the_domain()
    kept = thinned(iter(every))
    assert kinds(kept) == kinds(every)
    assert len(kept) < len(every)


def test_every_peer_has_a_fault() -> None:
    named = {name for one in PEERS for name in one.peer.split(", ")}
    assert {"opc", "oag", "dmcg", "clientele", "pag", "twilio", "node", "openai", "anthropic"} <= named


@pytest.mark.parametrize("name", ANSWERS)
def test_a_wrong_answer_is_another_answer(name: str) -> None:
    answers = [
        HttpResponse(200, (("Content-Type", "application/json"),), b'{"sid": "XB", "url": null}'),
        HttpResponse(404, (("Content-Type", "application/json"),), b'{"code": 20404}'),
    ]
    assert any(ANSWERS[name](one) != one for one in answers)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_change_of_json_leaves_other_bodies_alone(name: str) -> None:
    if "member" in name:
        plain = HttpResponse(200, (), b"<p>busy</p>")
        assert ANSWERS[name](plain) == plain


def test_documents_move_in_one_place_at_a_time() -> None:
    document = yaml.safe_load((ROOT / "spec/marketplace.yaml").read_text(encoding="utf-8"))
    before = json.dumps(document, default=str)
    moved = list(moved_documents(document))
    assert len({name for name, _ in moved}) == len(moved) > 100
    assert all(json.dumps(one, default=str) != before for _, one in moved)
    assert json.dumps(document, default=str) == before


def test_tapes_go_stale_one_entry_at_a_time() -> None:
    tape = json.loads(next((ROOT / "spec/recordings").glob("*.har")).read_text(encoding="utf-8"))
    stale = list(stale_tapes(tape))
    assert stale
    for _, one in stale[:50]:
        pairs = zip(one["log"]["entries"], tape["log"]["entries"], strict=True)
        assert sum(entry != was for entry, was in pairs) == 1
