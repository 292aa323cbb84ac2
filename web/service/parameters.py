"""What may stand in an address: read, checked and described in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tastegraph.api.recommending import GROUPS
from tastegraph.errors import InputError
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.numbers import RANGES, Range
from tastegraph.web.answers.recommending import MOST_MEMBERS, MOST_USERS

Kind = Literal["text", "whole", "number", "truth"]

LONGEST = 200
"""Letters of a text."""

MOST = 100
"""Rows of a list."""

SEVERAL = 5
"""Times that a parameter may stand in one address, unless it says otherwise."""

CHIPS = 50
"""Likes, friends and dislikes of one person, each."""

# Digits of a number: Python reads no number of thousands of them.
_DIGITS = 40

# What OpenAPI says of a text: no zeros, and where it is needed, more than blanks.
_TEXT = r"^[^\u0000]*$"
_LETTERS = r"^[^\u0000]*[^\u0000\s][^\u0000]*$"

_TRUTH = {"true": True, "1": True, "on": True, "false": False, "0": False, "": False}


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address.

    several  may stand there more than once, ``most`` times; the value is a list
    within   the numbers that are allowed
    choices  the texts that are allowed
    pattern  what a text must look like (a regular expression of OpenAPI)
    """

    name: str
    about: str
    kind: Kind = "text"
    default: Any = None
    several: bool = False
    required: bool = False
    in_path: bool = False
    within: Range | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    most: int = SEVERAL

    def read(self, texts: Sequence[str]) -> Any:
        """The value that ``texts`` write; InputError."""
        if len(texts) > (self.most if self.several else 1):
            most = f"at most {self.most} times" if self.several else "once"
            raise InputError(f"{self.name} is given {len(texts)} times: give it {most}")
        if not texts:
            if self.required:
                raise InputError(f"{self.name} is missing: {self.about}")
            return [] if self.several else self.default
        values = [self._one(text) for text in texts]
        return values if self.several else values[0]

    def _one(self, text: str) -> Any:
        if self.kind == "text":
            return self._text(text)
        if self.kind == "truth":
            if text.lower() not in _TRUTH:
                raise InputError(f"{self.name} is {text[:_DIGITS]!r}: give true or false")
            return _TRUTH[text.lower()]
        return self._number(text)

    def _text(self, text: str) -> str:
        if len(text) > LONGEST:
            raise InputError(f"{self.name} has {len(text):,} letters: give at most {LONGEST}")
        if self.choices and text not in self.choices:
            raise InputError(f"{self.name} is {text!r}: give one of {', '.join(self.choices)}")
        if "\0" in text or (self.required and not self.in_path and not text.strip()):
            raise InputError(f"{self.name} is empty or holds a zero: {self.about}")
        return text

    def _number(self, text: str) -> float:
        try:
            number = (int if self.kind == "whole" else float)(text[:_DIGITS])
        except ValueError:
            number = float("nan")
        if self.within is None or not self.within.holds(number):
            raise InputError(f"{self.name} is {text[:_DIGITS]!r}: give {self.within}")
        return number

    def described(self) -> dict[str, Any]:
        """The parameter in OpenAPI."""
        one = self._schema()
        least = {"minItems": 1} if self.required else {}
        several = {"type": "array", "items": one, "maxItems": self.most, **least}
        schema = several if self.several else one
        if self.default is not None:
            schema["default"] = self.default
        return {
            "name": self.name,
            "in": "path" if self.in_path else "query",
            "required": self.required or self.in_path,
            "description": self.about,
            "schema": schema,
        }

    def _schema(self) -> dict[str, Any]:
        if self.kind == "truth":
            return {"type": "boolean"}
        if self.kind == "text":
            schema: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
            if self.required or self.in_path:
                schema["minLength"] = 1
            if self.choices:
                return schema | {"enum": list(self.choices)}
            needs_letters = self.required and not self.in_path
            return schema | {"pattern": self.pattern or (_LETTERS if needs_letters else _TEXT)}
        assert self.within is not None
        types = {"whole": "integer", "number": "number"}
        least, most = self.within.least, self.within.most
        if self.kind == "whole":
            least, most = int(least), int(most)
        return {"type": types[self.kind], "minimum": least, "maximum": most}


