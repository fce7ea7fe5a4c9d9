"""The same document in any order of its keys, any process and any place gives the same bytes, manifest included."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.documents import documents
from tests.properties.kitchen_sink import DOCUMENT
from tests.properties.packages import deterministic, tree_of

_REPOSITORY = Path(__file__).parents[2]
_MARKETPLACE = yaml.safe_load((_REPOSITORY / "spec" / "marketplace.yaml").read_text())


def shuffled(value: Any, order: random.Random) -> Any:
    """The same value with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


@deterministic(12)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_keys_never_matters(document: dict[str, Any], order: random.Random) -> None:
    assert dict(tree_of(shuffled(document, order))) == dict(tree_of(document))


@deterministic(6)
@given(st.sampled_from([DOCUMENT, _MARKETPLACE]), st.randoms(use_true_random=False))
def test_the_order_of_keys_never_matters_in_large_documents(
    document: dict[str, Any], order: random.Random
) -> None:
    assert dict(tree_of(shuffled(document, order))) == dict(tree_of(document))


def test_process_hash_seed_and_place_never_matter(tmp_path: Path) -> None:
    runs = [_run(tmp_path / f"place {seed}", seed, random.Random(seed)) for seed in (0, 4711)]

    assert runs[0] == runs[1]
    assert "_manifest.json" in runs[0]
    assert runs[0] == dict(tree_of(DOCUMENT))


def _run(folder: Path, seed: int, order: random.Random) -> dict[str, bytes]:
    """What the real command writes, run in `folder` with a hash seed and an order of keys of its own."""
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / f"document{seed}.json").write_text(json.dumps(shuffled(DOCUMENT, order)))
    command = [
        sys.executable,
        "-P",
        "-m",
        "clientsmith",
        "generate",
        f"deep/document{seed}.json",
        "--out",
        f"out{seed}",
    ]
    environment = os.environ | {
        "PYTHONHASHSEED": str(seed),
        "PYTHONPATH": str(_REPOSITORY / "generator"),
        "TZ": f"UTC+{seed % 9}",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    out = folder / f"out{seed}"
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
