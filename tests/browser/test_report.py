"""The report as it is read on a phone and on a screen, in light and in dark."""

from pathlib import Path

import pytest

from tastegraph.analysis.pictures.style import WIDTH
from tests.browser.driving import open_page
from tests.commands.running import run

# Points of the smallest type in a picture, and pixels that it needs.
TYPE, PIXELS = 7.5, 9.5


@pytest.fixture(scope="module")
def report(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    listens = [f"{user},{artist},{user * artist}" for user in (1, 2, 3) for artist in (4, 5, 6)]
    (folder / "listens.csv").write_text("\n".join(["user,artist,plays", *listens]) + "\n")
    run("--store", folder / "store", "load", folder)
    run("--store", folder / "store", "report", folder / "out")
    return folder / "out" / "index.html"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_are_read_at_every_width(
    report: Path, pictures: Path, width: int, theme: str
) -> None:
    with open_page() as page:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        page.goto(report.as_uri())
        page.screenshot(path=pictures / f"report-{width}-{theme}.png", full_page=True)
        # The page stands still, only its pictures and tables move sideways.
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        drawn = page.locator("figure img")
        assert drawn.count() == 5
        for at in range(5):
            shown = drawn.nth(at).evaluate("image => image.getBoundingClientRect().width")
            assert TYPE / 72 * shown / WIDTH > PIXELS
        heads = page.locator("h2").all_inner_texts()
        assert heads[0] == "Listens"
        assert heads[-1] == "Not on this page"
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (theme == "light")
