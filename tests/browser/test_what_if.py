"""Chips of the page what-if in a real Chromium: added by search, removed by a click."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_page import Watched, names, opened, tab  # noqa: F401
from tests.web.conftest import folder, graph, served  # noqa: F401

pytestmark = pytest.mark.slow


def chips(page: Page, group: str) -> list[str]:
    return page.locator(f".group.of-{group} .shows").all_inner_texts()


def name_of(page: Page, id_: int) -> str:
    page.goto(f"/artists/{id_}")
    return page.locator("h1 bdi").inner_text()


def test_chips_are_added_by_search_and_move_the_list(tab: Watched) -> None:  # noqa: F811
    page = tab.page
    liked, disliked = name_of(page, 7), name_of(page, 30)
    page.goto("/what-if")
    field = page.get_by_label("You like: an artist")
    field.press_sequentially(liked[:-1] + "x")
    expect(page.get_by_role("option", name=liked)).to_be_visible()
    page.get_by_role("option", name=liked).click()
    expect(page.locator(".picks li")).to_have_count(10)
    assert chips(page, "likes") == [liked]
    expect(field).to_be_focused()
    expect(page).to_have_url(re.compile(r"/what-if\?likes=id:7&moved_by=likes:7$"))
    first = names(page)

    less = page.get_by_label("Less like: an artist")
    less.press_sequentially(disliked)
    expect(page.get_by_role("option").first).to_be_visible()
    less.press("Enter")
    expect(page.locator(".moved")).to_contain_text("Wanting less like")
    assert chips(page, "dislikes") == [disliked]
    assert names(page) != first
    expect(page.locator("#said")).to_contain_text(f"Wanting less like {disliked}:")
    moved = page.locator(".picks .is-up, .picks .is-down, .picks .is-new").count()
    assert moved > 0

    page.get_by_role("link", name=f"Without {disliked}").click()
    expect(page.locator(".moved")).to_contain_text("No longer wanting less like")
    assert names(page) == first
    page.go_back()
    expect(page.locator(".moved")).to_contain_text("Wanting less like")
    assert chips(page, "dislikes") == [disliked]
    page.reload()
    assert chips(page, "dislikes") == [disliked]


def test_a_row_is_liked_or_not_and_friends_are_added_by_id(tab: Watched) -> None:  # noqa: F811
    page = tab.page
    page.goto("/what-if?likes=id:7")
    best = names(page)[0]
    page.get_by_role("link", name=f"Less like {best}", exact=True).click()
    expect(page.locator(".group.of-dislikes .shows")).to_have_text(best)
    assert best not in names(page)
    second = names(page)[0]
    page.get_by_role("link", name=f"I like {second}", exact=True).press("Enter")
    expect(page.locator(".group.of-likes .shows")).to_have_count(2)
    expect(page.locator(".picks li:first-child .act.likes")).to_be_focused()
    field = page.get_by_label("Your friends: somebody’s id")
    field.fill("2")
    field.press("Enter")
    expect(page.locator(".group.of-friends .shows")).to_have_text("person 2")
    page.locator(".group.of-dislikes .shows").click()
    expect(page.locator(".moved")).to_contain_text("Wanting less like")
    expect(page.locator(".held.is-moving")).to_contain_text(best)


def test_a_slip_is_answered_with_what_was_meant(tab: Watched) -> None:  # noqa: F811
    page = tab.page
    name = name_of(page, 7)
    page.goto("/what-if?likes=id:12")
    field = page.get_by_label("You like: an artist")
    field.fill("zzzzqqqq")
    field.press("Enter")
    expect(page.locator(".missing")).to_contain_text("Nothing is called 'zzzzqqqq'")
    field.fill(name[:-2] + "xx")
    # Sent before the list of what it may mean is there.
    page.locator(".group.of-likes form").evaluate("form => form.requestSubmit()")
    page.locator(".missing a", has_text=name).click()
    expect(page.locator(".group.of-likes .shows")).to_have_count(2)


def test_the_sheet_is_taken_along(tab: Watched, tmp_path: Path) -> None:  # noqa: F811
    page = tab.page
    page.goto("/what-if?likes=id:7&dislikes=id:12")
    with page.expect_download() as taken:
        page.get_by_text("Take it with you as a sheet").click()
    taken.value.save_as(tmp_path / "sheet.csv")
    lines = (tmp_path / "sheet.csv").read_text(encoding="utf-8").splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["Like", "1", "-1"]


@pytest.fixture
def plain(opened: Browser, served: str) -> Iterator[Page]:  # noqa: F811
    """A tab without JavaScript."""
    watched = Watched(opened, served, java_script_enabled=False)
    yield watched.page
    watched.context.close()
    assert watched.faults == []


def test_it_works_without_javascript(plain: Page) -> None:
    name = name_of(plain, 30)
    plain.goto("/what-if")
    plain.locator(".beginning a").first.click()
    assert len(names(plain)) == 10
    plain.get_by_label("Less like: an artist").fill(name.lower())
    plain.locator(".group.of-dislikes button").click()
    assert chips(plain, "dislikes") == [name]
    expect(plain.locator(".moved")).to_contain_text("Wanting less like")
    plain.get_by_role("link", name=f"Without {name}").click()
    assert chips(plain, "dislikes") == []
    assert len(names(plain)) == 10
