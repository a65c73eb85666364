"""Every backbone is what the registry says, and what torchvision says of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision.models import get_model_weights
from torchvision.transforms import InterpolationMode

from core.backbones.fingerprint import weights_fingerprint
from core.backbones.fused import quick
from core.backbones.load import Backbone, built, load_backbone, load_model, without_head
from core.backbones.prepare import prepared
from core.backbones.registry import BACKBONES, OFFLINE, ZOO
from core.backbones.spec import own_checkpoints
from core.errors import ConfigError, LiveTorchError
from tests.core.backbones.conftest import noise

WANTED = {
    "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "squeezenet1_0", "convnext_tiny",
    "vit_b_16", "formula",
}  # fmt: skip
SMALL = (
    "mobilenet_v2",
    "mobilenet_v3_small",
    "squeezenet1_0",
    "resnet18",
    "efficientnet_b0",
    "densenet121",
    "googlenet",
)


def shaped(name: str) -> Backbone:
    """A backbone without memory for its weights."""
    spec = BACKBONES[name]
    with torch.device("meta"):
        model = without_head(spec, built(spec, False)).eval()
    return Backbone(model, spec, "random", None)


def test_what_was_promised_is_there() -> None:
    assert set(BACKBONES) >= WANTED and OFFLINE not in ZOO
    assert all(name == spec.name for name, spec in BACKBONES.items())


@pytest.mark.parametrize("name", ZOO)
def test_figures_are_torchvisions(name: str) -> None:
    spec, known = BACKBONES[name], get_model_weights(name).DEFAULT
    transforms = known.transforms()
    assert spec.url == known.url and len(spec.sha256) == 8
    assert (spec.megabytes, spec.parameters) == (known.meta["_file_size"], known.meta["num_params"])
    assert spec.top1 == known.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    assert ([spec.side], [spec.resize]) == (transforms.crop_size, transforms.resize_size)
    assert (list(spec.mean), list(spec.std)) == (transforms.mean, transforms.std)
    assert spec.bicubic == (transforms.interpolation == InterpolationMode.BICUBIC)
    assert spec.least == known.meta["min_size"][0]


@pytest.mark.parametrize("name", ZOO)
@pytest.mark.parametrize("size", [(400, 300), (97, 231)])
def test_pictures_are_prepared_as_torchvision_does(name: str, size: tuple[int, int]) -> None:
    picture = noise(1, *size)
    torch.testing.assert_close(
        prepared(BACKBONES[name], picture), get_model_weights(name).DEFAULT.transforms()(picture), rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("name", BACKBONES)
def test_features_and_stages(name: str) -> None:
    """The features have the promised size; stages hold every parameter once; from output to input; the first is last."""
    backbone = shaped(name)
    spec = backbone.spec
    images = torch.empty(2, 3, spec.side, spec.side, device="meta")
    assert backbone.features(images).shape == (2, spec.features)
    stages = backbone.stages()
    assert len(stages) == spec.blocks and all(stages)
    counted = Counter(id(one) for stage in stages for one in stage)
    assert set(counted.values()) == {1}
    assert set(counted) == {id(one) for one in backbone.model.parameters()}
    order = {id(one): number for number, one in enumerate(backbone.model.parameters())}
    last = [max(order[id(one)] for one in stage) for stage in stages]
    if name != "vit_b_16":  # whose class token is declared first and whose positions last
        assert last == sorted(last, reverse=True)


@pytest.mark.parametrize("name", BACKBONES)
def test_parameters_are_counted_with_the_head(name: str) -> None:
    spec = BACKBONES[name]
    with torch.device("meta"):
        whole = built(spec, False)
    assert sum(one.numel() for one in whole.parameters()) == spec.parameters


@pytest.mark.parametrize("name", [*SMALL, OFFLINE])
def test_a_quick_copy_answers_the_same(home: Path, name: str) -> None:
    backbone = load_backbone(name, pretrained=False)
    generator = torch.Generator().manual_seed(3)
    for module in backbone.model.modules():
        if isinstance(module, nn.BatchNorm2d):  # as after training
            for values, low in ((module.running_mean, -0.2), (module.running_var, 0.8), (module.weight.data, 0.6)):
                assert values is not None
                values.uniform_(low, low + 0.5, generator=generator)
    images = torch.randn(2, 3, 96, 96, generator=generator)
    with torch.no_grad():
        wanted, found = backbone.features(images), quick(backbone.model)(images)
    scale = wanted.abs().max()
    assert wanted.isfinite().all() and scale > 0
    torch.testing.assert_close(found / scale, wanted / scale, rtol=1e-3, atol=1e-4)


def test_random_weights_are_the_same_each_time_and_leave_the_generator_alone(home: Path) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, other = (load_backbone("squeezenet1_1", pretrained=False) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.model.parameters(), other.model.parameters(), strict=True))
    assert one.weights == "random" and one.categories is not None and one.categories[0] == "tench"
    assert not one.model.training and all(value.requires_grad for value in one.model.parameters())


def kept_weights(folder: Path, name: str, factor: float) -> nn.Module:
    """Weights of a model, made up, where torchvision would put them."""
    model, _weights = load_model(name, pretrained=False)
    with torch.no_grad():
        next(model.parameters()).mul_(factor)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / BACKBONES[name].file)
    return model


def test_weights_are_found_in_torch_home_and_first_in_ones_own(home: Path, tmp_path: Path) -> None:
    name = "squeezenet1_0"
    random = weights_fingerprint(name)
    assert load_model(name)[1] == "random" and not BACKBONES[name].available()
    theirs = kept_weights(tmp_path / "torch" / "hub" / "checkpoints", name, 2)
    model, weights = load_model(name)
    assert weights == "imagenet" and BACKBONES[name].available()
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), theirs.parameters(), strict=True))
    assert all(value.requires_grad for value in model.parameters())
    found = weights_fingerprint(name)
    ours = kept_weights(own_checkpoints(), name, 3)
    assert torch.equal(next(load_model(name)[0].parameters()), next(ours.parameters()))
    assert len({random, found, weights_fingerprint(name)}) == 3
    assert load_model(name, pretrained=False)[1] == "random"


def test_missing_weights_are_said_in_words(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"MobileNetV2 are not on this machine. Download them \(14 MB\)") as refused:
        load_backbone("mobilenet_v2")
    assert refused.value.field == "backbone" and "random weights" in refused.value.message


@pytest.mark.parametrize("content", [b"", b"<html>sign in</html>", b"PK\x03\x04 torn"])
def test_damaged_weights_are_said_in_words(home: Path, content: bytes) -> None:
    own_checkpoints().mkdir(parents=True)
    (own_checkpoints() / BACKBONES["squeezenet1_1"].file).write_bytes(content)
    with pytest.raises(LiveTorchError, match=r"squeezenet1_1-b8a52dc0\.pth cannot be read"):
        load_backbone("squeezenet1_1")


def test_weights_of_another_network_are_refused(home: Path) -> None:
    kept_weights(own_checkpoints(), "squeezenet1_1", 1)
    (own_checkpoints() / BACKBONES["squeezenet1_1"].file).rename(own_checkpoints() / BACKBONES["resnet18"].file)
    with pytest.raises(LiveTorchError, match="cannot be read"):
        load_model("resnet18")


@pytest.mark.skipif(not BACKBONES[OFFLINE].available(), reason="its weights are not in this checkout")
def test_the_offline_backbone_needs_no_network(home: Path) -> None:
    backbone = load_backbone(OFFLINE)
    assert backbone.weights == "formula" and backbone.categories is None and not BACKBONES[OFFLINE].url
    with torch.no_grad():
        assert backbone.features(backbone.prepare(noise(2))[None]).isfinite().all()
