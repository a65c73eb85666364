"""The walls of the house: who may import whom."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def loaded_after(statement: str) -> set[str]:
    """Top-level modules loaded in a fresh interpreter after ``statement``."""
    code = f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def modules_under(folder: str) -> list[str]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return [
        name.removesuffix(".__init__") for name in names if ".migrations" not in name and not name.endswith(".preload")
    ]


def test_core_never_imports_streamlit():
    loaded = loaded_after("\n".join(f"import {name}" for name in modules_under("core")))
    assert "torch" not in loaded_after("pass")
    assert "streamlit" not in loaded


def test_the_server_process_imports_no_torch():
    """Pages and routes are imported in the server; everything with tensors lives in workers."""
    pages = [name for name in modules_under("pages/shared")]
    loaded = loaded_after(
        "\n".join(f"import {name}" for name in ["core.server", "core.config", "core.datasets", *pages])
    )
    assert "core" in loaded
    assert not {"torch", "torchvision", "sklearn"} & loaded


def test_only_the_frame_lies_directly_in_pages():
    """A second script there would wake Streamlit's old page discovery, and deep links would fail."""
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["app.py"]


def test_pages_stay_thin():
    for path in (ROOT / "pages").rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 220, path


def test_functions_stay_short():
    too_long = []
    for folder in ("core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = (node.end_lineno or 0) - node.lineno + 1
                    if length > 60 and "migrations" not in path.parts:
                        too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} ({length})")
    assert not too_long
