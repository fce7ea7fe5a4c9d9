"""Classes of Python whose objects are sent as the text of a string."""

from __future__ import annotations

from collections.abc import Mapping

MODULES: Mapping[str, str] = {
    "Decimal": "decimal", "UUID": "uuid", "IPv4Address": "ipaddress", "IPv6Address": "ipaddress",
    **dict.fromkeys(("date", "datetime", "time", "timedelta"), "datetime"),
}  # fmt: skip
"""The module of each class whose objects are sent as text."""
TEXTS: Mapping[str, str] = {
    "nothing": "FormattedStr", "UUID": "UuidStr", "IPv4Address": "Ipv4Str", "IPv6Address": "Ipv6Str", "time": "TimeStr",
    "timedelta": "DurationStr", "Decimal": "DecimalStr",
}  # fmt: skip
"""The runtime's types of strings by what they take in place of text."""
