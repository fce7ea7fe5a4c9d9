"""What calls give back."""

from __future__ import annotations

from decimal import Decimal

from typing_extensions import assert_type

from twilio_marketplace import MarketplaceClient, Matched, NotModified, PartialSuccess, models

client = MarketplaceClient("SK", "secret")

listing = client.listings.fetch("XB")
assert_type(listing, models.Listing)
assert_type(listing.sid, str | None)
assert_type(listing.description, models.ListingDescription | None)
listing.sid.upper()  # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
_ = listing.no_such_field  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
if listing.description is not None and listing.description.highlights is not None:
    for highlight in listing.description.highlights:
        assert_type(highlight.title, str | None)

updated = client.listings.update("XB")
assert_type(updated, models.Listing | NotModified)
_ = updated.sid  # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
if isinstance(updated, NotModified):
    assert_type(updated, NotModified)
else:
    assert_type(updated, models.Listing)
    assert_type(updated.pricing, models.ListingPricing | None)

usage = client.usages.report("XE", billable_items=[])
assert_type(usage, PartialSuccess[models.UsageResult, models.BillableItem, models.SubmittedItem])
assert_type(usage.all_submitted, bool)
assert_type(usage.accepted, tuple[Matched[models.BillableItem, models.SubmittedItem], ...])
assert_type(usage.unmentioned, tuple[models.BillableItem, ...])
assert_type(usage.unexpected, tuple[models.SubmittedItem, ...])
assert_type(usage.total, Decimal | None)
assert_type(usage.computed_total, Decimal | None)
assert_type(usage.total_matches, bool | None)
for pair in (*usage.rejected, *usage.undecided):
    assert_type(pair.sent.quantity, Decimal)
    assert_type(pair.received.quantity, Decimal | None)
_ = usage.total_submitted  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
_ = usage.unmentioned[0].submitted  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
usage.total = None  # error: mypy[misc] pyright[reportAttributeAccessIssue]
anything: PartialSuccess[object, object, object] = usage
swapped: PartialSuccess[models.UsageResult, models.SubmittedItem, models.BillableItem] = usage  # error: mypy[assignment] pyright[reportAssignmentType]

report = usage.result
assert_type(report, models.UsageResult)
assert_type(report.total_submitted, Decimal | None)
for item in report.billable_items or []:
    assert_type(item, models.SubmittedItem)
    assert_type(item.quantity, Decimal | None)
    assert_type(item.submitted, bool | None)
wrong: float = report.total_submitted  # error: mypy[assignment] pyright[reportAssignmentType]
total = Decimal(0)
if report.total_submitted is not None:
    total += report.total_submitted
    assert_type(report.total_submitted * 2, Decimal)
    _ = report.total_submitted + 0.1  # error: mypy[operator] pyright[reportOperatorIssue]

billed = models.BillableItem(sid="BI", quantity=Decimal("12.355"))
assert_type(billed.quantity, Decimal)
assert_type(billed.sid, str)
models.BillableItem(sid="BI", quantity=12.355)  # error: mypy[arg-type] pyright[reportArgumentType]
models.BillableItem(sid="BI")  # error: mypy[call-arg] pyright[reportCallIssue]
models.BillableItem(sid="BI", quantity=Decimal(1), note="")  # error: mypy[call-arg] pyright[reportCallIssue]
