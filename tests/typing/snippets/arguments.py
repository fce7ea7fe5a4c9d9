"""What calls take: models and dicts alike, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from twilio_marketplace import UNSET, MarketplaceClient, inputs, models

client = MarketplaceClient("SK", "secret")
update = client.listings.update
report = client.usages.report

update("XB", module_info={"name": "Example", "tagline": "t"}, pricing={"body": "$10"})
update("XB", module_info=models.ModuleInfoUpdate(name="Example"), pricing={"body": "$10"})
update("XB", description={"highlights": [{"title": "t"}, models.HighlightUpdate(title="t")]})
update("XB", description=models.DescriptionUpdate(highlights=[models.HighlightUpdate(title="t")]))
update("XB", configuration={"notification_configuration": {"notification_events": ["module_install"]}})
update("XB", module_info=UNSET)
update("XB")
module_info: inputs.ModuleInfoUpdateDict = {"name": "Example"}
update("XB", module_info=module_info)

update("XB", module_info={"nam": "x"})  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", module_info={"name": 1})  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", module_info={"name": None})  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", module_info="x")  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", module_info=None)  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", module_info=models.PricingUpdate())  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", description={"highlights": [{"titel": "t"}]})  # error: mypy[arg-type] pyright[reportArgumentType]
update("XB", {"name": "x"})  # error: mypy[arg-type,call-arg] pyright[reportCallIssue]
update("XB", modul_info={"name": "x"})  # error: mypy[call-arg] pyright[reportCallIssue]
update(module_info={"name": "x"})  # error: mypy[call-arg] pyright[reportCallIssue]
update(1)  # error: mypy[arg-type] pyright[reportArgumentType]
update(None)  # error: mypy[arg-type] pyright[reportArgumentType]
models.ModuleInfoUpdate(nam="x")  # error: mypy[call-arg] pyright[reportCallIssue]
inputs.ModuleInfoUpdateDict(nam="x")  # error: mypy[typeddict-unknown-key] pyright[reportCallIssue]

report("XE", billable_items=[{"sid": "BI", "quantity": Decimal("12.355")}, {"sid": "BI", "quantity": 3}])
report("XE", billable_items=[models.BillableItem(sid="BI", quantity=Decimal("12.355"))])
report("XE", billable_items=({"sid": "BI", "quantity": 1},))
items: list[models.BillableItem | inputs.BillableItemDict] = [{"sid": "BI", "quantity": 1}]
report("XE", billable_items=items)
dicts: list[inputs.BillableItemDict] = [{"sid": "BI", "quantity": 1}]
report("XE", billable_items=dicts)
objects = [models.BillableItem(sid="BI", quantity=Decimal(1))]
report("XE", billable_items=objects)

report("XE", billable_items=[{"sid": "BI", "quantity": 1.5}])  # error: mypy[list-item] pyright[reportArgumentType]
report("XE", billable_items=[{"sid": "BI", "quantity": "1"}])  # error: mypy[list-item] pyright[reportArgumentType]
report("XE", billable_items=[{"sid": "BI", "quantity": None}])  # error: mypy[list-item] pyright[reportArgumentType]
report("XE", billable_items=[{"sid": "BI"}])  # error: mypy[list-item] pyright[reportArgumentType]
report("XE", billable_items=[{"quantity": 1}])  # error: mypy[list-item] pyright[reportArgumentType]
report("XE", billable_items={"sid": "BI", "quantity": 1})  # error: mypy[arg-type] pyright[reportArgumentType]
report("XE", billable_items=None)  # error: mypy[arg-type] pyright[reportArgumentType]
report("XE", billable_items=UNSET)  # error: mypy[arg-type] pyright[reportArgumentType]
report("XE")  # error: mypy[call-arg] pyright[reportCallIssue]
report(billable_items=[])  # error: mypy[call-arg] pyright[reportCallIssue]
report("XE", [])  # error: mypy[call-arg] pyright[reportCallIssue]
client.listings.fetch()  # error: mypy[call-arg] pyright[reportCallIssue]
client.listings.fetch("XB", "XB")  # error: mypy[arg-type,call-arg] pyright[reportCallIssue]
client.listings.delete("XB")  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
_ = client.listing  # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]


def with_values_of_unknown_length(sequence: Sequence[inputs.BillableItemDict], mapping: dict[str, str]) -> None:
    report("XE", billable_items=sequence)
    update("XB", module_info=mapping)  # error: mypy[arg-type] pyright[reportArgumentType]
    item: inputs.BillableItemDict = {"sid": "BI", "quantity": 1, "note": ""}  # error: mypy[typeddict-unknown-key] pyright[reportAssignmentType]
    item["sid"] = Decimal(1)  # error: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
    item["quantity"] = Decimal(1)
