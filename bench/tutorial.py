"""The loop of a beginner's tutorial, as a yardstick: ``python -m bench.tutorial THREADS [cuda]`` prints JSON.

A DataLoader that decodes, converts and normalises picture by picture, default layout, default Adam, and
``item()`` at every step.
"""

from __future__ import annotations

import json
import sys
import time

import torch
import torchvision
from torch import nn
from torchvision import transforms

from core.datasets import find_root


def main(threads: int, device: str = "cpu") -> None:
    """One epoch of MNIST, then the accuracy on its test set."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    convert = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    train, test = (
        torchvision.datasets.MNIST(find_root("MNIST"), train=part, transform=convert) for part in (True, False)
    )
    loader = torch.utils.data.DataLoader(train, batch_size=256, shuffle=True)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10),
    ).to(device)  # fmt: skip
    optimizer, loss_function = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    began = time.perf_counter()
    for images, labels in loader:
        loss = loss_function(model(images.to(device)), labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
    correct = 0
    model.eval()
    with torch.no_grad():
        for images, labels in torch.utils.data.DataLoader(test, batch_size=1000):
            correct += (model(images.to(device)).argmax(1).cpu() == labels).sum().item()
    seconds = time.perf_counter() - began
    print(json.dumps({"rate": len(train) / seconds, "seconds": seconds, "accuracy": correct / len(test)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
