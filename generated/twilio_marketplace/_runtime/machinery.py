# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The names that generated code is made of."""

from .client.async_client import AsyncClient as AsyncClient
from .client.client import SyncClient as SyncClient
from .client.core import Settings as Settings
from .client.journaled import AsyncJournaledClient as AsyncJournaledClient
from .client.journaled import JournaledClient as JournaledClient
from .client.resource import AsyncResource as AsyncResource
from .client.resource import Resource as Resource
from .messages.body import JsonBody as JsonBody
from .messages.body import TextBody as TextBody
from .messages.credentials import SecurityScheme as SecurityScheme
from .messages.encoding import Encoding as Encoding
from .messages.form_body import FormBody as FormBody
from .messages.operation import Media as Media
from .messages.operation import Operation as Operation
from .messages.operation import Parameter as Parameter
from .messages.operation import Response as Response
from .messages.options import Configuration as Configuration
from .messages.partial_declaration import PartialDeclaration as PartialDeclaration
from .messages.validation import ResponseSchemas as ResponseSchemas
from .types.models import OpenRequestModel as OpenRequestModel
from .types.models import RequestModel as RequestModel
from .types.models import ResponseModel as ResponseModel
from .types.request_types import ExactNumber as ExactNumber
