"""The way back and forward, saved scenarios and dropped files, in a real browser."""

from __future__ import annotations

from pathlib import Path

from pages import answer, box, eventually, opened, settled
from playwright.sync_api import Page, expect

from breakeven.explorer import load_scenario
from breakeven.explorer.export import to_toml

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const at = document.body;
  at.dispatchEvent(new DragEvent("dragover", {dataTransfer: data, bubbles: true}));
  at.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true,
    cancelable: true}));
}"""


def edit(page: Page, name: str, value: str) -> None:
    box(page, name).fill(value)
    box(page, name).press("Enter")
    page.wait_for_timeout(700)
    settled(page)


def test_back_and_forward_walk_through_the_edits(page: Page, served: str) -> None:
    opened(page, served)
    page.wait_for_timeout(700)
    first = answer(page).inner_text()
    edit(page, "Trainium2 utilisation", "50 %")
    second = answer(page).inner_text()
    edit(page, "H100 price", "31000")
    third = answer(page).inner_text()
    assert len({first, second, third}) == 3
    assert len(page.url) < 2000
    page.go_back()
    assert eventually(page, lambda: answer(page).inner_text() == second)
    expect(box(page, "H100 price")).to_have_value("26,000")
    page.go_back()
    assert eventually(page, lambda: answer(page).inner_text() == first)
    page.go_forward()
    assert eventually(page, lambda: answer(page).inner_text() == second)
    page.reload()
    assert eventually(page, lambda: answer(page).inner_text() == second)


def test_the_way_back_from_one_edit_takes_its_control_along(
    page: Page, served: str
) -> None:
    opened(page, served)
    page.wait_for_timeout(700)
    first = answer(page).inner_text()
    before = box(page, "Trainium2 chips").input_value()
    edit(page, "Trainium2 chips", "100000")
    assert answer(page).inner_text() != first
    page.go_back()
    assert eventually(page, lambda: answer(page).inner_text() == first)
    expect(box(page, "Trainium2 chips")).to_have_value(before)
    edit(page, "H100 price", "27000")
    assert "asic.count" not in page.url


def test_save_compare_open_and_delete(page: Page, served: str) -> None:
    opened(page, served)
    edit(page, "H100 price", "20000")
    changed = answer(page).inner_text()
    page.get_by_role("button", name="Share").click()
    page.get_by_text("Save, open, compare").click()
    shelf = page.locator("dialog.breakeven-shelf")
    shelf.get_by_label("Name").fill("=1+1 <b>quote</b>")
    shelf.get_by_role("button", name="Save this one").click()
    expect(shelf.locator("strong")).to_have_text("=1+1 <b>quote</b>")
    shelf.get_by_label("Compare with").select_option("trainium2-vs-h100")
    expect(shelf.locator(".parts")).to_contain_text("H100: chip and server: Price")
    shelf.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Reset all").first.click()
    assert eventually(page, lambda: answer(page).inner_text() != changed)
    page.get_by_role("button", name="Share").click()
    page.get_by_text("Save, open, compare").click()
    shelf.get_by_role("button", name="Open", exact=True).click()
    assert eventually(page, lambda: answer(page).inner_text() == changed)
    page.wait_for_timeout(700)
    # a scenario of one's own survives a reload: the browser keeps its document
    assert "scenario=trainium2-vs-h100-own" in page.url
    page.reload()
    assert eventually(page, lambda: answer(page).inner_text() == changed)


def test_a_file_dropped_on_the_page_is_opened_or_refused(
    page: Page, served: str, tmp_path: Path
) -> None:
    opened(page, served)
    before = answer(page).inner_text()
    page.evaluate(DROP, ["big.toml", "#" * 1_000_001])
    expect(page.get_by_text("at most 1,000,000 are read")).to_be_visible()
    page.evaluate(DROP, ["x.toml", 'name = "x"\nnew_field = 1\n'])
    expect(page.get_by_text("unknown key 'new_field'")).to_be_visible()
    assert answer(page).inner_text() == before
    other = load_scenario("tpu-v7-vs-gb200")
    page.evaluate(DROP, ["tpu.toml", to_toml(other)])
    expect(answer(page)).to_contain_text("TPU v7")
