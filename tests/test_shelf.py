"""Saved scenarios, files brought, history: what the server does with each message."""

from __future__ import annotations

from typing import Any

import pytest

from breakeven.explorer import documents, load_scenario, read_scenario
from breakeven.explorer.export import to_toml
from breakeven.explorer.session import Session
from breakeven.explorer.shelf import Shelf


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def shelf(session: Session, told: list[dict[str, Any]]) -> Shelf:
    return Shelf(session, told.append, lambda: told.append({"renewed": True}))


def test_what_is_saved_opens_again(
    shelf: Shelf, session: Session, told: list[dict[str, Any]]
) -> None:
    session.change({"gpu.price": 21_000.0, "asic.count": 90_000.0})
    wanted = session.scenario.evaluate().cost_per_token
    shelf.heard({"type": "save", "title": "quote"})
    kept = told[-1]["saved"]
    assert kept["title"] == "quote"
    assert kept["said"].startswith("Trainium2 ")
    session.start(load_scenario("tpu-v7-vs-gb200"))
    shelf.heard({"type": "open", "text": kept["text"], "name": "quote"})
    assert (session.scenario.evaluate().cost_per_token == wanted).all()
    # its name must not be that of the ready scenario, which an address would mean
    assert told[-1]["own"]["name"] == "trainium2-vs-h100-own"
    assert {"renewed": True} in told


def test_an_own_scenario_comes_back_with_the_edits_of_its_address(
    shelf: Shelf, session: Session, told: list[dict[str, Any]]
) -> None:
    text = to_toml(load_scenario().with_values({"gpu.price": 21_000.0}))
    query = {"scenario": "x", "asic.utilisation": "0.5", "view": "cost"}
    shelf.heard({"type": "open", "text": text, "name": "x", "query": query})
    assert session.scenario.options["gpu"].chip.price == 21_000.0
    assert session.scenario.options["asic"].option.utilisation == 0.5


def test_back_goes_to_what_the_address_says(shelf: Shelf, session: Session) -> None:
    session.change({"asic.utilisation": 0.9})
    query = {"scenario": session.loaded.name, "gpu.utilisation": "0.3"}
    shelf.heard({"type": "visit", "query": query})
    assert session.scenario.options["asic"].option.utilisation == 0.6
    assert session.scenario.options["gpu"].option.utilisation == 0.3
    shelf.heard({"type": "visit", "query": {"scenario": "tpu-v7-vs-gb200"}})
    assert session.scenario.name == "tpu-v7-vs-gb200"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "open", "text": "a =", "name": "f.toml"}, "f.toml: not TOML"),
        (
            {"type": "open", "text": 'name = "x"\nsites = "aws"', "name": "f.toml"},
            "f.toml: unknown key 'sites'; near: site",
        ),
        (
            {"type": "open", "text": 'version = 7\nname = "x"', "name": "f.toml"},
            "f.toml: version = 7 is newer than this Breakeven reads",
        ),
        (
            {"type": "open", "text": "#" * 1_000_001, "name": "f.toml"},
            "f.toml: 1,000,001 bytes; at most 1,000,000 are read",
        ),
        ({"type": "open", "name": "f.toml"}, "f.toml: not text"),
        ({"type": "model", "text": "[]", "name": "c.json"}, "c.json: a JSON object"),
        ({"type": "compare", "scenario": "nothing"}, "neither a scenario nor a file"),
        ({"type": "visit", "query": {"scenario": "nothing"}}, "neither a scenario"),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_changes(
    shelf: Shelf,
    session: Session,
    told: list[dict[str, Any]],
    message: dict[str, Any],
    said: str,
) -> None:
    before = to_toml(session.scenario)
    shelf.heard(message)
    assert said in told[-1]["say"]
    assert to_toml(session.scenario) == before


def test_a_comparison_is_text_whatever_the_names(
    shelf: Shelf, session: Session, told: list[dict[str, Any]]
) -> None:
    session.change({"gpu.utilisation": 0.4, "asic.label": "<b>x</b>"})
    shelf.heard({"type": "compare", "scenario": "trainium2-vs-h100", "name": "<i>"})
    html = told[-1]["compared"]
    assert "<b>x" not in html
    assert "&lt;i&gt;" in html
    assert "H100: deployment: Utilisation" in html
    assert "Shapley" in html


def test_a_model_that_was_brought_keeps_its_name(session: Session) -> None:
    session.visit({"workload.llm.layers": "48", "model": "My model"})
    assert session.model == "My model"
    assert session.scenario.llm.layers == 48.0


def test_an_older_document_is_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = 'version = 1\nname = "x"\nbase = "trainium2-vs-h100"\nheading = "Old"\n'
    with pytest.raises(ValueError, match="unknown key 'heading'"):
        read_scenario(text)

    def renamed(document: dict[str, Any]) -> dict[str, Any]:
        return {"title" if k == "heading" else k: v for k, v in document.items()}

    monkeypatch.setattr(documents, "VERSION", 2)
    monkeypatch.setitem(documents.MIGRATIONS, 1, renamed)
    old = documents.parsed(text, "x")
    assert documents.migrated(old, "x")["title"] == "Old"
    assert documents.migrated(old, "x")["version"] == 2
