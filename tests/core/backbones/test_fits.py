"""What a run learned on weights of a backbone that are not here any more is not used with others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from core.backbones.fingerprint import weights_fingerprint
from core.backbones.fits import ORIGIN, check_fits, features_in, origin
from core.backbones.registry import BACKBONES
from core.config.transfer import TransferRunConfig
from core.errors import LiveTorchError

CONFIG = TransferRunConfig(backbone="formula")
OLD = "earlier version of the backbone"


def weights(folder: Path, features: int) -> Path:
    """The file of a run whose head takes so many features."""
    head = {"head.0.mean": torch.zeros(features), "head.2.weight": torch.zeros(3, features)}
    save_file(head, folder / "weights.safetensors")
    return folder / "weights.safetensors"


def test_weights_of_now_fit_and_another_fingerprint_does_not_even_at_the_same_width(tmp_path):
    file = weights(tmp_path, 1152)
    check_fits(CONFIG, origin(CONFIG), file)
    with pytest.raises(LiveTorchError, match=OLD) as refused:
        check_fits(CONFIG, {ORIGIN: "0" * 16}, file)
    assert refused.value.values["name"] == BACKBONES["formula"].title and "train once more" in refused.value.message


def test_a_run_from_before_fingerprints_is_told_by_its_576_features(tmp_path):
    with pytest.raises(LiveTorchError, match=OLD):
        check_fits(CONFIG, {"torch": "2.15"}, weights(tmp_path, 576))
    check_fits(CONFIG, {"torch": "2.15"}, weights(tmp_path, 1152))
    check_fits(CONFIG, {}, None)


def test_a_file_that_cannot_be_read_is_left_to_whoever_loads_it(tmp_path):
    (tmp_path / "broken").write_bytes(b"broken")
    assert features_in(tmp_path / "broken") is features_in(tmp_path / "missing") is None


def test_only_weights_that_were_learned_elsewhere_are_noted():
    assert origin(CONFIG) == {ORIGIN: weights_fingerprint("formula")}
    assert origin(replace(CONFIG, pretrained=False)) == origin(replace(CONFIG, mode="scratch")) == {}


def test_another_file_is_another_version_and_a_missing_one_none(monkeypatch, tmp_path):
    before = origin(CONFIG)
    monkeypatch.setattr("core.backbones.spec.SHIPPED", tmp_path)
    assert origin(CONFIG) == {}
    check_fits(CONFIG, before, None)  # that it is missing is said where it is loaded
    (tmp_path / BACKBONES["formula"].file).write_bytes(b"other weights")
    with pytest.raises(LiveTorchError, match=OLD):
        check_fits(CONFIG, before, None)
