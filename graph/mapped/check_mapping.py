"""Whether what a mapping names is in the graph; where not, what is called nearly so."""

from collections.abc import Iterable

from tastegraph.errors import NotFoundError
from tastegraph.graph.mapped.mapping import Artists, GraphMapping, Tags, Users
from tastegraph.graph.mapped.statements import listen_pattern, quoted, tag_pattern, types
from tastegraph.graph.store.source_graph import SourceGraph
from tastegraph.runtime.nearest_names import nearest

# Nodes or relationships that are looked at for what properties there are, and names that are shown.
_LOOKED_AT, _SHOWN = 1_000, 12


def check_mapping(source: SourceGraph, mapping: GraphMapping) -> None:
    """Raise NotFoundError for the first label, type or property of ``mapping`` that nothing has.

    What its own queries name is theirs to know.
    """
    check_nodes(source, mapping)
    artists = f"(a:{quoted(mapping.artists.label)})"
    for key in ("name", "url", "picture_url"):
        if (name := getattr(mapping.artists, key)) and mapping.artists.cypher is None:
            _require_property(source, f"[artists] {key}", artists, "a", name)
    listens = mapping.listens
    if listens.cypher is None:
        pattern = listen_pattern(mapping, listens)
        _require_types(source, "[listens]", listens.types, pattern)
        for name in filter(None, (listens.plays, listens.time, *listens.least)):
            _require_property(source, "[listens]", pattern, "r", name)
    if mapping.friends is not None and mapping.friends.cypher is None:
        user = f":{quoted(mapping.users.label)}"
        names = mapping.friends.types
        _require_types(source, "[friends]", names, f"({user})-[r:{types(names)}]->({user})")
    if mapping.tags is not None and mapping.tags.cypher is None:
        _check_tags(source, mapping, mapping.tags)


def check_nodes(source: SourceGraph, mapping: GraphMapping) -> None:
    """Raise NotFoundError where there are no users or artists with an id."""
    nodes: tuple[tuple[str, Users | Artists], ...] = (
        ("[users]", mapping.users),
        ("[artists]", mapping.artists),
    )
    for section, kind in nodes:
        _require_label(source, section, kind.label)
        _require_property(source, f"{section} id", f"(n:{quoted(kind.label)})", "n", kind.id)


def _check_tags(source: SourceGraph, mapping: GraphMapping, tags: Tags) -> None:
    if tags.label is not None:
        pattern, node = tag_pattern(mapping, tags), f"(t:{quoted(tags.label)})"
        _require_label(source, "[tags]", tags.label)
        _require_types(source, "[tags]", tags.types, pattern)
        _require_property(source, "[tags] name", node, "t", tags.name or "")
        return
    pattern, variable = f"(a:{quoted(mapping.artists.label)})", "a"
    if tags.of_users:
        pattern, variable = listen_pattern(mapping, tags), "r"
        _require_types(source, "[tags]", tags.types, pattern)
    for name in filter(None, (tags.property_name, tags.time)):
        _require_property(source, "[tags]", pattern, variable, name)


def _require_label(source: SourceGraph, section: str, label: str) -> None:
    if _finds(source, f"MATCH (n:{quoted(label)})"):
        return
    known = _names(source, "CALL db.labels() YIELD label RETURN label")
    raise NotFoundError(
        f"{section}: {source.place} has no node with the label {label!r}{_instead(label, known)}"
    )


def _require_types(source: SourceGraph, section: str, names: tuple[str, ...], pattern: str) -> None:
    """Of each type there must be relationships that the pattern, of any of them, finds."""
    for name in names:
        if _finds(source, f"MATCH ()-[r:{quoted(name)}]->()"):
            if not _finds(source, f"MATCH {pattern.replace(types(names), quoted(name))}"):
                raise NotFoundError(_elsewhere(source, section, name))
            continue
        known = _names(
            source, "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType"
        )
        raise NotFoundError(
            f"{section}: {source.place} has no relationship of the type {name!r}"
            f"{_instead(name, known)}"
        )


def _elsewhere(source: SourceGraph, section: str, name: str) -> str:
    """What to say of relationships that connect other nodes than the mapping says."""
    start, end = source.rows(
        f"MATCH (s)-[r:{quoted(name)}]->(e) RETURN labels(s), labels(e) LIMIT 1"
    )[0]
    return (
        f"{section}: the {name!r} of {source.place} do not lead where the mapping says, but from "
        f"{_with_labels(start)} to {_with_labels(end)}: correct the labels, or turn it with "
        'direction = "in"'
    )


def _with_labels(labels: Iterable[str]) -> str:
    return f"({''.join(f':{label}' for label in labels)})"


def _require_property(
    source: SourceGraph, section: str, pattern: str, variable: str, name: str
) -> None:
    if _finds(source, f"MATCH {pattern} WHERE {variable}.{quoted(name)} IS NOT NULL"):
        return
    known = _names(
        source,
        f"MATCH {pattern} WITH {variable} LIMIT {_LOOKED_AT} UNWIND keys({variable}) AS name "
        "RETURN DISTINCT name",
    )
    raise NotFoundError(
        f"{section}: nothing like {pattern.replace('`', '')} in {source.place} has the property "
        f"{name!r}{_instead(name, known)}"
    )


def _finds(source: SourceGraph, match: str) -> bool:
    return bool(source.rows(f"{match} RETURN 1 LIMIT 1"))


def _names(source: SourceGraph, cypher: str) -> list[str]:
    return sorted(str(row[0]) for row in source.rows(cypher))


def _instead(name: str, known: list[str]) -> str:
    """What is called nearly so, or else what there is."""
    if near := nearest(name, known):
        return f"; did you mean {' or '.join(map(repr, near))}?"
    if not known:
        return "; there is none at all"
    more = f" and {len(known) - _SHOWN:,} more" if len(known) > _SHOWN else ""
    return f"; there are {', '.join(map(repr, known[:_SHOWN]))}{more}"
