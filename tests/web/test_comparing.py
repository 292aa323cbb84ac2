"""Two people beside each other."""

import httpx

from tastegraph.api.graph import Graph


def test_a_program_gets_what_the_command_says(graph: Graph, ask: httpx.Client) -> None:
    frame = graph.compare_users("id:2", "id:5", k=4)
    told = ask.get("/api/users/2/compare", params={"other": "5", "k": 4}).json()
    shared = frame[frame["section"] == "shared artists"]
    assert [row["artist"] for row in told["shared_artists"]] == shared["id"].tolist()
    assert [row["plays"] for row in told["shared_artists"]] == shared["plays"].tolist()
    liked = frame[frame["section"] == "might like"]
    assert {row["user"] for row in told["might_like"]} == {2, 5}
    assert [row["score"] for row in told["might_like"]] == liked["value"].tolist()
    assert all(row["played_by"] == 7 - row["user"] for row in told["might_like"])
    similarity = frame.loc[frame["name"] == "similarity", "value"].item()
    assert told["likeness"]["similarity"] == similarity


def test_the_page_has_both_and_leads_to_the_ways(ask: httpx.Client) -> None:
    text = ask.get("/users/2/compare?other=5").text
    assert 'href="/graph?user=2&amp;other=5"' in text
    assert "Person 2 might like" in text
    assert "Person 5 might like" in text
    assert 'action="/users/2/compare"' in ask.get("/users/2").text


def test_who_is_not_there_is_said(ask: httpx.Client) -> None:
    assert ask.get("/users/999/compare?other=5").status_code == 404
    for other, said in (("999", "no user 999"), ("2", "the same person"), ("", "no user")):
        text = ask.get("/users/2/compare", params={"other": other}).text
        assert said in text
    assert ask.get("/api/users/2/compare").status_code == 400
    assert ask.get("/api/users/2/compare?other=999").status_code == 404
