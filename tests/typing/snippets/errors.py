"""Exceptions: caught at any level, with the response where there is one."""

from __future__ import annotations

from typing_extensions import assert_type

import twilio_marketplace
from twilio_marketplace import (
    ApiResponse,
    ClientError,
    MarketplaceClient,
    NotFound,
    Outcome,
    RequestValidationError,
    StatusError,
    TransportError,
)

client = MarketplaceClient("SK", "secret")
try:
    client.listings.fetch("XB")
except NotFound as not_found:
    assert_type(not_found.response, ApiResponse)
    assert_type(not_found.outcome, Outcome)
except StatusError as status_error:
    assert_type(status_error.response, ApiResponse)
    assert_type(status_error.response.status, int)
except TransportError as transport_error:
    _ = transport_error.response  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
except ClientError as client_error:
    assert_type(client_error.message, str)

subclasses: tuple[type[ClientError], ...] = (NotFound, StatusError, RequestValidationError)
none: type[StatusError] = TransportError  # error: mypy[assignment] pyright[reportAssignmentType]
_ = twilio_marketplace.Listings  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
_ = twilio_marketplace.httpx  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
assert_type(twilio_marketplace.models.Listing().sid, str | None)
section: twilio_marketplace.inputs.PricingUpdateDict = {"body": "$10"}
