"""``plot``: every kind of picture of the demo's data, and what can be wrong."""

import json
import re
import struct
import sys
import warnings
from pathlib import Path

import pytest

from tastegraph.analysis.drawing import DRAWN, draw
from tastegraph.analysis.kinds import KINDS, Wish
from tastegraph.analysis.pictures import style
from tastegraph.analysis.source import Source
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.analysis.layout import assert_readable
from tests.commands.running import Ask
from tests.neo4j_packages import ROOT

HISTORY = {
    "epoch": [1, 2, 3],
    "loss": [0.9, 0.5, 0.4],
    "observed": [0.8, 0.4, 0.3],
    "l2": [0.1] * 3,
}


@pytest.fixture(scope="module")
def source(open_demo: GraphStore) -> Source:
    """The demo's graph, read once."""
    return Source(open_demo)


def test_kinds_are_what_is_drawn() -> None:
    assert list(DRAWN) == list(KINDS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("loss", "artists-umap")])
def test_every_kind_is_drawn(kind: str, source: Source) -> None:
    figure = draw(source, kind, Wish(most=150))
    assert_readable(figure)
    assert style.rendered(figure, dpi=40).startswith(b"\x89PNG")
    assert (
        "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    )


def test_artists_that_are_named_are_in_the_picture(source: Source) -> None:
    names = source.snapshot.artist_names
    last = len(names) - 1
    id_ = source.snapshot.data.artists.ids[last]
    figure = draw(source, "artists-pca", Wish(artists=(id_,), most=40))
    for axes in figure.axes:
        bold = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
        assert bold == [style.short(names[last])]


@pytest.mark.parametrize("suffix", style.SUFFIXES)
def test_suffix_says_how_it_is_written(ask: Ask, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"tags{suffix}"
    result = ask("plot", "top-tags", "-k", 5, "-o", file)
    assert result.stdout == ""
    start = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert file.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [file]
    if suffix == ".png":
        width, height = struct.unpack(">II", file.read_bytes()[16:24])
        assert width == style.WIDTH * style.DPI
        assert height > 300


def test_the_same_picture_is_the_same_file(source: Source) -> None:
    files = {style.rendered(draw(source, "long-tail", Wish()), "svg") for _ in range(2)}
    assert len(files) == 1


def test_losses_come_from_the_model(change: Ask, tmp_path: Path) -> None:
    file = tmp_path / "loss.png"
    error = change("plot", "loss", "-o", file, code=1).stderr
    assert "collective, which the model in the graph is of, keeps no losses" in error
    assert "train --algorithm mf'" in error
    with open_store(Settings.of(Path(str(change.place)))) as store:
        store.write("MATCH (m:Model) SET m.history = $history", {"history": json.dumps(HISTORY)})
        figure = draw(Source(store), "loss", Wish())
    assert_readable(figure)
    assert [line.get_label() for line in figure.axes[0].lines] == ["loss", "observed", "l2"]
    assert figure.axes[0].lines[1].get_ydata().tolist() == HISTORY["observed"]
    assert "After 3 epochs, loss is 0.4" in figure.axes[0].get_title("left")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["reson", "-o", "a.png"], 2, "did you mean 'reasons'"),
        (["zzz", "-o", "a.png"], 2, "choose among plays-density"),
        (["top-tags", "-o", "a.gif"], 2, "use .png, .svg, .pdf"),
        (["top-tags", "-o", "a"], 2, "use .png, .svg, .pdf"),
        (["top-tags", "-o", "no/such/a.png"], 1, "there is no folder"),
        (["top-tags", "2", "-o", "a.png"], 2, "reasons, scores do"),
        (["reasons", "9999", "-o", "a.png"], 1, "there is no user 9999"),
        (["artists-pca", "--artist", "zzzzzz", "-o", "a.png"], 1, "there is no artist 'zzzzzz'"),
        (["neighbourhood", "--artist", "1", "--artist", "2", "-o", "a.png"], 2, "--artist once"),
        (["top-tags"], 2, "Missing option"),
    ],
)
def test_what_can_be_wrong(ask: Ask, words: list[str], code: int, message: str) -> None:
    assert message in ask("plot", *words, code=code).stderr
    assert list(Path().iterdir()) == []


def test_a_read_only_folder_is_an_error(ask: Ask, source: Source, tmp_path: Path) -> None:
    from tastegraph.errors import InputError

    folder = tmp_path / "picture.png"
    folder.mkdir()
    assert "is a directory" in ask("plot", "long-tail", "-o", folder, code=2).stderr
    with pytest.raises(InputError, match="can't be written"):
        style.save(draw(source, "long-tail", Wish()), tmp_path / "gone" / "a.png")


def test_umap_is_an_extra(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    from tastegraph.errors import InputError

    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(InputError, match=r"in a checkout, pip install -e '\.\[umap\]'"):
        draw(source, "artists-umap", Wish(most=50))


def test_the_readme_shows_pictures_with_their_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[.+\]\((docs/images/(?!browser-|page-).+\.png)\)", readme)
    commands = re.findall(r"^\$ tastegraph plot (\S+).* -o (\S+)$", readme, re.MULTILINE)
    assert [file for _, file in commands] == shown
    assert len(shown) == 3
    assert {kind for kind, _ in commands} <= set(KINDS)
    assert all((ROOT / file).stat().st_size < 150_000 for file in shown)


def test_help_lists_every_kind(ask: Ask) -> None:
    text = ask("plot", "--help").stdout
    assert all(kind in text for kind in KINDS)


def test_lapack_has_room_on_the_main_thread_beside_the_jvm(open_demo: GraphStore) -> None:
    """A JVM with its usual stack crashes the process here."""
    import numpy as np
    from scipy.linalg import lapack

    matrix = np.random.default_rng(0).normal(size=(800, 60))
    *_, info = lapack.dgesdd(matrix)
    assert info == 0


def test_no_warning_on_the_way(source: Source, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        style.save(draw(source, "top-artists", Wish()), tmp_path / "a.pdf")
