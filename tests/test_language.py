"""Every string a visitor reads goes through gettext."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from core.errors import LiveTorchError
from core.i18n import LANGUAGES, LOCALE_FOLDER, catalogue, choose_language, explain

ROOT = Path(__file__).resolve().parent.parent
SHOWN = {
    "title", "header", "subheader", "markdown", "caption", "write", "error", "warning", "info", "success", "button",
    "expander", "popover", "link_button", "download_button", "page_link", "text_input", "number_input", "selectbox",
    "slider", "tabs", "dialog", "toast", "toggle", "checkbox", "radio", "metric",
}  # fmt: skip
WORDS = {"label", "help", "placeholder", "title"}


def literal_words(node: ast.expr) -> str:
    """The letters of a string literal or f-string, without markup; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    else:
        return ""
    text = re.sub(r"<style>.*|:material/\w*:?|-badge\[|:\w+\[|https?:\S+", "", text)
    return "".join(re.findall(r"[A-Za-z]{2,}", text))


def bypassing(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHOWN | {"Page"}
        ):
            continue
        if ast.unparse(node.func.value) == "log":
            continue  # for the host, not for visitors
        shown = node.args[:1] if node.func.attr in SHOWN - {"page_link"} else []
        shown += [keyword.value for keyword in node.keywords if keyword.arg in WORDS]
        found += [
            f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(part)}" for part in shown if literal_words(part)
        ]
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_no_string_bypasses_gettext(path):
    assert bypassing(path) == []


def test_the_search_finds_a_bypass(tmp_path, monkeypatch):
    page = tmp_path / "page.py"
    page.write_text("import streamlit as st\nst.title('Plain')\nst.button(_('Fine'), help=f'bad {x}')\n")
    monkeypatch.setattr("tests.test_language.ROOT", tmp_path)
    assert len(bypassing(page)) == 2


def test_the_template_is_current(tmp_path):
    """`make messages` was run after the last change of a string."""
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import read_po

    marked = set()
    for folder in ("core", "pages"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords={"_": None, "N_": None}
        ):
            marked.add(message)
    with (LOCALE_FOLDER / "livetorch.pot").open("rb") as file:
        template = {message.id for message in read_po(file) if message.id}
    assert marked == template


def messages(path: Path) -> dict[str, str]:
    """Message -> translation of a catalogue."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def fields(text: str) -> list[tuple[str, str, str]]:
    """The placeholders of a template, with formats and conversions; empty for a text that is none."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return []
    return sorted((name, spec or "", conversion or "") for _text, name, spec, conversion in parts if name is not None)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
class TestCatalogue:
    def test_it_knows_every_message_and_no_other(self, language):
        """`make messages` and a translation follow the last change of a string."""
        known = messages(LOCALE_FOLDER / language / "LC_MESSAGES" / "livetorch.po")
        assert set(known) == set(messages(LOCALE_FOLDER / "livetorch.pot"))
        assert [message for message, said in known.items() if not said] == []

    def test_it_fills_in_the_same_values(self, language):
        known = messages(LOCALE_FOLDER / language / "LC_MESSAGES" / "livetorch.po")
        assert [message for message, said in known.items() if fields(message) != fields(said)] == []

    def test_it_keeps_the_markup(self, language):
        marks = ("**", "`", "](", ":material/", "<br", "<b>", "<i>", ":gray[", ":small[", "&lt;")
        known = messages(LOCALE_FOLDER / language / "LC_MESSAGES" / "livetorch.po")
        wrong = [text for text, said in known.items() for mark in marks if text.count(mark) != said.count(mark)]
        assert wrong == []

    def test_it_is_what_a_page_gets(self, language):
        known = messages(LOCALE_FOLDER / language / "LC_MESSAGES" / "livetorch.po")
        assert all(catalogue(language).gettext(message) == said for message, said in known.items())


def marked(path: Path) -> set[str]:
    """Every literal that a module gives to ``_`` or ``N_``."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args]
    names = [node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id in ("_", "N_")]
    return {node.value for node in names if isinstance(node, ast.Constant)}


def test_the_template_misses_nothing():
    """Babel reads no call inside an f-string: such strings have to stand before it."""
    known = set(messages(LOCALE_FOLDER / "livetorch.pot"))
    for folder in ("core", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            assert marked(path) <= known, path


def test_unknown_languages_fall_back_to_english():
    assert choose_language("xx-YY") == "en"
    assert choose_language(None) == "en"
    assert choose_language("zh-CN") == choose_language("zh") == "zh"
    assert catalogue("en").gettext("Train") == "Train"


def test_errors_are_translated_as_templates():
    error = LiveTorchError("Step {step} of {total}", step=3, total=9)
    assert explain(error) == error.message == "Step 3 of 9"
