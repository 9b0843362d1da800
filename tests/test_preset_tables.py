"""The gate of the preset tables, access to them, and their rendering as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breakeven.presets import describe, gate, tables

NAMED = [(t, n) for t in tables.table_names() for n in tables.names(t)]

GOOD = "chip_a,tdp,700,600,800,W,vendor,doc,2026-01,a note"
SOURCES = {"doc": gate.Source("doc", "A document", "", "2026", "document")}


def written(path: Path, *lines: str) -> Path:
    file = path / "chips.csv"
    file.write_text("\n".join([",".join(gate.COLUMNS), *lines]) + "\n", "utf-8")
    return file


def test_a_good_row_is_read(tmp_path: Path):
    (only,) = tables.read(written(tmp_path, GOOD), SOURCES)
    assert (only.value, only.low, only.high, only.line) == (700, 600, 800, 2)
    assert not only.is_midpoint


def test_a_range_without_a_value_has_a_marked_middle(tmp_path: Path):
    file = written(tmp_path, "chip_a,tdp,,600,800,W,vendor,doc,2026,")
    (only,) = tables.read(file, SOURCES)
    assert only.value is None
    assert only.central == 700
    assert only.is_midpoint


@pytest.mark.parametrize(
    ("line", "column", "rule"),
    [
        ("chip a,tdp,700,,,W,vendor,doc,2026,", "preset", "no name"),
        ("chip_a,TDP,700,,,W,vendor,doc,2026,", "quantity", "no quantity name"),
        ("chip_a,tdp@old,700,,,W,vendor,doc,2026,", "quantity", "no quantity name"),
        ("chip_a,tdp,many,,,W,vendor,doc,2026,", "value", "not a number"),
        ("chip_a,tdp,inf,,,W,vendor,doc,2026,", "value", "not finite"),
        ("chip_a,tdp,nan,,,W,vendor,doc,2026,", "value", "not finite"),
        ("chip_a,tdp,-1,,,W,vendor,doc,2026,", "value", "negative"),
        ("chip_a,tdp,0,,,W,vendor,doc,2026,", "value", "0 needs a note"),
        ("chip_a,tdp,,,,W,vendor,doc,2026,", "value", "a value or a range is due"),
        ("chip_a,tdp,700,600,,W,vendor,doc,2026,", "high", "given together"),
        ("chip_a,tdp,700,,800,W,vendor,doc,2026,", "low", "given together"),
        ("chip_a,tdp,700,900,800,W,vendor,doc,2026,", "low", "above high"),
        ("chip_a,tdp,900,600,800,W,vendor,doc,2026,", "value", "outside low"),
        ("chip_a,tdp,700,,,,vendor,doc,2026,", "unit", "a unit is due"),
        ("chip_a,tdp,700,,,W,rumour,doc,2026,", "status", "not one of"),
        ("chip_a,tdp,700,,,W,absent,doc,2026,", "value", "no number"),
        ("chip_a,tdp,,600,800,W,absent,doc,2026,", "low", "no number"),
        ("chip_a,tdp,700,,,W,vendor,dok,2026,", "source", "near: doc"),
        ("chip_a,tdp,700,,,W,vendor,doc;dok,2026,", "source", "in no table"),
        ("chip_a,tdp,700,,,W,vendor,doc,May 2026,", "date", "no date"),
        ("chip_a,tdp,700,,,W,vendor,doc,2026", "note", "10 cells are due, found 9"),
    ],
)
def test_a_bad_row_names_file_line_column_and_rule(
    tmp_path: Path, line: str, column: str, rule: str
):
    with pytest.raises(gate.PresetError) as caught:
        tables.read(written(tmp_path, GOOD.replace("chip_a", "chip_b"), line), SOURCES)
    message = str(caught.value)
    assert message.startswith(f"chips.csv:3:{column}: ")
    assert rule in message
    assert "\n" not in message
    assert isinstance(caught.value, ValueError)


def test_a_quantity_given_twice_is_refused(tmp_path: Path):
    with pytest.raises(gate.PresetError, match=r"chips.csv:3:quantity: .*line 2"):
        tables.read(written(tmp_path, GOOD, GOOD), SOURCES)


def test_wrong_columns_are_refused(tmp_path: Path):
    file = tmp_path / "chips.csv"
    file.write_text("preset,quantity,number\n", "utf-8")
    with pytest.raises(gate.PresetError, match=r"chips.csv:1:value: columns must be"):
        tables.read(file, SOURCES)


def test_broken_quotes_are_refused(tmp_path: Path):
    file = written(tmp_path, 'chip_a,tdp,700,,,W,vendor,doc,2026,"open')
    with pytest.raises(gate.PresetError, match=r"chips.csv:2:preset: not CSV"):
        tables.read(file, SOURCES)


def test_a_source_given_twice_is_refused(tmp_path: Path):
    file = tmp_path / "sources.csv"
    line = "doc,A document,,2026,document\n"
    file.write_text(",".join(gate.SOURCE_COLUMNS) + "\n" + line + line, "utf-8")
    with pytest.raises(gate.PresetError, match=r"sources.csv:3:source: doc .* twice"):
        tables.read_sources([file])


def test_only_a_change_may_be_negative(tmp_path: Path):
    file = written(tmp_path, "path,yearly_change,-0.4,,,1,derived,doc,2026,fell")
    (only,) = tables.read(file, SOURCES)
    assert only.value == -0.4


def test_unknown_names_are_key_errors_with_near_names():
    with pytest.raises(KeyError, match="near: trainium2"):
        tables.preset("chips", "tranium2")
    with pytest.raises(KeyError, match="near: chips"):
        tables.rows("chip")
    with pytest.raises(KeyError, match="near: h100_sxm"):
        tables.label("chips", "h100_sx")
    with pytest.raises(KeyError, match="near: trainium2"):
        describe.description("tranium2")


def test_a_preset_is_a_copy_without_alternatives():
    first = tables.preset("chips", "h100_sxm")
    first.clear()
    again = tables.preset("chips", "h100_sxm")
    assert again
    assert not any("@" in quantity for quantity in again)
    assert any(r.is_alternative for r in tables.rows("chips"))


def test_the_listing_names_every_preset_within_100_columns():
    text = describe.listing()
    for table in tables.table_names():
        for name in tables.names(table):
            assert re.search(rf"^  {name}\b", text, re.M), name
    assert max(map(len, text.splitlines())) <= describe.WIDTH


@pytest.mark.parametrize(("table", "name"), NAMED)
def test_a_description_shows_every_figure_whole(table: str, name: str):
    text = describe.description(f"{table}.{name}")
    joined = " ".join(text.split())
    for r in tables.rows(table):
        if r.preset != name:
            continue
        assert r.quantity in joined
        assert describe.figure(r) in joined
        assert " ".join(r.note.split()) in joined
        if r.status == "absent":
            assert f"{r.quantity} not published" in joined
        else:
            source = tables.sources()[r.source]
            assert " ".join(source.title.split()) in joined
            assert source.url in joined
            assert describe.provenance(r) in joined
    for line in text.splitlines():
        assert len(line) <= describe.WIDTH or line.strip().startswith("http")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1_400_000, "1,400,000"), (0.04892, "0.04892"), (3.8e25, "3.8e25")],
)
def test_numbers_are_printed_as_a_reader_writes_them(value: float, text: str):
    assert describe.number(value) == text
