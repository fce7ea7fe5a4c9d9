"""Parameters and media types are read as the specifications say, word by word."""

from __future__ import annotations

import pytest

from clientsmith.openapi import media_type, parameter
from tests.unit.openapi.tables import MEDIA_TYPE, PARAMETER, Table


@pytest.mark.parametrize("table", PARAMETER, ids=lambda table: table.__name__)
def test_parameters_are_read_as_the_specifications_say(table: Table) -> None:
    table(parameter)


@pytest.mark.parametrize("table", MEDIA_TYPE, ids=lambda table: table.__name__)
def test_media_types_are_read_as_the_specifications_say(table: Table) -> None:
    table(media_type)
