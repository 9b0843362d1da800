"""Scenario files, addresses and uploads that nobody in his right mind would send.

Each trial hands one to the program and gives back what went wrong: an error that is not
one line for the user, two seconds of work, or a file that appeared where none was asked
for. Run as a script it makes as many trials as asked:

    python tests/fuzzing.py [--trials 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from breakeven import presets
from breakeven.explorer import export, limits, load_scenario, scenario_names, uploads
from breakeven.explorer.documents import scenario_folder
from breakeven.explorer.session import Session

SLOW = 2.0  # seconds of work, whoever else uses the machine
NASTY = (
    "nan inf -inf 1e999 -1e999 1e308 -0 0 99999999999999999999999 1e-320 true null "
    '\'\' """x""" [] {} [[[[]]]] ../../../../etc/passwd /etc/passwd C:\\x file:///x '
    "<script>alert(1)</script> =cmd|'/c'!A1 @SUM(1) {{7*7}} ${x} %00 \u202e \U0001f4a5"
).split(" ")
KINDS = ("scenario", "address", "model", "measurements", "calibration")
Dice = np.random.Generator


def text(dice: Dice) -> str:
    """A word that may hurt."""
    word = str(NASTY[dice.integers(len(NASTY))])
    return word * int(dice.integers(1, 40)) if dice.random() < 0.05 else word


def mutated(source: str, dice: Dice) -> str:
    """A real text with some of its characters, words or lines changed."""
    for _ in range(int(dice.integers(1, 6))):
        lines = source.splitlines() or [""]
        at = int(dice.integers(len(lines)))
        line = lines[at]
        place = int(dice.integers(len(line) + 1))
        match int(dice.integers(9)):
            case 0:
                lines.pop(at)
            case 1:
                lines.insert(at, line)
            case 2:
                lines[at] = line[:place] + text(dice) + line[place:]
            case 3:
                key, sign, _ = line.partition("=")
                lines[at] = f"{key}{sign} {text(dice)}"
            case 4:
                lines[at] = line[:place]
            case 5:
                lines[at] = line[:place] + chr(int(dice.integers(1, 0x2FFF))) + line
            case 6:
                lines.insert(at, f"[{text(dice)}]")
            case 7:
                lines[at] = "x = " + "[" * 3000 + "]" * 3000
            case _:
                lines.insert(at, f"{text(dice)} = {text(dice)}")
        source = "\n".join(lines)
    return source


# ---------------------------------------------------------------------------- trials


def scenario(folder: Path, dice: Dice) -> None:
    """Load a scenario file, evaluate it and write it down."""
    names = scenario_names()
    real = scenario_folder() / f"{names[dice.integers(len(names))]}.toml"
    path = folder / "trial.toml"
    body = mutated(real.read_text("utf-8"), dice)
    path.write_bytes(body.encode("utf-8", "surrogatepass"))
    found = load_scenario(path)
    found.evaluate()
    export.to_csv(found)


def address(folder: Path, dice: Dice) -> None:
    """Visit a page with an address."""
    session = Session()
    inputs = list(session.scenario.names())
    query = {}
    for _ in range(int(dice.integers(1, 8))):
        name = inputs[dice.integers(len(inputs))]
        if dice.random() < 0.3:
            name = name.rpartition(".")[0] + "." + text(dice)
        if dice.random() < 0.3:
            name = str(dice.choice(["scenario", "llm", "site", "asic.chip", "gpu.x"]))
        number = f"{10 ** dice.uniform(-30, 30):g}"
        query[name] = number if dice.random() < 0.5 else text(dice)
    good, _ = limits.sane(query)
    refused = session.visit(good)
    for said in refused.values():
        if "\n" in said or len(said) > 2000:
            raise AssertionError(f"not a line: {said[:80]!r}")
    session.scenario.evaluate()


def model(folder: Path, dice: Dice) -> None:
    """Bring a model's configuration."""
    config = {
        "_name_or_path": text(dice),
        "model_type": "llama",
        "num_hidden_layers": 32,
        "hidden_size": 4096,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "intermediate_size": 14336,
        "vocab_size": 128256,
        "tie_word_embeddings": False,
    }
    name = list(config)[dice.integers(len(config))]
    values = [text(dice), -1, 0, 1e300, None, [], {}, True, "9" * 400, 2**70, 0.5]
    config[name] = values[dice.integers(len(values))]
    data = json.dumps(config)
    if dice.random() < 0.5:
        data = mutated(data, dice)
    if dice.random() < 0.05:
        data = "[" * 100_000
    uploads.language_model(data.encode("utf-8", "replace"), f"{text(dice)}.json")


def _table(name: str, dice: Dice) -> bytes:
    real = (Path(presets.__file__).parent / name).read_text("utf-8").splitlines()
    picked = dice.choice(len(real) - 1, 6, replace=False) + 1
    source = "\n".join([real[0], *(real[i] for i in picked)])
    return mutated(source, dice).encode("utf-8", "replace")


def measurements(folder: Path, dice: Dice) -> None:
    """Bring measurements."""
    uploads.measurements(_table("measured.csv", dice), f"{text(dice)}.csv")


def calibration(folder: Path, dice: Dice) -> None:
    """Bring a calibration, or what begins like one."""
    data = _table("calibration.csv", dice)
    uploads.is_calibration(data)
    uploads.calibration(data, f"{text(dice)}.csv")


TRIALS: dict[str, Callable[[Path, Dice], None]] = {
    "scenario": scenario,
    "address": address,
    "model": model,
    "measurements": measurements,
    "calibration": calibration,
}


def trial(kind: str, seed: int, folder: Path) -> str:
    """What goes wrong in one trial; empty when the program behaves."""
    dice = np.random.default_rng(seed)
    before = set(folder.rglob("*")) | {folder / "trial.toml"}
    start = time.process_time()
    try:
        TRIALS[kind](folder, dice)
    except (ValueError, KeyError, ArithmeticError) as error:
        said = str(error.args[0]) if error.args else ""
        if not said or "Traceback" in said:
            return f"{kind} {seed}: says nothing: {error!r}"
    except Exception as error:
        return f"{kind} {seed}: {type(error).__name__}: {str(error)[:200]}"
    if (took := time.process_time() - start) > SLOW:
        return f"{kind} {seed}: {took:.1f} s"
    if new := set(folder.rglob("*")) - before:
        return f"{kind} {seed}: wrote {sorted(map(str, new))[:3]}"
    return ""


def main() -> int:
    """Make the trials and print what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    bad: list[str] = []
    done: Counter[str] = Counter()
    slowest = 0.0
    with TemporaryDirectory() as folder:
        for i in range(given.trials):
            kind = KINDS[i % len(KINDS)]
            start = time.process_time()
            said = trial(kind, given.seed * 1_000_000 + i, Path(folder))
            slowest = max(slowest, time.process_time() - start)
            done[kind] += 1
            if said:
                bad.append(said)
                print(said, flush=True)
    print(f"{sum(done.values()):,} trials {dict(done)}: {len(bad)} went wrong; ")
    print(f"the slowest took {slowest:.2f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
