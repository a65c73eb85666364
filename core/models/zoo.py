"""torchvision's classification models that can be looked into without a run. No torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ZooModel:
    """One of them."""

    title: str
    size: int = 224  # pixels a side of the picture it reads


ZOO: dict[str, ZooModel] = {
    "resnet18": ZooModel("ResNet-18"),
    "resnet50": ZooModel("ResNet-50"),
    "mobilenet_v3_small": ZooModel("MobileNetV3 small"),
    "squeezenet1_1": ZooModel("SqueezeNet 1.1"),
    "efficientnet_b0": ZooModel("EfficientNet-B0"),
    "convnext_tiny": ZooModel("ConvNeXt tiny"),
    "vit_b_16": ZooModel("ViT-B/16"),
    "alexnet": ZooModel("AlexNet"),
    "vgg11_bn": ZooModel("VGG-11 with batch norm"),
    "googlenet": ZooModel("GoogLeNet"),
    "densenet121": ZooModel("DenseNet-121"),
}
