"""What a browser may ask for, and what of it a run takes on."""

from __future__ import annotations

import json

import pytest

from core.errors import LiveTorchError
from core.runs.looks import LONGEST_KEYS, LOOKS_PER_RUN, LOOKS_PER_VIEWER, Answer, Look, asked_looks, together


def test_the_same_question_has_the_same_key():
    text = '{"looks": [{"name": "picture", "args": {"maps": true, "index": 3}}, {"name": "filters"}]}'
    picture, filters = asked_looks(text)
    assert (picture.key, picture.args) == ('picture:{"index":3,"maps":true}', {"index": 3, "maps": True})
    assert (filters.key, filters.args) == ("filters:{}", {})
    assert Look.of("picture", {"maps": True, "index": 3}).key == picture.key


def test_each_look_is_taken_once_and_none_closes_all():
    twice = {"name": "classes", "args": {}}
    assert len(asked_looks(json.dumps({"looks": [twice, twice]}))) == 1
    assert asked_looks('{"looks": []}') == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"looks": {}}',
        '{"looks": ["classes"]}',
        '{"looks": [{"args": {}}]}',
        '{"looks": [{"name": 3}]}',
        '{"looks": [{"name": "classes", "args": []}]}',
        '{"looks": [{"name": "picture", "args": {"index": NaN}}]}',
        '{"looks": [{"name": "picture", "args": {"index": 1e999}}]}',
        json.dumps({"looks": [{"name": "x" * 33}]}),
        json.dumps({"looks": [{"name": "classes"}] * (LOOKS_PER_VIEWER + 1)}),
        json.dumps({"looks": [{"name": "picture", "args": {"pixels": "x" * 2**16}}]}),
        '{"looks": ' + "[" * 60_000,
        '{"looks": [{"name": "a", "args": {"b":' + "[" * 20_000 + "]" * 20_000 + "}}]}",
        '{"looks": [{"name": "a", "args": {"b": [1]}}]}',
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        asked_looks(text)


def test_the_looks_of_all_viewers_are_bounded():
    many = [tuple(Look.of("picture", {"index": 8 * viewer + n}) for n in range(8)) for viewer in range(20)]
    assert len(together(many)) == LOOKS_PER_RUN
    assert list(together([many[0], many[0], many[1]])) == [look.key for look in many[0] + many[1]]
    long = [(Look.of("picture", {"pixels": str(viewer) * 10_000}),) for viewer in range(8)]
    assert sum(map(len, together([*long, many[0]]))) <= LONGEST_KEYS
    assert many[0][0].key in together([*long, many[0]])


def test_an_answer_is_data_or_a_sentence():
    look = Look.of("classes", {})
    assert Answer(7, {"matrix": []}).said(look, "en") == {
        "name": "classes",
        "args": {},
        "step": 7,
        "data": {"matrix": []},
    }
    refused = Answer(7, None, LiveTorchError("No {what}.", what="pictures"))
    assert refused.said(look, "en") == {"name": "classes", "args": {}, "step": 7, "error": "No pictures."}
