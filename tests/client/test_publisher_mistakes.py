"""What a publisher gets wrong is refused with what is right: SIDs of another kind, base URLs, sizes."""

from __future__ import annotations

import logging

import httpx
import pytest

import twilio_marketplace


def test_an_installation_sid_of_another_kind_is_refused_with_a_hint() -> None:
    sent: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(202))
    item = {"sid": "BI" + "a" * 32, "quantity": 1}
    with twilio_marketplace.MarketplaceClient("SK1", "s", transport=transport) as client:
        with pytest.raises(
            twilio_marketplace.RequestValidationError, match="X-Twilio-AddOnInstallSid"
        ) as caught:
            client.usages.report("XD" + "a" * 32, billable_items=[item])
        assert "XE SID" in str(caught.value)
        with pytest.raises(twilio_marketplace.RequestValidationError) as other:
            client.usages.report("XB" + "a" * 32, billable_items=[item])
        assert "AddOnInstallSid" not in str(other.value)
    assert not sent


@pytest.mark.parametrize(
    "base_url",
    [
        "https://marketplace.twilio.com",
        "https://marketplace.twilio.com/",
        "https://marketplace.twilio.com/v1/v1",
    ],
)
def test_a_wrong_base_url_on_its_host_is_refused_with_the_right_one(base_url: str) -> None:
    with pytest.raises(
        twilio_marketplace.ConfigurationError, match=r"pass https://marketplace\.twilio\.com/v1$"
    ):
        twilio_marketplace.MarketplaceClient("SK1", "s", base_url=base_url)
    for right in ("https://marketplace.twilio.com/v1", "https://marketplace.ie1.twilio.com"):
        twilio_marketplace.MarketplaceClient("SK1", "s", base_url=right)


@pytest.mark.parametrize(("characters", "warned"), [(2_499_000, False), (2_501_000, True)])
def test_policies_above_five_megabytes_are_warned_about_and_sent(
    characters: int, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(304))
    with (
        caplog.at_level(logging.WARNING),
        twilio_marketplace.MarketplaceClient("SK1", "s", transport=transport) as client,
    ):
        client.listings.update("XB" + "a" * 32, policies={"privacy": "\u00e9" * characters})
    assert len(sent) == 1 and bool(caplog.records) is warned
    assert not warned or ("Policies" in caplog.text and "5000000" in caplog.text)
