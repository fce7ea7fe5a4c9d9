"""Faults put into the readers of schemas one at a time: what is written out by hand finds every one of them."""

from __future__ import annotations

import pytest

from tests.unit.jsonschema.branched import wrong_branches, wrong_places
from tests.unit.jsonschema.floor import Fault, loaded
from tests.unit.jsonschema.merged import wrong_shapes

FAULTS = [
    Fault("keywords", '("properties", "required", "patternProperties", "additionalProperties", "minProperties",',
          '("properties", "required", "patternProperties", "minProperties",'),
    Fault("keywords", '("items", "prefixItems", "minItems",', '("items", "minItems",'),
    Fault("keywords", 'node.mapping.get("nullable") is True or "null"', '"null"'),
    Fault("keywords", "return [const] if listed is None else common_values([const], listed)", "return [const]"),
    Fault("keywords", 'allowed = {equality_key(cast("Value", other)) for other in others}\n    return [value for value in '
          'values if equality_key(cast("Value", value)) in allowed]', "return [value for value in values if value in others]"),
    Fault("keywords", ' or listed_values(node) == [None]', ""),
    Fault("keywords", 'encoded = node.mapping.get("contentEncoding") not in (None, "binary")', "encoded = False"),
    Fault("bounds", "return max(one, other, key=exact) if key in _LOWER else min(one, other, key=exact)",
          "return min(one, other, key=exact) if key in _LOWER else max(one, other, key=exact)"),
    Fault("bounds", '_LOWER = frozenset({"minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum"})',
          '_LOWER = frozenset({"minimum", "minLength", "minItems", "minProperties"})'),
    Fault("bounds", "bounds[exclusive] = bounds.pop(inclusive)", "bounds[exclusive] = bounds[inclusive]"),
    Fault("bounds", "if schema.get(exclusive) is True and", "if"),
    Fault("bounds", "return _common_multiple(one, other)", "return min(one, other)"),
    Fault("bounds", "math.lcm(first.numerator, second.numerator), math.gcd(", "math.lcm(first.numerator, "
          "second.numerator), math.lcm("),
    Fault("bounds", "return 0 <= bound", "return -1 <= bound"),
    Fault("bounds", 'return key != "multipleOf" or bound > 0', "return True"),
    Fault("shape", 'names |= {"integer"}', "pass"),
    Fault("shape", "names if shape.types is None else shape.types & names",
          "names if shape.types is None else shape.types | names"),
    Fault("shape", "shape.implied |= implied_types(node)", "shape.implied &= implied_types(node)"),
    Fault("shape", "format_of(node) or shape.format", "format_of(node)"),
    Fault("shape", "shape.properties.setdefault(name, []).append(properties.child(name))",
          "shape.properties[name] = [properties.child(name)]"),
    Fault("shape", "shape.required.setdefault(name, entry)", "shape.required = {name: entry}"),
    Fault("shape", "([] if shape.closed else [entry])", "[entry]"),
    Fault("shape", "shape.of_property(name) or ([]", "([]"),
    Fault("shape", '("additionalProperties", "unevaluatedProperties")', '("additionalProperties",)'),
    Fault("shape", "additional.value is True or not asserts(additional)", "additional.value is True"),
    Fault("shape", "if index == len(shape.prefix):", "if True:"),
    Fault("shape", "return self.properties.get(name) or [*matching] or self.additional",
          "return self.properties.get(name) or self.additional"),
    Fault("shape", "return self.prefix[index] if index < len(self.prefix) else self.items", "return self.items"),
    Fault("reader", "return self.document.version < (3, 1) and references(node)", "return references(node)"),
    Fault("reader", "return self.document.version < (3, 1) and references(node)", "return False"),
    Fault("reader", "siblings = self.document.version >= (3, 1) and asserts(node, REFERENCES)", "siblings = False"),
    Fault("reader", "return found if self.is_bare_reference(node) else found + elements(node, ALL_OF)",
          "return found or elements(node, ALL_OF)"),
    Fault("reader", "may_be_null is not False if stated", "True if stated"),
    Fault("reader", "or (None in shape.values and may_be_null is None)", ""),
    Fault("reader", "None in shape.values and may_be_null is None", "None in shape.values"),
    Fault("reader", "if value is not None or shape.nullable:", "if value is not None:"),
    Fault("reader", "elif fits_type(value, shape.types):", "else:"),
    Fault("reader", "any(map(is_null, members))", "False"),
    Fault("reader", "\"type\" not in node.value and any(map", "any(map"),
    Fault("reader", "len(essential) != 1 or (keyword != ALL_OF and any(not asserts(member) for member in members))",
          "len(essential) != 1"),
    Fault("reader", "pending.extend((inner, False) for inner in reversed(self.conjuncts(current)))",
          "pending.extend((inner, False) for inner in self.conjuncts(current)[:1])"),
    Fault("branches", "frozenset(stated_types(part)) or implied_types(part)", "frozenset(stated_types(part))"),
    Fault("branches", '"number" if name == "integer" else name', "name"),
    Fault("reader", "if self.is_bare_reference(node):\n            return", "if False:\n            return"),
    Fault("branches", "if not self._reader.is_bare_reference(part):", "if True:"),
    Fault("branches", "return own or next(matching, joined.additional)", "return own or joined.additional"),
    Fault("branches", "if index < len(joined.prefix) else joined.items", "if False else joined.items"),
    Fault("branches", '("additionalProperties", "unevaluatedProperties")', '("additionalProperties",)'),
    Fault("branches", "(None if known.is_closed else entry)", "entry"),
    Fault("branches", "self.property(schema, name) or (None", "(None"),
    Fault("branches", "int(step[:9])", "0"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{one.module}: {one.text}"[:80] for one in FAULTS])
def test_a_fault_is_found(fault: Fault) -> None:
    floor = loaded(fault)

    assert wrong_shapes(floor) or wrong_branches(floor) or wrong_places(floor)
