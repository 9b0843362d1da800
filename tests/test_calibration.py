"""The calibration: recovery, shrinkage, stored values, intervals, commands."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from breakeven.apps.cli import main
from breakeven.explorer import cases, fitting, predicting
from breakeven.explorer.accuracy import comparison
from breakeven.models import calibration
from breakeven.models.calibration import Effect, Prior, Problem
from breakeven.models.cases import hints, software_family
from breakeven.presets import calibrated, stacks, tables


class Line:
    """Rows whose rate is share × speed: a problem with a known answer."""

    def __init__(self, labels):
        self.labels = labels

    def rates(self, quantities):
        return np.log(quantities["speed"]) + np.log(quantities["bonus"])


def solved(rows, speed=7.0, bonus=2.0):
    labels = [{"kind": "a" if i % 2 else "b"} for i in range(rows)]
    truth = [speed * (bonus if row["kind"] == "a" else 1.0) for row in labels]
    priors = [
        Prior("speed", "", 5.0, 3.0),
        Prior("bonus", "", 1.0, 1e-6),
        Prior("bonus", "kind", 1.0, 0.8),
    ]
    made = Problem(Line(labels), np.log(truth), priors, 0.1)
    return made, made.fit(np.ones(rows, bool))


def test_many_rows_recover_the_factor_between_groups():
    made, best = solved(400)
    found = {(e.quantity, e.label): e for e in made.effects(best)}
    ratio = found["bonus", "a"].value / found["bonus", "b"].value
    assert ratio == pytest.approx(2.0, rel=0.01)
    assert found["bonus", "a"].rows == 200


def test_few_rows_stay_near_their_class_and_are_less_certain():
    def ratio(rows):
        made, best = solved(rows, bonus=2.0)
        found = {e.label: e for e in made.effects(best) if e.grouping}
        return found["a"].value / found["b"].value, found["a"].high / found["a"].low

    few, many = ratio(2), ratio(400)
    assert 1.0 < few[0] < many[0] < 2.01
    assert few[1] > many[1]


def test_an_outlier_moves_little():
    made, _ = solved(41)
    made.logs[0] += 3.0
    best = made.fit(np.ones(41, bool))
    speed = np.exp(best[0])
    assert speed == pytest.approx(7.0 * np.sqrt(2.0), rel=0.6)
    assert np.median(np.abs(made.predicted(best) - made.logs)) < 0.02


def test_shares_bend_below_one_and_unknown_groups_have_factor_one():
    effects = [
        Effect("hbm_efficiency", "", "", 0.9, 0.8, 1.0, 5),
        Effect("hbm_efficiency", "chip", "x", 1.5, 1.2, 1.8, 5),
    ]
    found = calibration.applied(effects, [{"chip": "x"}, {"chip": "y"}, {}])
    values = found["hbm_efficiency"]
    assert values[0] < 1.0
    assert values[1] == values[2] == pytest.approx(0.9, rel=0.08)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("TP4 PP8 CP1 VP5 mbs2", "pipeline", 8.0),
        ("DEP4", "spread", 4.0),
        ("TP1 EP8 DP1", "expert", 8.0),
        ("FSDP FULL_SHARD mbs8 ga1 actckpt=True", "recompute", 1.0),
        ("TP2, batch 896 (config file)", "slots", 896.0),
    ],
)
def test_layout_texts_are_read(text, field, value):
    assert getattr(hints(text), field) == value


def test_software_texts_have_families():
    assert software_family("TensorRT 10.14, CUDA 13.1", "hopper") == "tensorrt"
    assert software_family("vLLM 0.8.5 ROCm 6.3.1", "cdna3") == "vllm"
    assert software_family("PyTorch 2.8.0", "cdna3") == "rocm"
    assert software_family("", "hopper") == "unknown"


@pytest.fixture(scope="module")
def compared():
    rows, refused = fitting.measured_rows(calibrated.MEASURED)
    assert not refused
    found = predicting.predictions([row.known for row in rows])
    return comparison(rows, found)


@pytest.mark.parametrize(
    ("phase", "limit"),
    [("train", 0.10), ("train_lora", 0.10), ("decode", 0.12), ("offline", 0.14),
     ("server", 0.20), ("prefill", 0.20)],
)  # fmt: skip
def test_published_measurements_are_met_in_sample(compared, phase, limit):
    errors = [abs(row.error) for row in compared if row.phase == phase]
    assert np.median(errors) < limit


def test_intervals_hold_most_measurements_and_widen_with_novelty(compared):
    scored = [row for row in compared if row.phase not in ("frontier", "prefill")]
    assert np.mean([row.is_inside for row in scored]) > 0.75
    for kind in calibrated.KINDS:
        widths = {
            (row.grouping, row.label): row.high
            for row in calibrated.effects(kind)
            if row.quantity == fitting.INTERVAL
        }
        for phase in {phase for phase, _ in widths} - set(fitting.UNFITTED):
            assert widths[phase, "twin"] < widths[phase, "software"]


def test_the_published_iteration_times_are_met_within_ten_percent(compared):
    runs = [row for row in compared if row.name.startswith("mgtr-")]
    assert len(runs) == 4
    assert all(abs(row.error) < 0.10 for row in runs)


def test_the_stored_bases_are_what_the_training_rows_give():
    rows, _ = fitting.measured_rows(calibrated.MEASURED)
    rows = [row for row in rows if fitting.kind_of(row.known) == "training"]
    made, usable = fitting.problem("training", rows)
    best = made.fit(usable)
    again = {
        (e.quantity, e.grouping, e.label): e.value / fitting.unit_size(e.quantity)
        if not e.grouping
        else e.value
        for e in made.effects(best)
    }
    stored = [e for e in calibrated.effects("training") if e.quantity != "interval"]
    assert {(e.quantity, e.grouping, e.label) for e in stored} == set(again)
    for row in stored:
        key = (row.quantity, row.grouping, row.label)
        assert again[key] == pytest.approx(row.value, rel=1e-3), key


def test_a_user_calibration_follows_the_users_measurements():
    rows, _ = fitting.measured_rows(calibrated.MEASURED)
    mine = [
        replace(row, rate=row.rate / 2)
        for row in rows
        if row.known.case.phase == "train"
    ]
    made, usable = fitting.problem("training", mine)
    best = made.fit(usable)
    error = np.exp(made.predicted(best) - made.logs) - 1
    assert np.median(np.abs(error)) < 0.1


HEAD = ",".join(cases.COLUMNS)
GOOD = "a,H100-SXM,1,llama3-8b,fp8,decode,8,300,400,TP1,vLLM 0.11,output_tokens"
BAD = {
    "chip": "b,H1000,1,llama3-8b,fp8,decode,8,300,400,TP1,vLLM,output_tokens",
    "model": "c,H100-SXM,1,llama9,fp8,decode,8,300,400,TP1,vLLM,output_tokens",
    "phase": "d,H100-SXM,1,llama3-8b,fp8,dream,8,300,400,TP1,vLLM,output_tokens",
    "number": "e,H100-SXM,one,llama3-8b,fp8,decode,8,300,400,TP1,vLLM,output_tokens",
    "quantity": "f,H100-SXM,1,llama3-8b,fp8,decode,8,300,400,TP1,vLLM,train_tokens",
    "sign": "g,H100-SXM,1,llama3-8b,fp8,decode,-8,300,400,TP1,vLLM,output_tokens",
}


def test_bad_rows_stay_empty_with_a_note_and_stop_nothing(tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("\n".join([HEAD, GOOD, *BAD.values(), GOOD]) + "\n")
    out = tmp_path / "out.csv"
    assert main(["predict", str(table), "-o", str(out)]) == 0
    with out.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == list("abcdefga")
    assert rows[0] == rows[-1]
    assert 0 < float(rows[0]["low"]) < float(rows[0]["predicted"])
    assert float(rows[0]["predicted"]) < float(rows[0]["high"])
    for line, row in enumerate(rows[1:-1], start=3):
        assert row["predicted"] == row["low"] == row["high"] == ""
        assert f"line {line}:" in row["note"]


def test_the_last_six_columns_may_be_empty(tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text(
        f"{HEAD}\na,B200-SXM,8,llama3-70b,fp4,offline,,,,,,output_tokens\n"
    )
    out = tmp_path / "out.csv"
    assert main(["predict", str(table), "-o", str(out)]) == 0
    assert float(out.read_text().splitlines()[1].split(",")[1]) > 0


def test_a_measured_value_is_never_read(tmp_path):
    outputs = []
    for measured in ("1", "1e9", "nonsense"):
        table = tmp_path / "cases.csv"
        table.write_text(f"{HEAD},measured\n{GOOD},{measured}\n")
        out = tmp_path / "out.csv"
        assert main(["predict", str(table), "-o", str(out)]) == 0
        outputs.append(out.read_text())
    assert len(set(outputs)) == 1


def test_columns_of_other_exports_are_mapped(tmp_path, capsys):
    table = tmp_path / "cases.csv"
    table.write_text(f"{HEAD.replace('isl', 'Input length')}\n{GOOD}\n")
    out = tmp_path / "out.csv"
    words = ["predict", str(table), "-o", str(out), "--column", "isl=Input length"]
    assert main(words) == 0
    assert main([*words[:-1], "island=Input length"]) == 2
    assert "island" in capsys.readouterr().err


def test_a_missing_column_or_file_is_one_line_and_exit_2(tmp_path, capsys):
    table = tmp_path / "cases.csv"
    table.write_text("id,chip\na,b\n")
    assert main(["predict", str(table), "-o", str(tmp_path / "x.csv")]) == 2
    assert "column model is missing" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()
    assert main(["validate", str(tmp_path / "none.csv")]) == 2


def test_an_unmeasured_chip_says_that_it_is_borrowed():
    row = dict(zip(cases.COLUMNS, GOOD.split(","), strict=True))
    known = cases.known(2, row | {"chip": "maia_200"})
    seen = cases.known(2, row)
    borrowed, plain = predicting.predictions([known, seen])
    assert "borrowed" in borrowed.note
    assert borrowed.high / borrowed.low > plain.high / plain.low * 0.99
    assert stacks.stack_for("maia_200")[1]
    assert not stacks.stack_for("h100_sxm")[1]


def test_validate_prints_a_line_per_phase_and_chip(capsys):
    assert main(["validate", str(calibrated.MEASURED)]) == 0
    said = capsys.readouterr().out
    for word in ("median", "inside", "interactive", "TPU-v7-Ironwood"):
        assert word in said


def test_calibrate_writes_what_predict_reads(tmp_path, capsys):
    with calibrated.MEASURED.open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["id"].startswith("lfnd")]
    table = tmp_path / "mine.csv"
    with table.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    fitted = tmp_path / "fitted.csv"
    assert main(["calibrate", str(table), "-o", str(fitted), "--date", "2026-11"]) == 0
    assert "too few" in capsys.readouterr().out
    out = tmp_path / "out.csv"
    words = ["predict", str(table), "-o", str(out), "--calibration", str(fitted)]
    assert main(words) == 0
    with out.open(newline="") as stream:
        found = {r["id"]: float(r["predicted"]) for r in csv.DictReader(stream)}
    errors = [found[row["id"]] / float(row["measured"]) - 1 for row in rows]
    assert np.median(np.abs(errors)) < 0.1


def test_every_stack_class_has_its_presets():
    names = set(tables.names("stacks"))
    for chip in stacks.classes():
        for phase in stacks.PHASES:
            assert stacks.stack_for(chip, phase)[0] in names
