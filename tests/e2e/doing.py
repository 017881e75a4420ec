"""What a person does at a page: opens the menu, chooses, types, saves."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

#: What somebody who hears the page is told that has the focus.
FOCUSED = """() => {
  const one = document.activeElement;
  return one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.title || '';
}"""


def go(page: Page, name: str) -> None:
    """Click a line of the main menu."""
    menu = page.get_by_role("navigation", name="Menu utama")
    menu.get_by_role("link", name=re.compile(rf"^{name}( \d+ (menunggu|belum dibaca))?$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def new(page: Page, name: str) -> None:
    """From the menu to the list, from the list to the empty form."""
    go(page, name)
    page.get_by_role("main").get_by_role("link", name=re.compile(" baru$")).click()
    expect(page.get_by_role("button", name="Simpan", exact=True)).to_be_visible()


def field(place: Page | Locator, label: str) -> Locator:
    """A control by its visible label; whether it is required stands behind it."""
    labelled = place.get_by_label(re.compile(rf"^{re.escape(label)}( \(|$)"))
    return labelled.and_(place.locator("input, select, textarea"))


def write(place: Page | Locator, label: str, text: str) -> None:
    """Type into a field."""
    field(place, label).fill(text)


def choose(place: Page | Locator, label: str, words: str) -> None:
    """Pick a choice: from a select, or from what a searching field finds."""
    control = field(place, label)
    if control.evaluate("control => control.tagName") == "SELECT":
        offered = [text.strip() for text in control.locator("option").all_inner_texts()]
        longer = (text for text in offered if words in text)
        control.select_option(label=words if words in offered else next(longer, words))
        return
    control.press_sequentially(words, delay=5)
    choice = place.get_by_role("option", name=re.compile(re.escape(words))).first
    expect(choice).to_be_visible()
    control.press("ArrowDown")
    expect(choice).to_have_attribute("aria-selected", "true")
    control.press("Enter")
    expect(control).to_have_value(re.compile(re.escape(words)))


def add(page: Page, sheet: str) -> Locator:
    """Press the button that adds a part to a sheet; the new part."""
    group = page.get_by_role("group", name=sheet, exact=True)
    group.get_by_role("button", name=re.compile("^Tambah ")).click()
    return group.locator("fieldset.entry").last


def save(page: Page) -> None:
    """Press the button and see that it was saved."""
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Disimpan:")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/details/\?id=\d+$"))


def press(page: Page, name: str) -> None:
    """Press a button of the decision."""
    page.get_by_role("button", name=name, exact=True).click()


def told(page: Page, sentence: str) -> None:
    """The page says this as a message."""
    expect(page.locator("main .note", has_text=sentence)).to_be_visible()


def tab_to(page: Page, name: str, *, first: bool = False) -> None:
    """Press Tab until the control of this name has the focus, as somebody without a mouse does."""
    for _ in range(1 if first else 120):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED).strip()
        if found == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}, but {found!r}")
