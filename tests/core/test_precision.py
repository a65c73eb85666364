"""Which precision is chosen where the config leaves it open."""

from __future__ import annotations

import pytest
import torch

from core.errors import ConfigError
from core.training.precision import resolve_precision


@pytest.mark.parametrize(("native", "wanted"), [(True, "bfloat16"), (False, "float32")])
def test_a_gpu_that_only_emulates_bfloat16_calculates_in_float32(monkeypatch, native, wanted):
    """One of 2018 (Turing) says that it has bfloat16, and is several times slower with it."""
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation or native)
    assert resolve_precision("auto", "cuda") == wanted


@pytest.mark.parametrize(("native", "wanted"), [(True, "bfloat16"), (False, "float32")])
def test_so_does_a_processor(monkeypatch, native, wanted):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: native, raising=False)
    assert resolve_precision("auto", "cpu") == wanted


def test_what_is_chosen_is_taken_or_refused():
    assert resolve_precision("tf32", "cuda") == "tf32"
    assert resolve_precision("bfloat16", "cpu") == "bfloat16"
    with pytest.raises(ConfigError, match="GPU"):
        resolve_precision("tf32", "cpu")
