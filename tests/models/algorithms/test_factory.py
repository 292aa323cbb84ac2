"""Models by name, with settings as text."""

import pytest

from tastegraph.errors import InputError, NotFoundError
from tastegraph.models.algorithms.factory import ALGORITHMS, create


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_can_be_made(algorithm: str) -> None:
    model = create(algorithm, {})
    assert model.name == algorithm
    assert model.vectors is None


def test_settings_become_numbers() -> None:
    config = create("als", {"dimensions": "7", "reg": "0.5"}).config
    assert (config.dimensions, config.reg) == (7, 0.5)


def test_unknown_algorithm_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'collective-als'"):
        create("colective-als", {})


def test_unknown_setting_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'dimensions'"):
        create("als", {"dimension": "7"})


@pytest.mark.parametrize(
    ("name", "value"), [("dimensions", "7.5"), ("reg", "much"), ("dimensions", "0"), ("reg", "-1")]
)
def test_settings_that_are_no_numbers_are_refused(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name):
        create("als", {name: value})
