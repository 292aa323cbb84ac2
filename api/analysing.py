"""What is in the graph, in figures and in pictures."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.analysis.kinds import MAPPED, Wish
from tastegraph.api.connection import Connection, Name
from tastegraph.errors import InputError
from tastegraph.graph.frames import Id
from tastegraph.runtime.whole_file import whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tastegraph.analysis.artist_map import MapMemory

PAGE = "index.html"
"""The file of a report."""


class Analysing(Connection):
    """Counts and draws what is in the graph."""

    _map_memory: "MapMemory | None" = None

    def keep_in_memory(self, *, wait: bool = False) -> None:
        """Hold the model in memory from now on, so that ``recommend`` answers in a moment.

        wait  until it has been read; the database answers as long as it has not

        When the model or the data change, both are read again beside the answers. What is asked
        with ``group``, ``where`` or ``exact`` is answered by the database as before. The map of
        artists is held as well, once it has been asked for.
        """
        from tastegraph.analysis.artist_map import MapMemory

        self._map_memory = self._map_memory or MapMemory()
        super().keep_in_memory(wait=wait)

    def analyse(self, sections: Sequence[str] = (), *, k: int = 10) -> pd.DataFrame:
        """Figures of ``sections``, or of all: columns section, figure, of, value, text.

        value is a number, a count a whole one; text is what is none. of names the artist, user,
        tag, scaling or cluster that a figure is about, and is empty for what is about all.

        k  length of the lists of top artists, users and tags

        A section whose data are not in the graph says so in a note.
        """
        from tastegraph.analysis.sections import analyse
        from tastegraph.analysis.source import Source

        return analyse(Source(self.store, self.progress), sections, k, self.note)

    def map(self, *, seed: int = 0) -> int:
        """Place every artist on one map by t-SNE of its vector; gives how many.

        The places are kept with the artists, as the properties mapX and mapY, for the model that
        is in use. ModelError without a model, and where fewer than five artists have a vector.
        """
        from tastegraph.analysis.artist_map import make_map

        count = make_map(self.store, seed, self.progress)
        self.note(f"{count:,} artists in {self.settings.place} now have mapX and mapY")
        return count

    def artist_map(self) -> pd.DataFrame:
        """Where artists stand on the map, the best known first.

        Columns artist, name, tag (the one given it most), tag_name, listeners, x, y; the middle
        is at 0, and nobody is farther from it than 100. Where ``map`` has kept no places for the
        model in use, a note says so, and the vectors' two main components are the places.

        With the model in memory the same frame is given again while nothing has changed: copy it
        to change it.
        """
        from tastegraph.analysis.artist_map import read_artist_map

        read = read_artist_map if self._map_memory is None else self._map_memory.read
        frame, is_kept = read(self.store)
        if not is_kept:
            self.note(
                "no map of this model is kept, so that this one is rough: 'tastegraph map' makes "
                "one that shows who is near to whom"
            )
        return frame

    def plot(
        self,
        kind: str,
        output: Path | str | None = None,
        *,
        artist: Sequence[Name] = (),
        user: Name | None = None,
        k: int | None = None,
        clusters: int | None = None,
        most: int = MAPPED,
        seed: int = 0,
    ) -> "Figure":
        """Draw the data or the model; gives Matplotlib's figure, and writes it to ``output``.

        kind      'tastegraph plot --help' lists them
        artist    artists to be named, or whose neighbourhood is drawn
        user      whose reasons or scores
        k         how many artists, users or tags
        clusters  how many, instead of the best number
        most      how many of the most heard artists are on a map

        ModelError or NotFoundError where the graph lacks what the picture shows.
        """
        from tastegraph.analysis.drawing import draw
        from tastegraph.analysis.kinds import KINDS
        from tastegraph.analysis.pictures.fonts import in_words, unseen
        from tastegraph.analysis.pictures.style import save
        from tastegraph.analysis.source import Source
        from tastegraph.runtime.nearest_names import did_you_mean

        if kind not in KINDS:
            raise InputError(f"there is no picture {kind!r}{did_you_mean(kind, KINDS)}")
        wish = Wish(self._artists(artist), self._if_named(user), k, clusters, most, seed)
        figure = draw(Source(self.store, self.progress), kind, wish)
        if output is not None:
            save(figure, Path(output))
            if letters := unseen(figure):
                self.note(in_words(letters))
            self.note(f"{output} shows {KINDS[kind].shows}")
        return figure

    def report(
        self,
        folder: Path | str,
        *,
        artist: Name | None = None,
        user: Name | None = None,
        seed: int = 0,
    ) -> Path:
        """Write all figures and pictures to ``folder``/index.html, one page; gives its path.

        artist  whose neighbourhood is drawn; the most heard artist's else
        user    whose reasons and scores; the first user's else
        """
        from tastegraph.analysis.report import page
        from tastegraph.analysis.source import Source

        file = _page_in(Path(folder))
        artists = () if artist is None else self._artists([artist])
        wish = Wish(artists, self._if_named(user), seed=seed)
        text = page(Source(self.store, self.progress), wish, self.note)
        with whole_file(file) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
        self.note(f"{file} has all of it: open it in a browser, or send it")
        return file

    def _artists(self, names: Sequence[Name]) -> tuple[Id, ...]:
        return tuple(dict.fromkeys(self._artist(name).id for name in names))

    def _if_named(self, user: Name | None) -> Id | None:
        return None if user is None else self.user(user)


def _page_in(folder: Path) -> Path:
    """Where the page goes; refuses a folder that can't be written before the work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(
            f"{folder} can't be written ({error.strerror or error}): name another folder"
        ) from error
    return folder / PAGE
