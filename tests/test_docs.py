"""The documents say what the code does."""

from __future__ import annotations

import os
import re
from pathlib import Path

from core.runs.limits import LIMITS

ROOT = Path(__file__).resolve().parent.parent


def limits_table() -> str:
    """The README's table of limits, from the code."""

    def shown(value) -> str:
        return "by cores" if callable(value) else f"{value:,}"

    rows = [f"| `{name}` | {shown(one.laptop)} | {shown(one.hosted)} | {one.meaning} |" for name, one in LIMITS.items()]
    return "\n".join(["| Variable | Laptop | Hosted | Meaning |", "|---|---|---|---|", *rows])


def test_the_limits_table_is_the_codes():
    readme = (ROOT / "README.md").read_text()
    if os.environ.get("LIVETORCH_WRITE_DOCS"):
        readme = re.sub(
            r"<!-- limits -->.*?\n\n(?=Field)", f"<!-- limits -->\n{limits_table()}\n\n", readme, flags=re.DOTALL
        )
        (ROOT / "README.md").write_text(readme)
    assert limits_table() in readme


def test_every_variable_the_code_reads_is_documented():
    readme = (ROOT / "README.md").read_text()
    read = set()
    for folder in ("core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            read |= set(re.findall(r"[\"'](LIVETORCH_[A-Z_]+|DATABASE_URL)[\"']", path.read_text()))
    assert {name for name in read if name not in readme} <= {"LIVETORCH_SUPERVISOR_KEY"}


def test_every_path_the_readme_names_is_there():
    tree = re.search(r"## Files\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    for line in tree.splitlines():
        for name in line[:22].split(","):
            folder = "pages/" if name.strip() == "train" else ""
            assert (ROOT / (folder + name.strip())).exists(), name


def test_make_targets_are_there():
    makefile = (ROOT / "Makefile").read_text()
    for target in ("app", "test", "check", "bench", "bench-gpu", "messages"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
