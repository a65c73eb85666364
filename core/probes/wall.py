"""A wall of validation pictures with what the network says they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from core.training.classification import ImageClassification

COLUMNS, ROWS = 8, 5
TILE = 32  # pixels a side in the sprite


def wall_picture(task: ImageClassification) -> bytes:
    """The first 40 validation pictures as one PNG of 8 x 5 tiles, each enlarged to 32 pixels a side."""
    from PIL import Image

    pixels = task.data.pixels(task.data.validation_images[: COLUMNS * ROWS])  # (40, 1, H, W)
    sheet = Image.new("L", (COLUMNS * TILE, ROWS * TILE))
    for number, picture in enumerate(pixels[:, 0].cpu().numpy()):
        tile = Image.fromarray(picture).resize((TILE, TILE), Image.Resampling.NEAREST)
        sheet.paste(tile, (number % COLUMNS * TILE, number // COLUMNS * TILE))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


@torch.no_grad()
def wall_predictions(task: ImageClassification) -> dict[str, Any]:
    """Most probable class, its probability and the true class of each picture on the wall."""
    count = COLUMNS * ROWS
    training = task.model.training
    task.model.eval()
    try:
        probabilities = task.model(task.data.validation_images[:count].to(task.config.device)).softmax(
            1
        )  # (40, classes)
    finally:
        task.model.train(training)
    confidence, predicted = probabilities.max(1)
    return {
        "predicted": predicted.tolist(),
        "confidence": [round(value, 4) for value in confidence.tolist()],
        "labels": task.data.validation_labels[:count].tolist(),
    }
