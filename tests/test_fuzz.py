"""Files, addresses and uploads that hurt: a few of the ten thousand of fuzzing.py."""

from __future__ import annotations

from pathlib import Path

import fuzzing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breakeven.explorer import limits, uploads
from breakeven.explorer.documents import ScenarioError
from breakeven.explorer.page import Explorer
from breakeven.explorer.session import Session
from breakeven.explorer.state import load_scenario


@pytest.mark.parametrize("kind", fuzzing.KINDS)
def test_nothing_hurts(kind: str, tmp_path: Path) -> None:
    found = [
        fuzzing.trial(kind, seed, tmp_path)
        for seed in range(12 if kind == "address" else 40)
    ]
    assert [said for said in found if said] == []


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=60), max_size=6))
@settings(max_examples=15)
def test_any_address_is_taken_or_refused_in_lines(query: dict[str, str]) -> None:
    good, refused = limits.sane(query)
    refused |= Session().visit(good)
    assert set(refused) >= set(query) - {"scenario", "workload", "llm", "site"}
    assert all(text and "\n" not in text for text in refused.values())


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_upload_is_read_or_refused(data: bytes) -> None:
    for take in (uploads.language_model, uploads.measurements, uploads.calibration):
        try:
            take(data, "x")
        except (ValueError, KeyError) as error:
            assert str(error.args[0])  # noqa: PT017


HURT = {
    "deep": "x = " + "[" * 20_000 + "]" * 20_000,
    "dotted": f"{'a.' * 5_000}b = 1",
    "huge": 'base = "trainium2-vs-h100"\n[values]\n"site.pue" = 1' + "0" * 5_000,
    "laughs": "\n".join(f"a{i} = '{'lol' * 200}'" for i in range(500)),
    "path": 'name = "x"\nbase = "../../../../etc/passwd"',
    "nan": 'name="x"\nbase="trainium2-vs-h100"\n[values]\n"site.pue" = nan',
    "inf": 'name="x"\nbase="trainium2-vs-h100"\n[values]\n"site.pue" = inf',
}


@pytest.mark.parametrize("name", list(HURT))
def test_a_scenario_file_that_hurts_is_refused_in_a_line(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(HURT[name])
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 7_000


def test_messages_that_no_page_sends_change_nothing() -> None:
    explorer = Explorer()
    sent: list[dict] = []
    explorer.hub._send_msg = sent.append
    explorer.controls._send_msg = sent.append
    before = explorer.results().cost_per_token.tolist()
    for message in (
        {},
        {"type": "set"},
        {"type": "set", "values": [1]},
        {"type": "set", "values": {"__class__": 1, "asic.chip.__init__": 2, "": 3}},
        {"type": "set", "values": {"asic.count": {"reset": False}}},
        {"type": "set", "values": {"asic.count": [1, 2]}},
        {"type": "set", "values": {"asic.count": float("nan")}},
        {"type": "set", "values": dict.fromkeys(map(str, range(5_000)), 1)},
        {"type": "nothing"},
        [],
        "x",
        None,
    ):
        explorer.controls._handle_msg(message)
        explorer.hub._handle_msg(message)
    assert not [message for message in sent if message.get("failed")]
    assert explorer.results().cost_per_token.tolist() == before
