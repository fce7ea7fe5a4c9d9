"""What a package promises whatever its API: exports, errors, settings, how answers are read, how connections are used.

All of it is looked at by one operation that stands for all; what differs between operations is in `promises_part`.
"""

from __future__ import annotations

from clientsmith.conform.model import Mode
from clientsmith.conform.promises.answers_part import check_answers
from clientsmith.conform.promises.arguments_part import check_arguments
from clientsmith.conform.promises.connections.connections_part import check_connections
from clientsmith.conform.promises.connections.pool_part import check_pool
from clientsmith.conform.promises.connections.proxies_part import check_proxies
from clientsmith.conform.promises.connections.stray_part import check_strays
from clientsmith.conform.promises.credentials_part import check_client_credentials
from clientsmith.conform.promises.exports_part import check_exports
from clientsmith.conform.promises.extras_part import check_extras
from clientsmith.conform.promises.failures_part import check_failures
from clientsmith.conform.promises.journal.sqlite_file_part import check_sqlite_files
from clientsmith.conform.promises.journal.sqlite_runs_part import check_sqlite_runs
from clientsmith.conform.promises.patience_part import check_patience
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.conform.promises.settings_part import check_client_settings
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.openapi.operation import DescribedOperation


def check_package(context: Context, mode: Mode) -> Findings:
    """Check one of the clients of a package against what it promises of all of its operations."""
    for operation in context.operations():
        usual = context.usual_inputs(operation)
        if usual is not None:
            case = PromiseCase(context, operation, Findings(context, "package", operation), usual, mode)
            check_exports(case)
            check_arguments(case)
            check_client_settings(case)
            check_client_credentials(case)
            check_failures(case)
            check_answers(case)
            check_patience(case)
            check_extras(case, _with_json_body(context))
            over = _over_connections(case)
            check_connections(over)
            check_pool(over)
            check_proxies(over)
            check_strays(over)
            if context.package.takes("journal"):
                check_sqlite_runs(case)
                check_sqlite_files(case)
            return case.findings
    return Findings(context, "package", None)


def _over_connections(case: PromiseCase) -> PromiseCase:
    """An operation that reuses a connection after any answer, or else the one that represents all."""
    for operation in case.context.operations():
        usual = case.context.usual_inputs(operation)
        if usual is not None and case.is_repeatable(operation):
            return PromiseCase(case.context, operation, case.findings, usual, case.mode)
    return case


def _with_json_body(context: Context) -> DescribedOperation | None:
    """An operation whose body is a JSON object, which may be given more members than the document knows."""
    for operation in context.operations():
        usual = context.usual_inputs(operation)
        media_type = context.package.operations[operation.id].media_type
        if usual is not None and isinstance(usual.body, dict) and media_type == "application/json":
            return operation
    return None
