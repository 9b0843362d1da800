"""A user's own folder of presets: a model added, used, and never in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from breakeven import presets
from breakeven.apps import cli
from breakeven.explorer import load_scenario
from breakeven.presets import tables

CONFIG = {
    "_name_or_path": "our-lab/small-9b",
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "num_hidden_layers": 36,
    "hidden_size": 4096,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "intermediate_size": 14336,
    "vocab_size": 128256,
    "tie_word_embeddings": False,
}


def forget() -> None:
    for cached in (tables.rows, tables._by_preset):
        cached.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(tables.OWN_FOLDER, str(tmp_path / "own"))
    forget()
    yield tmp_path / "own"
    monkeypatch.delenv(tables.OWN_FOLDER)
    forget()


def config_file(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG | changes))
    return path


def test_an_added_model_is_a_preset(folder: Path, tmp_path: Path) -> None:
    assert cli.main(["presets", "add-llm", str(config_file(tmp_path))]) == 0
    forget()
    name = presets.names("llms")[-1]
    assert "small_9b" in name
    scenario = tmp_path / "mine.toml"
    scenario.write_text(f'name = "m"\nbase = "trainium2-vs-h100"\nllm = "{name}"\n')
    found = load_scenario(scenario)
    assert found.llm.layers == 36.0
    assert found.evaluate().feasible.all()
    assert found.inputs()["workload.llm.layers"].evidence.status == "vendor"


def test_a_name_is_added_once(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["presets", "add-llm", str(config_file(tmp_path))]
    assert cli.main(words) == 0
    before = (folder / "llms.csv").read_text()
    forget()
    assert cli.main(words) == 2
    assert "another name" in capsys.readouterr().err
    assert (folder / "llms.csv").read_text() == before


def test_a_shipped_name_is_not_replaced(folder: Path) -> None:
    folder.mkdir()
    row = "llama3_70b,layers,1,,,layer,vendor,own-config,2026-11-22,\n"
    (folder / "llms.csv").write_text(",".join(tables.gate.COLUMNS) + "\n" + row)
    with pytest.raises(presets.PresetError, match=r"llms\.csv:2:preset: llama3_70b"):
        presets.names("llms")


def test_a_field_that_is_not_understood_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config_file(tmp_path, model_type="mamba", ssm_state_size=16)
    assert cli.main(["presets", "add-llm", str(path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not folder.exists()
