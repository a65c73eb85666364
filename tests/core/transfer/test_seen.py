"""The batch as the network of a transfer run sees it."""

from __future__ import annotations

import pytest

from core.errors import LiveTorchError
from core.training.transfer_seen import transfer_batch_seen
from tests.core.transfer import standin


@pytest.mark.parametrize("mode", ["head", "finetune"])
def test_the_batch_is_shown_before_and_after_the_recipe(mode):
    fingerprint = standin.kept()
    plain = transfer_batch_seen(standin.config(fingerprint, mode=mode).to_dict())
    assert plain["before"] == plain["after"] and len(plain["before"]) == len(plain["shares"]) > 1
    assert {name for shares in plain["shares"] for name, _share in shares} == {"blue", "red"}
    inverted = transfer_batch_seen(standin.config(fingerprint, mode=mode, recipe="invert_1").to_dict())
    assert inverted["before"] == plain["before"] and all(
        one != other for one, other in zip(inverted["after"], plain["after"], strict=True)
    )


def test_mixed_pictures_have_shares_of_both_classes():
    mixed = "-mixup_0.4"
    seen = transfer_batch_seen(standin.config(standin.kept(), mode="scratch", recipe=mixed).to_dict())
    assert any(
        len(shares) == 2 and sum(share for _name, share in shares) == pytest.approx(1) for shares in seen["shares"]
    )


def test_pictures_that_are_gone_are_named_in_a_sentence():
    with pytest.raises(LiveTorchError, match="not on this server"):
        transfer_batch_seen(standin.config("0" * 64).to_dict())
