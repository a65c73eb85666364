"""All backbones by name. Figures are torchvision's own (its tables of weights); a test compares them. No torch."""

from __future__ import annotations

from core.backbones.spec import BackboneSpec, Stages
from core.i18n import N_


def _numbered(layers: str, *groups: tuple[int, ...]) -> Stages:
    """Stages of a network whose layers are numbered: ``features.18``, ``features.17`` ..."""
    return tuple(tuple(f"{layers}.{number}" for number in group) for group in groups)


def _with_tail(tail: tuple[str, ...], stages: Stages) -> Stages:
    """Layers behind the last stage are unfrozen together with it."""
    return ((*tail, *stages[0]), *stages[1:])


RESNET: Stages = (("layer4",), ("layer3",), ("layer2",), ("layer1",), ("conv1", "bn1"))
VIT: Stages = (
    ("encoder.ln", "encoder.layers.encoder_layer_11"),
    *((f"encoder.layers.encoder_layer_{number}",) for number in reversed(range(11))),
    ("class_token", "conv_proj", "encoder.pos_embedding"),
)
INCEPTION: Stages = (
    ("inception5a", "inception5b"),
    tuple(f"inception4{letter}" for letter in "abcde"),
    ("inception3a", "inception3b"),
    ("conv1", "conv2", "conv3"),
)
DENSE: Stages = (
    ("features.norm5", "features.denseblock4"),
    ("features.transition3", "features.denseblock3"),
    ("features.transition2", "features.denseblock2"),
    ("features.transition1", "features.denseblock1"),
    ("features.conv0", "features.norm0"),
)
ALEX: Stages = (("classifier.4",), ("classifier.1",), *_numbered("features", (10,), (8,), (6,), (3,), (0,)))
VGG: Stages = (
    ("classifier.3",),
    ("classifier.0",),
    *_numbered("features", (22, 23, 25, 26), (15, 16, 18, 19), (8, 9, 11, 12), (4, 5), (0, 1)),
)

_ALL = (
    BackboneSpec(
        "mobilenet_v2", "MobileNetV2", "mobilenet_v2-7ebf99e0.pth", 13.598, 3_504_872, 1280, "classifier.1",
        _numbered("features", (18, 17), (16, 15, 14), (13, 12, 11), (10, 9, 8, 7), (6, 5, 4), (3, 2), (1, 0)),
        resize=232, top1=72.154,
    ),
    BackboneSpec(
        "mobilenet_v3_small", "MobileNetV3 small", "mobilenet_v3_small-047dcff4.pth", 9.829, 2_542_856, 1024, "classifier.3",
        _with_tail(("classifier.0",), _numbered("features", (12,), (11, 10, 9), (8, 7), (6, 5, 4), (3, 2), (1, 0))),
        top1=67.668,
    ),
    BackboneSpec(
        "squeezenet1_0", "SqueezeNet 1.0", "squeezenet1_0-b66bff10.pth", 4.778, 1_248_424, 512, "classifier.1",
        _numbered("features", (12,), (10, 9), (8, 7), (5, 4, 3), (0,)), least=21, top1=58.092,
    ),
    BackboneSpec(
        "squeezenet1_1", "SqueezeNet 1.1", "squeezenet1_1-b8a52dc0.pth", 4.729, 1_235_496, 512, "classifier.1",
        _numbered("features", (12, 11), (10, 9), (7, 6), (4, 3), (0,)), least=17, top1=58.178,
    ),
    BackboneSpec(
        "resnet18", "ResNet-18", "resnet18-f37072fd.pth", 44.661, 11_689_512, 512, "fc", RESNET, top1=69.758,
    ),
    BackboneSpec(
        "resnet50", "ResNet-50", "resnet50-11ad3fa6.pth", 97.79, 25_557_032, 2048, "fc", RESNET, resize=232, top1=80.858,
    ),
    BackboneSpec(
        "efficientnet_b0", "EfficientNet-B0", "efficientnet_b0_rwightman-7f5810bc.pth", 20.451, 5_288_548, 1280,
        "classifier.1", _numbered("features", (8, 7), (6,), (5,), (4,), (3,), (2,), (1, 0)), bicubic=True, top1=77.692,
    ),
    BackboneSpec(
        "convnext_tiny", "ConvNeXt tiny", "convnext_tiny-983f1562.pth", 109.119, 28_589_128, 768, "classifier.2",
        _with_tail(("classifier.0",), _numbered("features", (7, 6), (5, 4), (3, 2), (1, 0))),
        resize=236, least=32, top1=82.52,
    ),
    BackboneSpec(
        "vit_b_16", "ViT-B/16", "vit_b_16-c867db91.pth", 330.285, 86_567_656, 768, "heads.head", VIT, least=224, top1=81.072,
    ),
    BackboneSpec(
        "densenet121", "DenseNet-121", "densenet121-a639ec97.pth", 30.845, 7_978_856, 1024, "classifier", DENSE,
        least=29, top1=74.434,
    ),
    BackboneSpec(
        "googlenet", "GoogLeNet", "googlenet-1378be20.pth", 49.731, 6_624_904, 1024, "fc", INCEPTION, least=15, top1=69.778,
    ),
    BackboneSpec(
        "alexnet", "AlexNet", "alexnet-owt-7be5be79.pth", 233.087, 61_100_840, 4096, "classifier.6", ALEX, least=63, top1=56.522,
    ),
    BackboneSpec(
        "vgg11_bn", "VGG-11 with batch norm", "vgg11_bn-6002323d.pth", 506.881, 132_868_840, 4096, "classifier.6", VGG,
        least=32, top1=70.37,
    ),
    BackboneSpec(
        "formula", N_("Formula pictures (offline)"), "formula.safetensors", 1.7, 884_344, 1152, "",
        (*_numbered("blocks", (3,), (2,), (1,), (0,)), ("stem",)),
        resize=160, side=160, least=17, mean=(0.45, 0.45, 0.45), std=(0.25, 0.25, 0.25), shipped=True,
    ),
)  # fmt: skip

BACKBONES: dict[str, BackboneSpec] = {spec.name: spec for spec in _ALL}

# torchvision's models, which name ImageNet's classes and can be looked into without a run
ZOO: dict[str, BackboneSpec] = {name: spec for name, spec in BACKBONES.items() if spec.names_things}
OFFLINE = "formula"  # the one that needs no download
