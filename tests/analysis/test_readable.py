"""Every kind of picture of tiny, odd and real data can be read."""

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tastegraph.analysis.drawing import draw
from tastegraph.analysis.kinds import KINDS, Wish
from tastegraph.analysis.pictures import graphs, style
from tastegraph.analysis.pictures.style import said
from tastegraph.analysis.source import Snapshot, Source
from tastegraph.errors import NotFoundError
from tests.analysis.given import given, odd, odd_reasons, tiny
from tests.analysis.layout import assert_readable

# A store that explains, a model that keeps losses, and an extra: these are tested elsewhere.
ELSEWHERE = ("reasons", "loss", "artists-umap")
DRAWN = [kind for kind in KINDS if kind not in ELSEWHERE]

# What has neither friends nor tags lacks.
LACKING = ("friends", "top-tags", "tag-heatmap", "tag-clusters")


@pytest.fixture(scope="module")
def few() -> Source:
    return given(tiny())


@pytest.fixture(scope="module")
def strange() -> Source:
    return given(odd())


@pytest.fixture(scope="module")
def real(real_snapshot: Snapshot) -> Source:
    return given(real_snapshot)


@pytest.mark.parametrize("kind", DRAWN)
def test_tiny_data(kind: str, few: Source) -> None:
    if kind in LACKING:
        with pytest.raises(NotFoundError, match="there are no"):
            draw(few, kind, Wish())
    else:
        assert_readable(draw(few, kind, Wish()))


@pytest.mark.parametrize("kind", DRAWN)
def test_odd_data(kind: str, strange: Source) -> None:
    assert_readable(draw(strange, kind, Wish(artists=(9,) if kind == "neighbourhood" else ())))


@pytest.mark.parametrize("kind", ["tag-heatmap", "neighbourhood", "scores"])
def test_long_lists_of_odd_data(kind: str, strange: Source) -> None:
    assert_readable(draw(strange, kind, Wish(k=20 if kind == "neighbourhood" else 50)))


def test_a_heat_map_grows_with_its_tags(strange: Source) -> None:
    few, many = (draw(strange, "tag-heatmap", Wish(k=k)) for k in (10, 40))
    assert few.get_figwidth() == style.WIDTH
    # A square keeps its size.
    for figure, count in ((few, 10), (many, 40)):
        across = figure.axes[0].get_window_extent().width / style.DPI
        assert across / count == pytest.approx(0.2, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("kind", DRAWN)
def test_real_data(kind: str, real: Source) -> None:
    assert_readable(draw(real, kind, Wish(most=1_000)))


def test_what_can_not_be_read_is_found() -> None:
    def drawn() -> tuple[Figure, Axes]:
        figure = style.new_figure(3.0)
        axes = figure.subplots()
        axes.set_title("Title", loc="left")
        axes.set_xlabel("label")
        axes.scatter([0, 1], [0, 1])
        return figure, axes

    figure, axes = drawn()
    assert_readable(figure)
    axes.text(0.5, 0.5, "one name")
    axes.text(0.52, 0.5, "another")
    with pytest.raises(AssertionError, match="on top of each other"):
        assert_readable(figure)
    figure, axes = drawn()
    axes.text(1, 1, "a name", ha="center", va="center")
    with pytest.raises(AssertionError, match="on markers"):
        assert_readable(figure)
    figure, axes = drawn()
    figure.suptitle("wide " * 40)
    with pytest.raises(AssertionError, match="cut off"):
        assert_readable(figure)
    figure, axes = drawn()
    axes.set_ylabel("high " * 7)
    with pytest.raises(AssertionError, match="longer than their axes"):
        assert_readable(figure)


def test_reasons_of_every_kind_and_script() -> None:
    links = odd_reasons()
    figure = graphs.reasons(links, "somebody whose id is a very long word")
    assert_readable(figure)
    assert "are" in said(figure)
    shares = links[links["kind"] != "rest"]["value"].abs().sum() / links["value"].abs().sum()
    assert f"the lines are {100 * shares:.0f} % of the scores" in said(figure)
