"""Pictures straight from frames: names of every script, lists of one, and nothing cut off."""

import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from tastegraph.analysis.figures import clusters
from tastegraph.analysis.pictures import bars, curves, fonts, graphs, heat, lines, maps, style
from tastegraph.analysis.pictures import clusters as cluster_pictures
from tastegraph.models.evaluation.cold_start import LISTENS, METHODS
from tastegraph.models.evaluation.knobs import KNOBS
from tests.analysis.given import NAMES
from tests.analysis.layout import assert_readable


@pytest.fixture(scope="module")
def artists() -> pd.DataFrame:
    size = len(NAMES)
    return pd.DataFrame(
        {
            "artist": range(size),
            "name": NAMES,
            "listeners": range(size, 0, -1),
            "share": np.linspace(0.9, 0.1, size),
            "plays": [10**at for at in range(size, 0, -1)],
            "tag": [NAMES[at // 2] for at in range(size)],
            "x": np.cos(np.arange(size)),
            "y": np.sin(np.arange(size)),
        }
    )


def test_names_of_every_script_are_drawn_without_a_warning(artists: pd.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = bars.top_artists(artists, artists, 9)
        for kind in ("png", "svg", "pdf"):
            assert style.rendered(figure, kind)
    assert_readable(figure)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[3] == "Ke$ha & A$AP Rocky $x^2$"
    assert labels[5] == "two lines and a bell"
    assert labels[6].endswith("…")


def test_letters_get_a_font_that_has_them_or_are_named(artists: pd.DataFrame) -> None:
    figure = bars.top_artists(artists, artists, 9)
    lacking = set(fonts.unseen(figure))
    assert not lacking & set("КиноΩó$")
    for text in figure.findobj(Text):
        if "林" in text.get_text() and "林" not in lacking:
            assert text.get_fontfamily() != [fonts.STANDARD]


def test_maps_name_everybody_without_overlaps(artists: pd.DataFrame) -> None:
    figure = maps.artist_map(artists, "A map", [3], "no meaning")
    assert_readable(figure)
    assert {text.get_text() for text in figure.axes[0].texts} == {
        style.short(name) for name in NAMES
    }
    assert_readable(maps.two_maps(artists, artists, ("One", "Other"), [3]))


def test_points_that_coincide_keep_the_first_name_and_the_bold_ones(artists: pd.DataFrame) -> None:
    crowd = pd.concat([artists] * 12, ignore_index=True).assign(x=0.0, y=0.0)
    crowd["artist"] = range(len(crowd))
    crowd.loc[len(crowd) - 1, ["x", "y"]] = 1.0
    figure = maps.artist_map(crowd, "A crowd", [90], "no meaning")
    bold = [text for text in figure.axes[0].texts if text.get_fontweight() == "bold"]
    assert len(bold) == 1
    assert_readable(figure)


def test_small_graphs(artists: pd.DataFrame) -> None:
    nodes = artists.assign(similarity=1.0)
    links = pd.DataFrame({"one": [0, 0, 1], "other": [1, 2, 2], "similarity": [0.9, 0.2, 0.7]})
    assert_readable(graphs.neighbourhood(nodes, links))
    reasons = pd.DataFrame(
        {
            "kind": ["embedding", "friend", "tag", "rest"] * 2,
            "reason": ["your taste", "your friend 7", f"tag {NAMES[6]!r}", "smaller parts"] * 2,
            "artist": [0] * 4 + [6] * 4,
            "name": [NAMES[0]] * 4 + [NAMES[6]] * 4,
            "value": [0.5, -0.1, 0.05, 0.01] * 2,
        }
    )
    figure = graphs.reasons(reasons, 2)
    assert_readable(figure)
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    assert len(dashed) == 2


def test_lists_of_one(artists: pd.DataFrame) -> None:
    one = artists.head(1)
    assert_readable(bars.top_artists(one, one, 1))
    assert_readable(bars.top_users(pd.DataFrame({"user": [1], "plays": [5]})))
    assert_readable(heat.co_occurrence(pd.DataFrame([[np.nan]], index=["a"], columns=["a"])))
    assert_readable(
        graphs.neighbourhood(
            one.assign(similarity=1.0), pd.DataFrame(columns=["one", "other", "similarity"])
        )
    )
    assert_readable(lines.losses(pd.DataFrame({"epoch": [1], "loss": [0.5]})))
    assert_readable(lines.friends(pd.DataFrame({"friends": [1], "users": [2]}), None))


def test_twenty_clusters_with_long_tags(artists: pd.DataFrame) -> None:
    labels = np.arange(5 * len(artists)) % 20 + 1
    frame = pd.concat([artists] * 5, ignore_index=True).assign(cluster=labels)
    tags = [[NAMES[6]] * 3] * 20
    own = pd.DataFrame({"cluster": range(1, 21), "size": len(artists) // 4, "own_tags": tags})
    measured = pd.DataFrame({"clusters": clusters.COUNTS, "silhouette": np.linspace(-0.1, 0.4, 9)})
    assert_readable(cluster_pictures.artist_clusters(frame, own, measured))


def newcomers(models: list[str], ks: list[int]) -> pd.DataFrame:
    """Rows as ``evaluate --cold-start`` gives them: each method better with each like."""
    columns = ["model", "k", "listens", "method"]
    steps = pd.MultiIndex.from_product([models, ks, LISTENS, METHODS], names=columns)
    frame = steps.to_frame(index=False).assign(users=1_890)
    frame["ndcg"] = 0.05 * (1 + frame["method"].map(METHODS.index)) + 0.01 * frame["listens"]
    return frame.assign(ci_low=frame["ndcg"] - 0.04, ci_high=frame["ndcg"] + 0.04)


def test_cold_start_draws_each_method_with_its_interval() -> None:
    frame = newcomers(["als"], [10])
    figure = curves.cold_start(frame)
    assert_readable(figure)
    (axes,) = figure.axes
    assert axes.get_title("left") == (
        "als\n5 likes and friends folded in: 0.100; neighbours' mean: 0.200"
    )
    for line, band, method in zip(axes.lines, axes.collections, METHODS, strict=True):
        rows = frame[frame["method"] == method]
        assert line.get_xydata().tolist() == rows[["listens", "ndcg"]].to_numpy().tolist()
        low, high = band.get_paths()[0].get_extents().intervaly
        assert (low, high) == pytest.approx((rows["ci_low"].min(), rows["ci_high"].max()))
    for look in ("marker", "color"):
        assert len({getattr(line, f"get_{look}")() for line in axes.lines}) == len(METHODS)


def test_cold_start_has_a_panel_for_each_model_and_k() -> None:
    figure = curves.cold_start(newcomers(["als", NAMES[6], NAMES[0]], [5]))
    assert_readable(figure)
    assert [axes.get_ylabel() for axes in figure.axes] == ["NDCG@5"] * 3
    figure = curves.cold_start(newcomers(["als"], [5, 20]))
    assert [axes.get_ylabel() for axes in figure.axes] == ["NDCG@5", "NDCG@20"]


def turned(models: list[str]) -> pd.DataFrame:
    """Rows as ``evaluate --knobs`` gives them: each knob costs a tenth of its value."""
    rows = [
        {"model": model, "knob": knob, "value": value, "k": 10, "ndcg": 0.3 * (1 - value / 10)}
        for model in models
        for knob, values in KNOBS.items()
        for value in values
    ]
    return pd.DataFrame(rows).assign(novelty=5.0, coverage=0.25, diversity=lambda all_: all_.value)


def test_knobs_have_a_column_each_and_measures_a_row() -> None:
    frame = turned(["hybrid"])
    figure = curves.knobs(frame)
    assert_readable(figure)
    assert figure.get_suptitle() == (
        "hybrid: 2 % of its NDCG@10 buys novelty up to 0.2 or diversity up to 0.2"
    )
    grid = np.reshape(np.array(figure.axes, dtype=object), (4, len(KNOBS)))
    assert [axes.get_ylabel().split(",")[0] for axes in grid[:, 0]] == [
        *("NDCG@10", "novelty", "coverage", "diversity")
    ]
    for knob, column in zip(KNOBS, grid.T, strict=True):
        rows = frame[frame["knob"] == knob]
        cost, *_, won = (axes.lines[-1].get_ydata().tolist() for axes in column)
        assert (cost, won) == (rows["ndcg"].tolist(), rows["diversity"].tolist())
        assert column[2].lines[-1].get_ydata().tolist() == [25.0] * len(rows)
        assert column[0].lines[0].get_ydata() == [0.3, 0.3]
    model, level = figure.legends[0].get_lines()
    assert level.get_color() == model.get_color() == column[0].lines[0].get_color()


def test_knobs_of_several_models_are_lines() -> None:
    figure = curves.knobs(turned(["hybrid", "als", NAMES[6]]))
    assert_readable(figure)
    assert figure.get_suptitle() == "What each knob costs in NDCG@10, and what it wins"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.texts][:2] == ["hybrid", "als"]
    assert len(figure.axes[0].lines) == 2 * 3


def test_ticks_are_short() -> None:
    numbers = [0, 0.25, -3, 2500, 10_000, 2_500_000, 1e-5]
    assert [style.counted(each) for each in numbers] == [
        "0",
        "0.25",
        "-3",
        "2,500",
        "10k",
        "2.5M",
        "1e-05",
    ]
