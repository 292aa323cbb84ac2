"""What the command line says a second time, so that ``--help`` imports no library, is the same."""

from tastegraph.analysis.sections import SECTIONS
from tastegraph.api.evaluating import COMPARED, SHARE
from tastegraph.commands import analyse, data, evaluate
from tastegraph.loaders.source import FORMATS


def test_formats_of_sources():
    assert data._SOURCES == FORMATS


def test_sections_of_the_analysis():
    assert list(analyse.SECTIONS) == list(SECTIONS)


def test_what_is_compared_by_default():
    assert (evaluate._MODELS, evaluate._SHARE) == (COMPARED, SHARE)