def read_all(parameters: Sequence[Parameter], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The values of all ``parameters`` by name, from the texts ``given``.

    InputError for a value that is none, and for a name that is none of theirs.
    """
    known = {parameter.name for parameter in parameters}
    if strange := [name for name in given if name not in known]:
        raise InputError(
            f"there is no parameter {strange[0][:LONGEST]!r}"
            f"{did_you_mean(strange[0][:LONGEST], known)}; "
            f"there {'are ' + ', '.join(sorted(known)) if known else 'is none'}"
        )
    return {each.name: each.read(given.get(each.name, ())) for each in parameters}


ID = Parameter("id", "the id in the data", in_path=True, required=True)
K = Parameter("k", "how many", "whole", default=10, within=Range(1, MOST, whole=True))
QUERY = Parameter("q", "a name, a part of one or an id; slips are forgiven", required=True)
WHY = Parameter("why", "also the parts that add up to each score", "truth", default=False)
BY = Parameter("by", "what likeness is told by", default="vectors", choices=("vectors", "tags"))
ARTIST = Parameter("artist", "an artist, by id or name", required=True)
OTHER = Parameter("other", "the id of the other person", required=True)

USERS = Parameter(
    "user", "the id of a person, once for each", several=True, required=True, most=MOST_USERS
)
MEMBERS = replace(USERS, most=MOST_MEMBERS)
GROUP = Parameter(
    "group",
    "what of the members' scores, each brought to 0 to 1, is the group's",
    default=GROUPS[0],
    choices=GROUPS,
)

MOVED_BY = Parameter(
    "moved_by",
    "what to compare with: the list without this one of likes, friends or dislikes or, if it is "
    "none of them, with it; such as likes:7",
    pattern=r"^(likes|friends|dislikes):[^\u0000]+$",
)

SAID = (
    Parameter("likes", "an artist that is liked, by id or name", several=True, most=CHIPS),
    Parameter("friends", "a friend, by id", several=True, most=CHIPS),
    Parameter(
        "dislikes", "an artist to recommend less like, by id or name", several=True, most=CHIPS
    ),
)
"""What somebody who is not in the data says of themselves."""

TASTE = (*SAID, MOVED_BY)
"""The same, and what to compare with."""

NEW_ID = Parameter("id", "an id that nobody has", required=True)

BLOCK = Parameter(
    "block", "which block, from 0", "whole", default=0, within=Range(0, 1_000_000, whole=True)
)

DRAWN = (
    Parameter("user", "the id of a person"),
    Parameter("artist", "the id of an artist; with user, the ways from one to the other"),
    Parameter("tag", "the id of a tag"),
    Parameter("other", "the id of another person or artist: the ways between the two"),
    Parameter("k", "how many neighbours", "whole", default=20, within=Range(1, MOST, whole=True)),
    Parameter(
        "start", "how many neighbours to pass over", "whole", default=0, within=Range(0, 300, True)
    ),
)
"""What names a drawing: the fields that ``answers.drawn.drawn`` takes."""

_WEIGHTS = tuple(
    Parameter(
        f"weight_{signal}",
        f"what the signal {signal} counts; the model's own weight where it is not given",
        "number",
        within=RANGES["weights"],
    )
    for signal in ("embedding", "friends", "tags")
)

FILTERS = (
    *_WEIGHTS,
    Parameter(
        "novelty",
        "scores are divided by the artist's listeners to this power",
        "number",
        default=0.0,
        within=RANGES["novelty"],
    ),
    Parameter("tag", "only artists with this tag, by name or id", several=True),
    Parameter("exclude_tag", "no artists with this tag", several=True),
    Parameter(
        "where",
        "a condition on a number of artists, such as listeners>=100",
        several=True,
        pattern=r"^(listeners|plays)(>=|<=|!=|=|>|<)[0-9]{1,9}$",
    ),
    Parameter("include_known", "also what the user plays already", "truth", default=False),
)

STEERING = (
    *FILTERS,
    Parameter(
        "diversity",
        "how much it counts that the artists differ from each other",
        "number",
        default=0.0,
        within=RANGES["diversity"],
    ),
)
"""What steers a list: the fields of ``answers.recommending.Steering``."""
