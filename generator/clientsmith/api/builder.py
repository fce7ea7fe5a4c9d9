"""Builds the model of an API from a resolved document: operations, then the schemas they use, then final names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clientsmith.api.exports import with_exports
from clientsmith.api.finalized import finalized_operation
from clientsmith.api.model.api import Api, Operation, Parameter, RequestBody, Response
from clientsmith.api.model.naming import (
    package_name,
)
from clientsmith.api.model.type_paths import TypePaths
from clientsmith.api.names.aliases import with_old_names
from clientsmith.api.names.identities import Identities
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.names.kept import NONE, Names
from clientsmith.api.names.operation_classes import operation_classes
from clientsmith.api.operations.argument_names import ArgumentNames
from clientsmith.api.operations.bodies import BodyReader
from clientsmith.api.operations.files import operation_without_files, schemas_without_files
from clientsmith.api.operations.operations import Placed, place
from clientsmith.api.operations.overrides import check_overrides
from clientsmith.api.operations.parameters import ParameterReader
from clientsmith.api.operations.partial_success import PartialSuccessReader
from clientsmith.api.operations.request_schemas import RequestSchemas
from clientsmith.api.operations.response_schemas import ResponseSchemas
from clientsmith.api.operations.responses import ResponseReader, outcome, without_bodies
from clientsmith.api.operations.security import SecurityReader
from clientsmith.api.operations.servers import (
    common_path,
    common_server,
    documented_servers,
    note_relative_server,
    operation_server,
    server_url,
)
from clientsmith.api.operations.support import supported
from clientsmith.api.operations.unasked_answers import UnaskedAnswers, unasked_media
from clientsmith.api.resources import client_class, resources_of
from clientsmith.api.schemas.alias_depths import alias_depths
from clientsmith.api.schemas.budget import OverBudgetError
from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.api.schemas.variants import final_names
from clientsmith.api.subtype_uses import subtype_uses
from clientsmith.api.unreached import lower_unused, note_what_is_no_call
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.budget import TOO_COSTLY
from clientsmith.document.extensions import BILLS, IDEMPOTENT, check_other_documents
from clientsmith.document.model import Node
from clientsmith.document.operations import operations
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.uses import Direction, Uses, resolution_uses
from clientsmith.jsonschema.branches import Branches
from clientsmith.openapi.external_docs import with_external_docs
from clientsmith.openapi.operation import DescribedOperation


@dataclass(frozen=True, slots=True)
class Built:
    """The API model of a document, None if diagnostics say why there is none, and what was used to make it."""

    api: Api | None
    uses: Uses
    keeper: NameKeeper

    @property
    def names(self) -> Names:
        """The names of this build, to be kept with a release; worked out on every call."""
        return self.keeper.names()


def build(document: ResolvedDocument, config: Config, diagnostics: Diagnostics, kept: Names = NONE) -> Built:
    """The model with what of the document it is made from; things of the last release have their `kept` names."""
    check_other_documents(document, diagnostics)
    builder = _Builder(document, config, diagnostics, kept)
    api = _within_budget(builder)
    return Built(api, builder.uses(resolution_uses(document)), builder.keeper)


def _within_budget(builder: _Builder) -> Api | None:
    try:
        return _build(builder)
    except OverBudgetError as error:
        message = "here the schemas have merged into more types than the size of the document allows"
        hint = "schemas that meet in many ways multiply: refer to each of them from fewer places"
        builder.diagnostics.error(TOO_COSTLY, message, error.node.place, hint=hint)
        return None


def _build(builder: _Builder) -> Api | None:
    document, config, diagnostics = builder.document, builder.config, builder.diagnostics
    every = [DescribedOperation(found, document) for found in operations(document.node(), document.deref)]
    check_overrides(every, document, config, diagnostics)
    found = [one.found for one in supported(every, config.unsupported, diagnostics)]
    note_what_is_no_call(document, diagnostics)
    drafts = [
        (item, builder.operation(item))
        for item in place(found, config.resource_names, config.method_names, builder.keeper, diagnostics)
    ]
    builder.schemas.drain()
    builder.subtypes = {direction: [*nodes] for direction, nodes in builder.schemas.unions.subtypes.items()}
    builder.schemas.sources.uses.is_final = True
    lower_unused(document, builder.schemas)
    schemas = builder.schemas.finish()
    finished, name_of = final_names(schemas, builder.schemas.sources, builder.keeper, diagnostics)
    provisional = {name_of(name): name for name in schemas}
    for name, depth in alias_depths({schema.name: schema for schema in finished}).items():
        if name in provisional:
            builder.schemas.sources.spend(provisional[name], depth)
    types = TypePaths({schema.name: schema for schema in finished})
    partial = PartialSuccessReader(document, types, diagnostics)
    kept = builder.requests.keep(builder.schemas.sources)
    made = [
        (
            item,
            partial.read(
                item.found, operation_without_files(finalized_operation(draft, name_of, kept, types))
            ),
        )
        for item, draft in drafts
    ]
    api = _api(document, config, builder, made)
    checks, requests = builder.checks.finish(), builder.requests.finish()
    if diagnostics.has_errors:
        return None
    finished = schemas_without_files(finished, (operation for _, operation in made))
    api = replace(api, schemas=finished, response_schemas=checks, request_schemas=requests)
    api = with_exports(api, config.runtime_features)
    return with_old_names(api, builder.keeper)


@dataclass(slots=True)
class _Builder:
    """The readers of one build. What they read of OpenAPI objects is recorded; schema readers report it themselves."""

    source: ResolvedDocument
    config: Config
    diagnostics: Diagnostics
    kept: Names
    keeper: NameKeeper = field(init=False)
    document: ResolvedDocument = field(init=False)
    schemas: SchemaBuilder = field(init=False)
    checks: ResponseSchemas = field(init=False)
    requests: RequestSchemas = field(init=False)
    security: SecurityReader = field(init=False)
    base_url: str | None = field(init=False)
    subtypes: Mapping[Direction, list[Node]] = field(default_factory=dict[Direction, list[Node]])
    """The subtypes that values of some operation are typed by, in each direction."""

    def __post_init__(self) -> None:
        self.document = self.source.recorded()
        source, diagnostics = self.source, self.diagnostics
        every = (DescribedOperation(found, source) for found in operations(source.node(), source.deref))
        identities = Identities(source, every, self.kept, diagnostics)
        self.keeper = NameKeeper(identities, self.kept, diagnostics)
        decimals = self.config.numbers == "decimal"
        names = self.config.schema_names
        self.schemas = SchemaBuilder(
            source, diagnostics, names, self.keeper, decimals, operation_classes(source, names)
        )
        self.checks = ResponseSchemas(self.source, self.diagnostics)
        self.requests = RequestSchemas(self.source, self.diagnostics)
        self.security = SecurityReader(self.document, self.diagnostics, self.keeper)
        self.base_url = server_url(self.document.node())
        note_relative_server(self.document.node(), self.diagnostics)

    def uses(self, resolution: frozenset[Identity]) -> Uses:
        """What of the document decided something, after the model is made."""
        uses = self.schemas.sources.uses
        by_direction: dict[Direction, Mapping[Identity, set[str]]] = {
            "request": self.requests.used(),
            "response": self.checks.used(),
        }
        typed = subtype_uses(self.schemas.sources, self.subtypes)
        for direction, keywords in (*by_direction.items(), *typed.items()):
            uses.merge(direction, keywords)
        reached: dict[Direction, frozenset[Identity]] = {
            direction: frozenset({*keywords, *typed.get(direction, ())})
            for direction, keywords in by_direction.items()
        }
        return Uses(self.document.reads, resolution, uses, reached)

    def _messages(
        self, described: DescribedOperation
    ) -> tuple[list[Parameter], RequestBody | None, tuple[Response, ...]]:
        names = ArgumentNames(self.schemas, self.diagnostics, self.config.parameter_names, self.keeper)
        parameters, body = names.apply(
            described,
            ParameterReader(self.schemas, self.requests, self.diagnostics).read(described),
            BodyReader(self.schemas, self.requests, self.diagnostics).read(described),
        )
        responses = ResponseReader(self.schemas, self.checks, self.diagnostics).read(described)
        unasked = UnaskedAnswers(unasked_media(responses), Branches(self.schemas.reader))
        parameters, body = unasked.noted(described, parameters, body)
        return parameters, body, responses

    def operation(self, item: Placed) -> Operation:
        """One operation, schema names still provisional."""
        found, node = item.found, item.found.node
        parameters, body, responses = self._messages(DescribedOperation(found, self.document))
        method = found.method.upper()
        if method == "HEAD":
            responses = without_bodies(responses)
        bills = node.mapping.get(BILLS) is True
        result = outcome(responses, method, bills=bills)
        idempotent = node.mapping.get(IDEMPOTENT)
        return Operation(
            id=found.key,
            name=item.name,
            constant="",
            method=method,
            path=found.path,
            pointer=node.place.pointer or "",
            summary=node.text("summary"),
            description=with_external_docs(node.text("description"), node),
            deprecated=node.mapping.get("deprecated") is True,
            parameters=tuple(parameters),
            body=body,
            responses=responses,
            security=self.security.requirements(node),
            result=result.result,
            may_not_modify=result.may_not_modify,
            may_be_empty=result.may_be_empty,
            bills=bills,
            may_redirect=result.may_redirect,
            server=operation_server(found.item, node, self.base_url, self.diagnostics),
            idempotent=idempotent if isinstance(idempotent, bool) else None,
        )


def _client_names(title: str, info: Node, config: Config, keeper: NameKeeper) -> tuple[str, str]:
    """The names of the package and of the client."""
    chosen = {"package": config.package_name, "class": config.client_class}
    by_rule = {"package": package_name(title), "class": client_class(title)}
    package, client = (
        keeper.settle(
            "client", [Wish(("", what), name or by_rule[what], f"the {what}", info, name is not None)]
        )[0]
        for what, name in chosen.items()
    )
    return package, client


def _api(
    document: ResolvedDocument, config: Config, builder: _Builder, drafts: list[tuple[Placed, Operation]]
) -> Api:
    info = document.node().get("info") or document.node()
    title = info.text("title") or "API"
    package, client = _client_names(title, info, config, builder.keeper)
    made = [operation for _, operation in drafts]
    base_url = builder.base_url or common_server(operation.server for operation in made)
    used = Counter(
        key for operation in made for key in {key for listed in operation.security for key in listed}
    )
    return Api(
        title=title,
        version=info.text("version"),
        description=with_external_docs(info.text("description"), document.node()),
        package=package,
        client_class=client,
        async_client_class=f"Async{client}",
        base_url=base_url,
        security_schemes=builder.security.schemes(used, config),
        requires_credentials=bool(made)
        and all(operation.security and () not in operation.security for operation in made),
        resources=resources_of(document, drafts, base_url, builder.keeper),
        schemas=(),
        servers=documented_servers(
            document, [item.found for item, _ in drafts], base_url, builder.diagnostics
        ),
        common_path=common_path(operation.path for operation in made),
        allow_http=config.allow_http,
        decimals=config.numbers == "decimal",
    )
