"""The view of a sweep: counts as NumPy gives them, bad files refused, cells sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from breakeven.explorer import gridding, limits, load_scenario, reading, wire
from breakeven.explorer.page import Explorer
from breakeven.explorer.sweep import planned, sweep
from breakeven.explorer.views.swept import FILE, Swept

COST, ENERGY = (
    "asic.cost_per_token [USD/Mtoken]",
    "asic.energy_per_token [kWh/Mtoken]",
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("swept") / "x.csv"
    sweep(planned(load_scenario(), ["asic.chip=trainium2,tpu_v6e"], 500), path)
    return path


def test_pieces_count_as_the_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = reading.batches(file, [COST, ENERGY])
    monkeypatch.setattr(reading, "BATCH", 64)
    monkeypatch.setattr(gridding, "_SEEN", 150)
    found = gridding.density(file, COST, ENERGY)
    values = np.stack([whole[COST], whole[ENERGY]], axis=1)
    values = values[np.isfinite(values).all(axis=1)]
    due, _, _ = np.histogram2d(*values.T, bins=[found.across, found.up])
    np.testing.assert_array_equal(found.counts, due.T)
    assert found.rows == len(values)
    assert found.outside == len(values) - due.sum()
    assert found.outside < 0.05 * found.rows
    for x, y in found.best.T:
        assert not (
            (values <= (x, y)).all(axis=1) & (values < (x, y)).any(axis=1)
        ).any()


def test_the_page_is_sent_what_was_counted(file: Path) -> None:
    explorer = Explorer()
    view = next(v for v in explorer.views if isinstance(v, Swept))
    empty = view.feed(explorer.scenario, explorer.results(view))
    assert wire.taken([entry for entry, _ in empty]) == sum(len(a) for _, a in empty)
    sent: list[dict[str, object]] = []
    explorer.hub.send = sent.append  # type: ignore[method-assign]
    explorer.stage.view = view
    view.take(file)
    assert view.found is not None
    assert (view.found.x, view.found.y) == (COST, ENERGY)
    assert sent[-1]["layout"]["axes"][view.at("cells/xaxis")] == COST  # type: ignore[index]
    arrays = wire.unpacked(explorer.buffer(view, explorer.results(view)))
    numbers = arrays[-5]
    sizes = [view.found.across.size, view.found.up.size]
    counts = numbers[sum(sizes) :]
    np.testing.assert_array_equal(counts, view.found.counts.ravel().astype(np.float32))
    view.across.value = "asic.capex [USD]"
    assert view.found.x == "asic.capex [USD]"


def test_a_page_opens_with_the_file_that_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE, str(file))
    view = Swept("key")
    assert view.found is not None
    assert view.found.rows > 900


def test_what_is_no_sweep_is_refused_in_words(tmp_path: Path) -> None:
    view = Swept("key")
    for name, text, said in (
        ("a.csv", "a,b\nx,y\n", "fewer than two columns"),
        ("b.csv", "a,b\n1,2\n3\n", "line 3"),
        ("c.txt", "a", ".csv or .parquet"),
        ("d.csv", "", "no header"),
    ):
        path = tmp_path / name
        path.write_text(text)
        view.take(path)
        assert said in view.told.html
        assert view.found is None
    view.take(tmp_path / "absent.csv")
    assert "Refused" in view.told.html


def test_a_file_that_is_brought_has_so_many_rows_and_no_more(tmp_path: Path) -> None:
    parquet = tmp_path / "x.parquet"
    pq.write_table(pa.table({n: np.ones(2_000_000) for n in "ab"}), parquet)
    assert parquet.stat().st_size < 100_000, "a small file may hold many rows"
    csv = b"a,b\n" + b"1,2\n" * limits.ROWS
    view = Swept("key")
    for name, data in (("x.parquet", parquet.read_bytes()), ("x.csv", csv + b"3,4\n")):
        view.file.param.update(filename=name, value=data)
        assert f"Refused: {name}: rows: " in view.told.html
        assert "at most 100,000 on a page" in view.told.html
        assert view.found is None
    view.file.param.update(filename="x.csv", value=csv)
    assert view.found is not None
    assert view.found.rows == limits.ROWS
