"""``docs/notebook.ipynb`` runs on the demo's store, and shows what it says."""

import warnings

import pytest

from tastegraph.graph.store.graph_store import GraphStore
from tests.neo4j_packages import ROOT


@pytest.mark.slow
def test_the_notebook_runs(open_demo: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import nbformat
        from nbclient import NotebookClient

        monkeypatch.setenv("TASTEGRAPH_STORE", str(open_demo.place))
        notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
        resources = {"metadata": {"path": str(ROOT)}}
        NotebookClient(notebook, timeout=120, resources=resources).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output for output in shown if "image/png" in output.get("data", {})]
    assert len(pictures) == 2
    assert any("14535" in output["data"].get("text/plain", "") for output in shown)
    assert [output for output in shown if output["output_type"] in ("error", "stream")] == []
