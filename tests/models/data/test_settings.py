"""Fields that say which values they take."""

from dataclasses import dataclass

import pytest

from tastegraph.errors import InputError
from tastegraph.models.algorithms.factory import ALGORITHMS, create
from tastegraph.models.data.settings import check_settings, setting


@dataclass(frozen=True)
class Config:
    size: int = setting(3, above=0)
    share: float = setting(0.5, least=0, below=1)
    kind: str = setting("a", one_of=("a", "b"))
    free: float = 0.0

    def __post_init__(self) -> None:
        check_settings(self)


@dataclass(frozen=True)
class Other(Config):
    size: int = 7


def test_defaults_hold_and_what_has_no_bounds_takes_all() -> None:
    assert (Config().size, Other().size, Config(free=-1e9).free) == (3, 7, -1e9)


@pytest.mark.parametrize("config_type", [Config, Other])
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"size": 0}, "size must be above 0, not 0."),
        ({"size": 10**30}, f"size must be above 0 and at most 1,000,000,000, not {10**30}."),
        ({"share": 1.0}, "share must be 0 or more and below 1, not 1.0."),
        ({"share": float("nan")}, "share must be 0 or more and below 1, not nan."),
        ({"share": float("inf")}, "share must be 0 or more and below 1, not inf."),
        ({"kind": "c"}, "kind must be a or b, not 'c'."),
    ],
)
def test_what_is_out_of_bounds_is_said(
    config_type: type[Config], values: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as error:
        config_type(**values)  # type: ignore[arg-type]
    assert str(error.value) == message


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_model_has_bounds_that_its_defaults_keep(algorithm: str) -> None:
    model = create(algorithm, {})
    with pytest.raises(InputError, match="cut must be above 0 and at most 100"):
        type(model.config)(cut=0.0)
