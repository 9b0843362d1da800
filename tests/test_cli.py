"""The command line as its users meet it: real processes and exit codes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from breakeven.apps import cli
from breakeven.explorer import findings


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    assert f"breakeven {command}" in capsys.readouterr().out


def test_evaluate_answers_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "evaluate", "trainium2-vs-h100")
    assert code == 0
    assert "Trainium2" in out
    assert "per million output tokens" in out


def test_evaluate_json_follows_a_change(capsys: pytest.CaptureFixture[str]) -> None:
    costs = []
    for price in ("20000", "40000"):
        words = ("evaluate", "trainium2-vs-h100", "--json", "--set")
        _, out, _ = run(capsys, *words, f"gpu.price={price}")
        read = json.loads(out)
        assert read["inputs"]["gpu.chip.price"]["status"] == "edited"
        costs.append(read["results"]["cost_per_token"]["value"][1])
    assert costs[1] > costs[0]


def test_a_number_beyond_all_others_is_answered_in_words() -> None:
    words = ["evaluate", "trainium2-vs-h100", "--set", "workload.output_length=1e200"]
    found = subprocess.run(
        [sys.executable, "-m", "breakeven.apps.cli", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0
    assert "cannot be compared" in found.stdout
    assert not found.stderr, "no warning of NumPy"


def test_set_takes_units(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("evaluate", "trainium2-vs-h100", "--json", "--set")
    _, out, _ = run(capsys, *words, "site.electricity_price=80 USD/MWh")
    value = json.loads(out)["inputs"]["site.electricity_price"]["value"]
    assert value == pytest.approx(0.08)


BAD = [
    (("evaluate", "no-such"), "no-such"),
    (("evaluate", "trainium2-vs-h100", "--set", "no.such.input=1"), "no.such.input"),
    (("evaluate", "trainium2-vs-h100", "--set", "asic.count"), "NAME=VALUE"),
    (("evaluate", "trainium2-vs-h100", "--set", "asic.count=-1"), "at least 1"),
    (("evaluate", "trainium2-vs-h100", "--set", "asic.count=inf"), "not finite"),
    (("evaluate", "trainium2-vs-h100", "--set", "site.pue=1 GB"), "GB"),
    (("presets", "trainum2"), "trainium2"),
    (
        ("sweep", "trainium2-vs-h100", "--over", "asic.count=9:1:3", "-o", "x.csv"),
        "low",
    ),
    (
        ("sweep", "trainium2-vs-h100", "--over", "asic.cnt=1:9:3", "-o", "x.csv"),
        "count",
    ),
    (("serve", "--port", "99999"), "65535"),
]


@pytest.mark.parametrize(("words", "said"), BAD)
def test_bad_input_is_one_line_and_exit_2(
    words: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_presets_show_every_figure_with_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, listing, _ = run(capsys, "presets")
    assert "trainium2" in listing
    _, out, _ = run(capsys, "presets", "trainium2")
    assert "hbm_bandwidth" in out
    assert "2.9" in out
    assert "vendor" in out
    assert "not published" in out


def test_cite_names_documents(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "cite", "trainium2-vs-h100")
    assert code == 0
    assert "Trainium2 architecture" in out
    assert "https://" in out


def test_a_sweep_is_every_combination(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "grid.csv"
    axes = ("asic.count=1e3:1e6:4:log", "site.electricity_price=0.05:0.1:3")
    words = [w for axis in axes for w in ("--over", axis)]
    code, _, _ = run(capsys, "sweep", "trainium2-vs-h100", *words, "-o", str(path))
    assert code == 0
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    counts = [float(row["asic.count [chip]"]) for row in rows]
    assert counts[::3] == pytest.approx([1e3, 1e4, 1e5, 1e6])
    assert rows[0]["asic.cost_per_token [USD/Mtoken]"] != ""
    assert not any(name.startswith(".") for name in map(str, tmp_path.iterdir()))


def test_studies_speak_under_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "evaluate", "trainium2-vs-h100", "--studies", "port")
    assert code == 0
    assert "(port)\n---" in out
    code, out, _ = run(capsys, "evaluate", "trainium2-vs-h100", "--studies")
    assert code == 0
    assert out.count("\n---") >= len(findings.SAID) - 2  # a deal, a run: not in each
    code, _, err = run(capsys, "evaluate", "trainium2-vs-h100", "--studies", "prot")
    assert code == 2
    assert "port" in err
    assert err.count("\n") == 1
