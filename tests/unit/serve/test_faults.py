"""How faults are written, and which calls a rule hits."""

from __future__ import annotations

import pytest

from clientsmith.serve.faults.kinds import KINDS, Phase
from clientsmith.serve.faults.rules import (
    FaultError,
    FaultRule,
    FaultRules,
    asked_for,
    parse_fault,
    parse_rule,
)
from clientsmith.traffic.message import Fault, HttpRequest

OPERATIONS = ("listPets", "addPet")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("garbage", FaultRule(Fault("garbage"))),
        ("delay", FaultRule(Fault("delay", (1,)))),
        ("delay:0.5", FaultRule(Fault("delay", (0.5,)))),
        ("reset-in-body", FaultRule(Fault("reset-in-body"))),
        ("reset-in-body:10@addPet", FaultRule(Fault("reset-in-body", (10,)), "addPet")),
        ("garbage#2", FaultRule(Fault("garbage"), None, 2, 1)),
        ("garbage#2-", FaultRule(Fault("garbage"), None, 2)),
        ("trickle-body:0.1,5@listPets#2-4", FaultRule(Fault("trickle-body", (0.1, 5)), "listPets", 2, 3)),
    ],
)
def test_a_rule_is_read_and_written_back(text: str, rule: FaultRule) -> None:
    assert parse_rule(text, OPERATIONS) == rule
    assert parse_rule(str(rule), OPERATIONS) == rule


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not a fault"),
        ("garbage@", "is not a fault"),
        ("garbage#0", "is not a fault"),
        ("garbage#x", "is not a fault"),
        ("garbage#4-2", "ends before it begins"),
        ("trunkate", "did you mean truncate?"),
        ("zzz", "known: refuse, "),
        ("delay:soon", "'soon' is not a number of seconds; it is written delay[:SECONDS]"),
        ("delay:nan", "seconds from 0 to 86400"),
        ("delay:-1", "seconds from 0 to 86400"),
        ("delay:1,2", "too many numbers"),
        ("garbage:1", "too many numbers"),
        ("truncate:1.5", "not a whole number of bytes"),
        ("server-error:404", "status from 500 to 599"),
        ("garbage@listPet", "did you mean listPets?"),
        ("garbage@nothing", "known: listPets, addPet"),
        ("refuse@listPets", "strikes before a request is read"),
        ("refuse#2", "takes no call numbers"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(text: str, told: str) -> None:
    with pytest.raises(FaultError) as caught:
        parse_rule(text, OPERATIONS)
    assert told in str(caught.value)


def hits(rules: FaultRules, *operations: str | None) -> list[str | None]:
    picked = [rules.pick(operation) for operation in operations]
    return [fault.name if fault else None for fault in picked]


def rules(*texts: str) -> FaultRules:
    made = FaultRules()
    for text in texts:
        made.add(parse_rule(text, OPERATIONS))
    return made


def test_calls_are_counted_by_rule_and_operation() -> None:
    made = rules("garbage@addPet#2-3")
    calls = ("addPet", "listPets", "addPet", None, "addPet", "addPet")
    assert hits(made, *calls) == [None, None, "garbage", None, "garbage", None]
    assert [(one.seen, one.hit) for one in made.active] == [(4, 2)]


def test_the_first_rule_that_hits_a_call_wins_it_and_every_rule_counts_it() -> None:
    made = rules("garbage#1", "truncate#1-2")
    assert hits(made, "addPet", "addPet", "addPet") == ["garbage", "truncate", None]


def test_rules_are_removed_one_by_one_and_all_together() -> None:
    made = rules("garbage", "truncate")
    first, second = made.active
    assert made.remove(first.id)
    assert not made.remove(first.id)
    assert hits(made, None) == ["truncate"]
    made.clear()
    assert hits(made, None) == [None]
    assert made.add(FaultRule(Fault("garbage"))) > second.id


def test_each_phase_is_asked_for_its_own_faults() -> None:
    made = rules("reset-on-connect", "reset-in-request@addPet", "garbage")
    assert hits(made, "addPet") == ["garbage"]
    assert made.pick_on_connect() == Fault("reset-on-connect")
    assert made.pick_in_request("addPet") == Fault("reset-in-request")
    assert made.pick_in_request("listPets") is None
    assert made.has(Phase.REQUEST)
    assert not made.has(Phase.CONTENT)


def test_a_request_that_asks_for_a_fault_gets_it_before_every_rule_and_alone() -> None:
    made = rules("garbage")
    with made.asked(Fault("delay", (2.0,))):
        assert made.pick("addPet") == Fault("delay", (2.0,))
    assert hits(made, "addPet") == ["garbage"]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("X-Clientsmith-Fault", "delay:2", Fault("delay", (2.0,))),
        ("x-clientsmith-fault", " trickle-body:0.1,5 ", Fault("trickle-body", (0.1, 5))),
        ("Prefer", "fault=garbage", Fault("garbage")),
        ("Prefer", "code=404, fault=trickle-body:0.1,5", Fault("trickle-body", (0.1, 5))),
        ("Prefer", 'fault="delay:2", code=404', Fault("delay", (2.0,))),
        ("Prefer", "default=x", None),
        ("Prefer", "code=404", None),
    ],
)
def test_headers_ask_for_a_fault(name: str, value: str, fault: Fault | None) -> None:
    assert asked_for(HttpRequest("GET", "/", (("Host", "a"), (name, value)))) == fault


@pytest.mark.parametrize("value", ["refuse", "reset-on-connect", "nothing", "delay:x"])
def test_a_header_that_asks_for_the_impossible_is_an_error(value: str) -> None:
    with pytest.raises(FaultError):
        asked_for(HttpRequest("GET", "/", (("X-Clientsmith-Fault", value),)))


def test_every_fault_says_how_it_is_written_and_what_it_does() -> None:
    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.form.startswith(name)
        assert kind.summary
        assert parse_fault(name).name == name
