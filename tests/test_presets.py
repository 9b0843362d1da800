"""The preset tables: every row passes its gate, means what it says, and is sourced."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from breakeven.models import inputs, units
from breakeven.models.power_load import PowerLoad
from breakeven.presets import describe, gate, tables

GROUPS = {
    "chips": inputs.Chip,
    "sites": inputs.Site,
    "finance": inputs.Finance,
    "workloads": inputs.Workload,
}
TABLES = (*GROUPS, "facts")
FOLDER = Path(tables.__file__).parent
ROWS = [row for table in TABLES for row in tables.rows(table)]
NAMED = [(table, name) for table in GROUPS for name in tables.names(table)]


def cells(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def base(quantity: str) -> str:
    return quantity.partition("@")[0]


def row(table: str, preset: str, quantity: str) -> gate.Row:
    return tables.preset(table, preset)[quantity]


# ------------------------------------------------------------------ every row


def test_every_unit_is_known_and_fits_its_quantity():
    wrong = []
    for table in TABLES:
        for r in tables.rows(table):
            units.parse(r.unit)
            group = GROUPS.get(table)
            name = base(r.quantity)
            if group is None or name not in group.quantities():
                continue
            if units.dimension(r.unit) != units.dimension(group.unit(name)):
                wrong.append(f"{r.file}:{r.line}: {r.quantity} in {r.unit}")
    assert not wrong


def test_alternatives_measure_the_same_thing_as_the_figure_in_use():
    chosen = {(r.file, r.preset, r.quantity): r for r in ROWS}
    for r in ROWS:
        if r.is_alternative:
            main = chosen.get((r.file, r.preset, base(r.quantity)))
            assert main is not None, f"{r.file}:{r.line} has no figure in use"
            assert units.dimension(r.unit) == units.dimension(main.unit)


def test_every_number_is_within_the_hard_bounds():
    for table, group in GROUPS.items():
        shell = group()
        for r in tables.rows(table):
            name = base(r.quantity)
            if name not in group.quantities():
                continue
            factor = units.conversion(r.unit, group.unit(name))
            numbers = [x * factor for x in (r.value, r.low, r.high) if x is not None]
            shell.checked(name, numbers, f"{r.file}:{r.line}")


@pytest.mark.parametrize(("table", "name"), NAMED)
def test_every_preset_builds_its_group(table: str, name: str):
    group = GROUPS[table]
    values = {
        q: r.central * units.conversion(r.unit, group.unit(q))
        for q, r in tables.preset(table, name).items()
        if q in group.quantities() and r.central is not None
    }
    built = group(**values)
    assert values
    for quantity, value in values.items():
        assert getattr(built, quantity) == value


def test_no_zero_stands_for_unknown():
    zeros = [r for r in ROWS if r.value == 0]
    assert zeros
    assert all(r.note for r in zeros)
    assert not [r for r in tables.rows("chips") if r.value == 0 and r.low is None]
    assert not any(re.search(r"unknown|n/a|tbd", r.note, re.I) for r in zeros)


def test_an_absent_figure_has_no_number_and_every_other_has_one():
    absent = [r for r in ROWS if r.status == "absent"]
    assert absent
    assert all(r.central is None for r in absent)
    assert all(r.central is not None for r in ROWS if r.status != "absent")


def test_an_estimate_says_why_and_a_chip_estimate_has_a_range():
    for r in tables.rows("chips"):
        if r.status == "estimate":
            assert r.note, f"{r.file}:{r.line}"
            assert r.low is not None, f"{r.file}:{r.line}"
            assert r.low <= r.central <= r.high
    replaced = [r for r in tables.rows("chips") if r.note.startswith("Not published.")]
    assert len(replaced) > 300
    assert all(r.status == "estimate" for r in replaced)


def test_derived_figures_carry_their_formula():
    bare = [
        f"{r.file}:{r.line}"
        for table in ("sites", "finance")
        for r in tables.rows(table)
        if r.status == "derived" and not r.note
    ]
    assert not bare
    for r in tables.rows("chips"):
        if r.status == "derived" and r.quantity in ("host_power", "core_hour_price"):
            assert re.search(r"[-x/]", r.note), f"{r.file}:{r.line}"


# ---------------------------------------------------------------- provenance


def test_every_source_exists_and_every_own_source_is_used():
    used = {key for r in ROWS for key in (r.source, *r.further_sources)}
    for table, name in NAMED + [("facts", n) for n in tables.names("facts")]:
        for detail in tables.details(table, name):
            used |= {detail.source, *detail.further_sources}
    assert used <= set(tables.sources())
    used.add("own-config")  # of the rows that a user adds
    assert {r["source"] for r in cells("sources.csv")} - used == set()


def test_recalled_and_secondhand_figures_stay_visible():
    recalled = [r for r in tables.rows("chips") if r.status == "recalled"]
    assert len(recalled) > 50
    known = tables.sources()
    second = [r for r in ROWS if known[r.source].access == "secondhand"]
    assert len(second) > 200
    assert known["nv-h100"].access == "secondhand"
    assert describe.provenance(row("chips", "h100_sxm", "hbm_bandwidth")) == (
        "vendor, secondhand"
    )
    assert "recalled" in describe.description("h800")


def test_documents_are_dated_and_have_an_address_or_say_what_they_are():
    for key, source in tables.sources().items():
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", source.date), key
        assert source.url == "" or source.url.startswith(("http://", "https://")), key
        if source.access in ("mirror", "excerpt") and not source.url:
            assert "script" in source.title or "table" in source.title.lower(), key


def test_no_note_speaks_of_how_the_research_was_done():
    words = re.compile(r"find_string|read_file|register id|/work/|/tmp/|NOTES")
    for path in sorted(FOLDER.glob("*.csv")):
        assert not words.search(path.read_text(encoding="utf-8")), path.name


# ------------------------------------------------------------------ coverage

STORY = """trainium1 trainium2 trainium3 inferentia2 graviton4 graviton5 tpu_v4 tpu_v5e
tpu_v5p tpu_v6e tpu_v7 tpu_8t tpu_8i maia_100 maia_200 mtia_v1 mtia_v2 mtia_300 mtia_400
mtia_450 mtia_500 a100_80gb_sxm h100_sxm h200_sxm h20 l40s b200_hgx b300_hgx gb200_nvl72
gb300_nvl72 vera_rubin_nvl72 grace_cpu vera_cpu mi300x mi325x mi350x mi355x
mi455x_helios epyc_9965 gaudi3"""
WITHOUT_HBM = {"groq_lpu_v1", "groq3_lp30", "cerebras_wse3", "cerebras_cs4"}
COST_INPUTS = (
    "tdp host_power network_power server_cost network_cost chips_per_server "
    "scale_up_bandwidth scale_up_domain scale_out_bandwidth"
)


def test_every_chip_of_the_story_is_there():
    assert set(STORY.split()) <= set(tables.names("chips"))


@pytest.mark.parametrize("name", tables.names("chips"))
def test_a_chip_has_what_a_full_cost_needs(name: str):
    rows = tables.preset("chips", name)
    for quantity in COST_INPUTS.split():
        assert rows[quantity].central is not None, quantity
    if name not in WITHOUT_HBM:
        assert rows["hbm_capacity"].central
        assert rows["hbm_bandwidth"].central
    kind = tables.label("chips", name).kind
    assert kind in ("asic", "gpu", "cpu")
    if kind == "asic":
        assert rows["unit_cost"].central
        assert rows["nre"].central
    if kind == "cpu":
        assert rows["cores"].central
    peaks = [r for q, r in rows.items() if q.startswith("peak_flops")]
    assert any(r.central for r in peaks) or name == "vera_cpu"


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"workloads"}))
def test_every_declared_quantity_is_filled_or_absent(group: str):
    optional = {"usable_memory", "core_speed", "idle_power", "cores", "power_cap"}
    optional |= {"storage_share", "chips_per_rack"}  # one for all; racks of a few
    optional |= set(PowerLoad.quantities())  # one fit for all chips
    for name in tables.names(group):
        missing = set(GROUPS[group].quantities()) - set(tables.preset(group, name))
        assert missing <= optional, name


def test_what_is_not_sold_has_no_price():
    for name in ("trainium2", "tpu_v7", "maia_200", "mtia_400", "graviton5"):
        price = row("chips", name, "price")
        assert price.status == "absent"
        assert price.central is None


@pytest.mark.parametrize("name", tables.names("workloads"))
def test_a_workload_has_the_inputs_of_its_kind(name: str):
    rows = tables.preset("workloads", name)
    kind = next(d.text for d in tables.details("workloads", name) if d.detail == "kind")
    needed = {
        "serving": "input_length output_length cached_fraction ttft_limit "
        "interactivity calls_per_task core_seconds",
        "training": "training_tokens sequence_length global_batch goodput",
    }[kind]
    assert all(rows[q].central is not None for q in needed.split())


def test_every_preset_has_a_label_and_every_label_a_preset():
    labels = {(r["table"], r["preset"]) for r in cells("labels.csv")}
    assert labels == {(t, n) for t in TABLES for n in tables.names(t)}
