"""Proposes a mapping for a graph that has been looked at, to be corrected by a person."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tastegraph.errors import InputError
from tastegraph.graph.mapped.look_at import LIST, NUMBER, TEXT, TIME, Kind, Property, Schema
from tastegraph.graph.mapped.mapping import IN, OUT

# What such things are often called; of several that fit, the first.
_USERS = (
    *("user", "person", "people", "customer", "member", "listener", "reader", "account", "buyer"),
)
_LISTENS = (
    *("listen", "play", "heard", "bought", "purchas", "order", "watch", "view", "read", "rated"),
    *("rates", "rating", "review", "like", "stream", "click", "visit", "use"),
)
_FRIENDS = ("friend", "know", "follow", "colleague", "contact")
_TAGS = ("tag", "genre", "categor", "topic", "keyword", "style", "subject", "in_", "has_", "type")
_IDS = ("id", "uuid", "sku", "isbn", "key", "code", "email", "name", "title")
_NAMES = ("name", "title", "label", "caption", "headline")
_PLAYS = ("play", "count", "quantit", "times", "number", "weight", "amount", "qty")
_TIMES = ("at", "time", "timestamp", "date", "when", "created", "since", "on")
_GRADES = ("rating", "stars", "score", "grade")


@dataclass(frozen=True)
class Proposal:
    """What seems to be what; None where nothing does."""

    users: str
    artists: str
    listens: Kind
    direction: str
    friends: Kind | None
    tags: Kind | None
    tag_property: Property | None


def propose(schema: Schema) -> Proposal:
    """The likeliest mapping by names and numbers. InputError where nothing connects two labels."""
    between = [each for each in schema.relations if each.start != each.end]
    if not between:
        raise InputError(
            "no relationship leads from nodes of one label to nodes of another, so nobody listens "
            "to anything here: write a mapping with queries of your own (cypher) instead"
        )
    listens = min(
        between,
        key=lambda each: (
            _place(each.name, _LISTENS),
            min(_place(each.start, _USERS), _place(each.end, _USERS)),
        ),
    )
    turned = _place(listens.end, _USERS) < _place(listens.start, _USERS)
    users, artists = (listens.end, listens.start) if turned else (listens.start, listens.end)
    friends = [each for each in schema.relations if {each.start, each.end} == {users}]
    tags = [
        each
        for each in between
        if artists in (each.start, each.end)
        and each.name != listens.name
        and not {users, listens.name} & {each.start, each.end}
        and _first(schema.label(_other(each, artists)).named(TEXT), _NAMES)
    ]
    lists = schema.label(artists).named(LIST)
    return Proposal(
        users,
        artists,
        listens,
        IN if turned else OUT,
        min(friends, key=lambda each: _place(each.name, _FRIENDS), default=None),
        min(tags, key=lambda each: _place(each.name, _TAGS), default=None),
        min(lists, key=lambda each: _place(each.name, _TAGS), default=None),
    )


def mapping_text(schema: Schema, place: str) -> str:
    """The proposal as TOML, with what else there is as comments."""
    found = propose(schema)
    sections = [
        _heading(schema, place),
        _users(schema, found),
        _artists(schema, found),
        _listens(found),
        _friends(schema, found),
        _tags(schema, found),
        _WRITE,
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _heading(schema: Schema, place: str) -> list[str]:
    return [
        f"# A proposal for {_plain(place)}: see that it is right before you load by it.",
        "#",
        "# In the graph are, with how many of each:",
        *(f"#   (:{_plain(each.name)}) {each.count:,}" for each in schema.labels),
        *(f"#   {_pattern(each)} {each.count:,}" for each in schema.relations),
    ]


def _users(schema: Schema, found: Proposal) -> list[str]:
    label = schema.label(found.users)
    return [
        "[users]  # who listens, buys, watches",
        f"label = {_quoted(found.users)}",
        f"id = {_quoted(_id(label))}{_others(label.properties)}",
    ]


def _artists(schema: Schema, found: Proposal) -> list[str]:
    label = schema.label(found.artists)
    name = _first(label.named(TEXT), _NAMES)
    lines = [
        "[artists]  # what is listened to, bought, watched: it is recommended",
        f"label = {_quoted(found.artists)}",
        f"id = {_quoted(_id(label))}{_others(label.properties)}",
    ]
    return lines + ([f"name = {_quoted(name.name)}"] if name else ["# name = ..."])


def _listens(found: Proposal) -> list[str]:
    listens = found.listens
    plays, time = _first(listens.named(NUMBER), _PLAYS), _time(listens)
    grade = _first(listens.named(NUMBER), _GRADES)
    lines = ["[listens]  # " + _pattern(listens), f"type = {_quoted(listens.name)}"]
    lines += [f'direction = "{IN}"  # from artists to users'] if found.direction == IN else []
    lines += [
        f"plays = {_quoted(plays.name)}"
        if plays
        else '# plays = "..."  # a property that counts; without it each counts one'
    ]
    lines += [f"time = {_quoted(time.name)}" if time else '# time = "..."  # when it was']
    if grade is not None:
        lines += [f"# least = {{ {_quoted(grade.name)} = 3 }}  # only those of at least this"]
    return lines


def _friends(schema: Schema, found: Proposal) -> list[str]:
    if found.friends is None:
        return [f"# [friends]  # relationships between two (:{_plain(found.users)})"]
    others = [
        each
        for each in schema.relations
        if {each.start, each.end} == {found.users} and each != found.friends
    ]
    also = f"  # also: {', '.join(_plain(each.name) for each in others)}" if others else ""
    return ["[friends]", f"type = {_quoted(found.friends.name)}{also}"]


def _tags(schema: Schema, found: Proposal) -> list[str]:
    if found.tags is not None:
        other = _other(found.tags, found.artists)
        name = _first(schema.label(other).named(TEXT), _NAMES)
        lines = [f"[tags]  # {_pattern(found.tags)}", f"type = {_quoted(found.tags.name)}"]
        if found.tags.end == found.artists:
            lines.append(f'direction = "{IN}"  # from tags to artists')
        return [*lines, f"label = {_quoted(other)}", f"name = {_quoted(name.name if name else '')}"]
    if found.tag_property is not None:
        return ["[tags]  # a property of artists", f"property = {_quoted(found.tag_property.name)}"]
    return ["# [tags]  # what artists are described by: genres, categories"]


_WRITE = [
    "[write]  # for tastegraph write-back",
    'embedding = "embedding"  # the property for vectors; false for none',
    '# recommended = "RECOMMENDED"  # relationships {rank, score, model} from users to artists',
    "# k = 10  # how many of these a user",
]


def _id(label: Kind) -> str:
    """The property that identifies nodes: one that is unique, called as ids are."""
    everywhere = [each for each in label.named(NUMBER, TEXT) if each.share == 1.0]
    unique = [each for each in everywhere if each.name in label.unique]
    distinct = [each for each in everywhere if each.distinct]
    candidates = unique or distinct or everywhere or list(label.properties)
    if not candidates:
        raise InputError(f"no (:{label.name}) has a property, so nothing tells one from another")
    return min(candidates, key=lambda each: _place(each.name, _IDS)).name


def _time(kind: Kind) -> Property | None:
    times = kind.named(TIME)
    return times[0] if times else _first(kind.named(NUMBER, TEXT), _TIMES)


def _first(properties: Sequence[Property], called: Sequence[str]) -> Property | None:
    """The one that is called most like what it is for, None where none is."""
    likely = [each for each in properties if _place(each.name, called) < len(called)]
    return min(likely, key=lambda each: _place(each.name, called), default=None)


def _place(name: str, called: Sequence[str]) -> int:
    """Where in a list of words that names begin or end with the first is that fits."""
    folded = name.casefold()
    fits = (
        at for at, word in enumerate(called) if folded.startswith(word) or folded.endswith(word)
    )
    return next(fits, len(called))


def _other(relation: Kind, label: str) -> str:
    return relation.end if relation.start == label else relation.start


def _others(properties: Iterable[Property]) -> str:
    return f"  # of {', '.join(_plain(each.name) for each in properties)}"


def _pattern(relation: Kind) -> str:
    shown = f"(:{relation.start})-[:{relation.name}]->(:{relation.end})"
    names = ", ".join(each.name for each in relation.properties)
    return _plain(shown + (f" {{{names}}}" if names else ""))


def _plain(text: str) -> str:
    """Text in a comment, which ends with its line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _quoted(name: str) -> str:
    """Text as TOML has it, without signs that would steer a terminal."""
    signs = json.dumps(name, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in signs)
