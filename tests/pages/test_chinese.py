"""Every page in Chinese: it opens, its words are Chinese, and links mean the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pages.shared.recipe import config_of

PAGES = Path(__file__).resolve().parents[2] / "pages"
SCRIPTS = [
    str(path.relative_to(PAGES))
    for folder in ("learn", "train", "data", "inspect")
    for path in (PAGES / folder).glob("*.py")
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def labels(app) -> list[str]:
    kinds = (app.button, app.selectbox, app.number_input, app.slider, app.toggle, app.expander)
    return [one.label for kind in kinds for one in kind]


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_a_page_speaks_chinese(open_page, script):
    app = open_page(script, language="zh")
    assert not app.exception and not app.error
    said = [*labels(app), *(one.value for one in [*app.title, *app.caption, *app.markdown])]
    plain = [text for text in said if re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", text) and not CHINESE.search(text)]
    assert plain == [] and any(CHINESE.search(text) for text in said)


def test_a_link_means_the_same_in_both_languages(open_page):
    link = {"rnn_dataset": "adding", "rnn_cell": "gru", "rnn_optimizer": "sgd", "rnn_length": "32"}
    english, chinese = (open_page("train/rnn.py", language=language, **link) for language in ("en", "zh"))
    assert config_of("rnn", english.session_state) == config_of("rnn", chinese.session_state)
    assert english.query_params == chinese.query_params
    assert labels(english) != labels(chinese)
