"""The views of the chip in a real page: a control moves the picture and the words."""

from __future__ import annotations

from typing import Any

import pytest
from pages import DATA, box, curves, eventually, opened, settled
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def said(page: Page) -> str:
    """The sentences of the view that is open."""
    return page.locator(".slot.said:visible").inner_text()


def data(page: Page, name: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(DATA, name)
    return found


def typed(page: Page, name: str, value: str) -> None:
    field = box(page, name)
    field.fill(value)
    field.press("Enter")
    settled(page)


def test_the_volume_of_the_anchor_moves_the_picture(page: Page, served: str) -> None:
    opened(page, f"{served}?view=anchor")
    before, words = curves(page, "anchor/curves")[0], said(page)
    alone = curves(page, "anchor/without")[0]
    assert "1.00 M chips" in words
    typed(page, "Chips the anchor takes", "3000000")
    assert eventually(page, lambda: curves(page, "anchor/curves")[0] != before)
    after = curves(page, "anchor/curves")[0]
    assert after[0] < before[0]
    assert curves(page, "anchor/without")[0] == alone
    assert "3.00 M chips" in said(page)
    typed(page, "Wait for a chip of its own", "0")
    assert eventually(page, lambda: said(page) != words)


def test_nre_moves_the_volume_that_pays(page: Page, served: str) -> None:
    opened(page, f"{served}?view=volume")
    before = data(page, "volume/even")["x"][0]
    typed(page, "Trainium2 NRE", "1000")
    assert eventually(
        page, lambda: abs(data(page, "volume/even")["x"][0] / before - 2.0) < 0.01
    )
    assert "264 k chips" in said(page)


def test_a_process_moves_the_bill_and_its_controls(page: Page, served: str) -> None:
    opened(page, f"{served}?view=bill")
    before = data(page, "bill/stack")["right"]
    page.get_by_role("combobox", name="Process", exact=True).select_option("n3")
    settled(page)
    assert eventually(page, lambda: data(page, "bill/stack")["right"] != before)
    model = page.get_by_role("combobox", name="Yield model", exact=True)
    assert model.input_value() == "volume_3nm"
