"""What if: the list of somebody who is not in the data, and what each thing they say moves."""

import csv
import io
import re
from html import unescape
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tastegraph.api.graph import Graph

TASTE = {"likes": ["id:7", "id:12"], "friends": ["2"], "dislikes": ["id:9"]}
API, PAGE, SHEET = "/api/what-if", "/what-if", "/what-if/sheet.csv"


def named(rows: list[dict[str, object]]) -> list[object]:
    return [row["artist"] for row in rows]


def links(html: str, mark: str) -> list[str]:
    """Addresses of the links that have ``mark`` in their tag."""
    tags = re.findall(r"<a [^>]*>", html)
    return [unescape(re.findall(r'href="([^"]*)"', tag)[0]) for tag in tags if mark in tag]


def names(html: str) -> list[str]:
    return re.findall(r'<bdi class="name">(.*?)</bdi>', html)


def test_the_list_is_that_of_python(ask: httpx.Client, graph: Graph) -> None:
    answer = ask.get(API, params={**TASTE, "why": True, "k": 7}).json()
    frame = graph.new_listener(like=["id:7", "id:12"], friend=[2], dislikes=["id:9"], k=7)
    assert named(answer["artists"]) == frame["artist"].tolist()
    assert [row["artist"] for row in answer["likes"]] == [7, 12]
    assert answer["friends"] == [{"user": 2}]
    assert [row["artist"] for row in answer["dislikes"]] == [9]
    for row in answer["artists"]:
        assert sum(part["value"] for part in row["why"]) == pytest.approx(row["score"], abs=1e-4)
        assert "dislike" in {part["kind"] for part in row["why"]}
        assert row["before"] is None
    assert (answer["moved_by"], answer["gone"]) == (None, [])


@pytest.mark.parametrize("chip", ["likes:12", "friends:2", "dislikes:9", "likes:30", "dislikes:31"])
def test_what_moved_is_the_difference_of_two_lists(ask: httpx.Client, chip: str) -> None:
    group, id_ = chip.split(":")
    argument = id_ if group == "friends" else f"id:{id_}"
    is_there = argument in TASTE[group]
    others = [each for each in TASTE[group] if each != argument]
    other = {**TASTE, group: others if is_there else [*others, argument]}
    answer = ask.get(API, params={**TASTE, "moved_by": chip}).json()
    before, now = (
        named(ask.get(API, params={**each, "k": 100}).json()["artists"]) for each in (other, TASTE)
    )
    assert answer["compared"]
    assert answer["moved_by"]["group"] == group
    assert answer["moved_by"]["chosen"] == is_there
    assert named(answer["artists"]) == now[:10]
    for row in answer["artists"]:
        ranks = [rank for rank, artist in enumerate(before, 1) if artist == row["artist"]]
        assert row["before"] == (ranks[0] if ranks else None)
    gone = [artist for artist in before[:10] if artist not in now[:10]]
    assert named(answer["gone"]) == [artist for artist in gone if artist not in {7, 12, 9}]
    for row in answer["gone"]:
        assert before[row["before"] - 1] == row["artist"]
        assert row["rank"] is None or now[row["rank"] - 1] == row["artist"]


