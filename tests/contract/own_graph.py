"""Somebody else's graph for tests: filled by Cypher, and told apart from another by its digest."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from neo4j import GraphDatabase

from tastegraph.graph.mapped.write_back_mark import LABEL
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings

MOVIES = """
UNWIND [['Keanu', 1964], ['Carrie', 1967], ['Jess', 1980], ['James', 1981], ['Angela', 1982],
        ['Paul', 1983]] AS each
CREATE (:Person {name: each[0], born: each[1]})
WITH count(*) AS people
UNWIND [['The Matrix', 1999], ['Speed', 1994], ['Cloud Atlas', 2012], ['Memento', 2000]] AS each
CREATE (:Movie {title: each[0], released: each[1]})
"""
MOVIE_LINKS = {
    "ACTED_IN": [("Keanu", "The Matrix"), ("Carrie", "The Matrix"), ("Keanu", "Speed")],
    "REVIEWED": [
        *(("Jess", "The Matrix", 95), ("Jess", "Cloud Atlas", 45), ("James", "The Matrix", 80)),
        *(("James", "Speed", 70), ("Angela", "Cloud Atlas", 90), ("Angela", "Cloud Atlas", 85)),
    ],
}

MOVIE_MAPPING = """
[users]
label = "Person"
id = "name"
[artists]
label = "Movie"
id = "title"
name = "title"
[listens]
type = "REVIEWED"
least = { rating = 50 }
[friends]
type = "FOLLOWS"
[tags]
type = "ACTED_IN"
direction = "in"
label = "Person"
name = "name"
"""

SHOP_MAPPING = """
[users]
label = "Person"
id = "email"
[artists]
label = "Product"
id = "sku"
name = "title"
[listens]
type = "BOUGHT"
plays = "quantity"
[friends]
type = "KNOWS"
[tags]
type = "IN"
label = "Category"
name = "name"
[write]
embedding = "taste"
recommended = "RECOMMENDED"
k = 3
"""


@dataclass(frozen=True)
class Theirs:
    """A database that answers at ``uri``."""

    uri: str
    database: str | None
    auth: tuple[str, str] | None

    def run(self, cypher: str, **parameters: Any) -> list[list[Any]]:
        """Run any query."""
        with (
            GraphDatabase.driver(
                self.uri, auth=self.auth, notifications_min_severity="OFF"
            ) as driver,
            driver.session(database=self.database) as session,
        ):
            return session.run(cypher, parameters).values()

    def digest(self, *left_out: str) -> str:
        """A hash of all nodes and relationships but for the properties and types ``left_out``.

        The mark of what we have written is no part of it.
        """
        nodes = self.run("MATCH (n) RETURN labels(n), properties(n)")
        links = self.run(
            "MATCH (s)-[r]->(e) RETURN type(r), properties(r), properties(s), properties(e)"
        )
        rows = [
            [sorted(labels), _plain(held, left_out)]
            for labels, held in nodes
            if LABEL not in labels
        ]
        rows += [
            [type_, *(_plain(each, left_out) for each in held)]
            for type_, *held in links
            if type_ not in left_out
        ]
        return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def _plain(held: dict[str, Any], left_out: tuple[str, ...]) -> list[Any]:
    return sorted((name, value) for name, value in held.items() if name not in left_out)


@contextmanager
def theirs(place: Settings) -> Iterator[Theirs]:
    """What answers at ``place``: a server, or an embedded store that is open meanwhile."""
    if place.is_server:
        auth = (place.username or "neo4j", place.password) if place.password else None
        yield Theirs(place.place, place.database, auth)
        return
    with open_store(place) as store:
        assert store.embedded is not None
        embedded = store.embedded
        yield Theirs(embedded.uri, embedded.database, ("root", embedded.password))


def movies(graph: Theirs) -> None:
    """The form of Neo4j's example: people act in movies, review them and follow each other."""
    graph.run(MOVIES)
    for type_, links in MOVIE_LINKS.items():
        for person, movie, *rating in links:
            graph.run(
                "MATCH (p:Person {name: $person}), (m:Movie {title: $movie}) "
                f"CREATE (p)-[r:{type_}]->(m) SET r.rating = $rating",
                person=person,
                movie=movie,
                rating=rating[0] if rating else None,
            )
    graph.run(
        "UNWIND [['James', 'Jess'], ['Jess', 'James'], ['Paul', 'Angela']] AS pair "
        "MATCH (s:Person {name: pair[0]}), (e:Person {name: pair[1]}) CREATE (s)-[:FOLLOWS]->(e)"
    )


def shop(graph: Theirs, people: int = 30, products: int = 24) -> None:
    """A shop of text ids: who lives in one half of it buys there, and knows a neighbour."""
    graph.run(
        "UNWIND range(0, $people - 1) AS i "
        "CREATE (:Person {email: 'p' + toString(i) + '@shop', nick: 'P' + toString(i)})",
        people=people,
    )
    graph.run(
        "UNWIND range(0, 1) AS i CREATE (:Category {name: 'half ' + toString(i)}) "
        "WITH count(*) AS both UNWIND range(0, $products - 1) AS i "
        "CREATE (:Product {sku: 'sku-' + toString(i), title: 'Product ' + toString(i), price: i})",
        products=products,
    )
    bought = [
        [f"p{i}@shop", f"sku-{2 * ((i * 5 + j * 3) % (products // 2)) + i % 2}", 1 + (i + j) % 4]
        for i in range(people)
        for j in range(5)
    ]
    graph.run(
        "UNWIND $rows AS row MATCH (p:Person {email: row[0]}), (x:Product {sku: row[1]}) "
        "CREATE (p)-[:BOUGHT {quantity: row[2]}]->(x)",
        rows=bought,
    )
    graph.run(
        "UNWIND $rows AS row MATCH (s:Person {email: row[0]}), (e:Person {email: row[1]}) "
        "CREATE (s)-[:KNOWS]->(e)",
        rows=[[f"p{i}@shop", f"p{i + 2}@shop"] for i in range(people - 2)],
    )
    graph.run(
        "MATCH (x:Product), (c:Category) "
        "WHERE c.name = 'half ' + toString(toInteger(substring(x.sku, 4)) % 2) "
        "CREATE (x)-[:IN]->(c)"
    )
