"""Messages arrive as they were sent, and nothing else is taken for one."""

from __future__ import annotations

import math

import pytest

from core.runs.wire import pack, unpack


def test_a_message_and_its_picture_arrive_whole():
    message = {"type": "points", "loss": [0.1, 1e300, 2.2250738585072014e-308], "name": "ü"}
    assert unpack(pack(message, b"\x00PNG")) == (message, b"\x00PNG")


def test_what_is_not_finite_arrives_too():
    loss = unpack(pack({"loss": [math.inf, math.nan]}))[0]["loss"]
    assert loss[0] == math.inf and math.isnan(loss[1])


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b"\xff\xff\xff\xff{}", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x01{"])
def test_nonsense_is_refused(data):
    with pytest.raises(ValueError):
        unpack(data)