def test_the_only_like_is_compared_with_nothing(ask: httpx.Client) -> None:
    answer = ask.get(API, params={"likes": "id:7", "moved_by": "likes:7"}).json()
    assert not answer["compared"]
    assert answer["gone"] == []
    assert "is-new" not in ask.get(PAGE, params={"likes": "id:7", "moved_by": "likes:7"}).text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("likes=id:7&dislikes=id:7", 400, "both liked and disliked"),
        ("&".join(["likes=a"] * 51), 400, "at most 50 times"),
        ("&".join(["likes=a"] * 4_000), 400, "given 4000 times"),
        ("&".join(["likes=a"] * 5_000), 414, "longer than"),
        ("likes=id:7&friends=none", 404, "there is no user none"),
        ("likes=id:7&moved_by=", 400, "a colon and an id"),
        ("likes=id:7&moved_by=likes", 400, "a colon and an id"),
        ("likes=id:7&moved_by=tags:1", 400, "a colon and an id"),
        ("likes=id:7&moved_by=likes:none", 404, "there is no artist"),
        ("likes=" + "a" * 201, 400, "at most 200"),
    ],
)
def test_what_cant_be_is_a_problem(ask: httpx.Client, query: str, status: int, said: str) -> None:
    answer = ask.get(f"{API}?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("query", ["", "dislikes=id:7", "moved_by=likes:7"])
def test_where_there_is_nothing_to_go_by_is_an_empty_list(ask: httpx.Client, query: str) -> None:
    answer = ask.get(f"{API}?{query}")
    assert answer.status_code == 200
    assert answer.json()["artists"] == answer.json()["gone"] == []
    assert not answer.json()["compared"]
    assert "nothing to go by" in answer.json()["notes"][0]
    assert "Begin with somebody" in ask.get(f"{PAGE}?{query}").text


def test_a_form_with_ten_thousand_names_is_refused(served: str) -> None:
    # httpx sends no address that is so long.
    asking = HTTPConnection(served.removeprefix("http://"), timeout=30)
    for path in (API, PAGE):
        asking.request("GET", f"{path}?" + "&".join(["likes=some+artist"] * 10_000))
        answer = asking.getresponse()
        assert answer.status == 414
        assert b"longer than" in answer.read()
    asking.close()


def test_a_name_that_is_not_there_comes_with_the_nearest(ask: httpx.Client) -> None:
    _, *known = ask.get("/api/artists?k=3").json()["artists"]
    name = known[0]["name"]
    answer = ask.get(API, params={"likes": name[:-1] + "xx"})
    assert answer.status_code == 404
    assert name in [row["name"] for row in answer.json()["nearest"]]
    # The page keeps what else was said, and offers the nearest to be clicked.
    page = ask.get(PAGE, params={"likes": ["id:7", name[:-1] + "xx"]})
    assert page.status_code == 200
    assert len(names(page.text)) == 10
    (link,) = [
        each for each in re.findall(r'<a href="([^"]*)"><bdi>', page.text) if "moved" in each
    ][:1]
    again = ask.get(unescape(link)).text
    assert f"Liking <b><bdi>{name}</bdi></b>" in unescape(again)


def test_without_javascript_links_and_forms_do_it_all(ask: httpx.Client, graph: Graph) -> None:
    start = ask.get(PAGE).text
    first = links(start, 'class="chip"')[0]
    begun = ask.get(first).text
    assert len(links(begun, 'class="drops"')) == 1
    # A form sends its hidden fields and what was typed, here without regard to case.
    _, name = graph.named_artist("id:30")
    typed = ask.get(PAGE, params={"likes": ["id:7"], "dislikes": ["", name.upper()]}).text
    assert f"Wanting less like <b><bdi>{name}</bdi></b>" in unescape(typed)
    assert 'value="id:30"' in typed
    less = ask.get(links(typed, 'class="act less"')[0]).text
    assert len(links(less, 'class="drops"')) == 3
    assert names(typed)[0] not in names(less)
    without = ask.get(links(less, 'class="drops"')[-1]).text
    assert "No longer wanting less like" in without
    assert names(without) == names(typed)
    moving = links(without, 'class="shows"')[-1]
    assert 'aria-current="true"' in ask.get(moving).text


def test_what_is_typed_wins_over_what_was_said_before(ask: httpx.Client, graph: Graph) -> None:
    _, name = graph.named_artist("id:12")
    html = ask.get(PAGE, params={"likes": ["id:7", "id:12"], "dislikes": name}).text
    assert "Wanting less like" in html
    assert len(links(html, 'class="drops"')) == 2
    both = ask.get(PAGE, params={"likes": ["id:7", "id:12"], "dislikes": "id:12"}).text
    assert "both liked and disliked" in both
    assert len(links(both, 'class="drops"')) == 3


def test_the_page_visibly_adds_up(ask: httpx.Client) -> None:
    html = ask.get(PAGE, params=TASTE).text
    tables = re.findall(r'<table class="reasons">.*?</table>', html, re.DOTALL)
    assert len(tables) == 10
    assert any("because you want less like" in table for table in tables)
    for table in tables:
        *parts, total = [float(n.replace("−", "-")) for n in re.findall(r"<td>(.*?)</td>", table)]
        assert round(sum(parts), 3) == pytest.approx(total, abs=1e-9)


def test_the_sheet_is_what_new_listener_reads(
    ask: httpx.Client, graph: Graph, tmp_path: Path
) -> None:
    answer = ask.get(SHEET, params=TASTE)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    marks = [row["Like"] for row in csv.DictReader(io.StringIO(answer.text))]
    assert marks == ["1", "1", "-1"]
    file = tmp_path / "what-if.csv"
    file.write_bytes(answer.content)
    frame = graph.new_listener(sheet=file, friend=[2])
    assert frame["artist"].tolist() == named(ask.get(API, params=TASTE).json()["artists"])
    assert "new-listener --sheet what-if.csv --friend 2" in ask.get(PAGE, params=TASTE).text


def test_pages_lead_there(ask: httpx.Client) -> None:
    for path in ("/", "/users/2", "/artists/7"):
        addresses = {
            unescape(each) for each in re.findall(r'href="(/what-if[^"]*)"', ask.get(path).text)
        }
        assert PAGE in addresses
        for address in addresses - {PAGE}:
            assert len(names(ask.get(address).text)) == 10
        assert path == "/" or len(addresses) == 2
