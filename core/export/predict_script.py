"""The standalone script that names the classes of pictures with the weights of a run. Loads no torch."""

from __future__ import annotations

from core.config import RunConfig
from core.config.transfer import TransferRunConfig
from core.errors import LiveTorchError
from core.export import transfer_parts as parts
from core.i18n import N_

TEXT = '''\
"""Names the classes of pictures: python predict.py photo.jpg [more.jpg ...]

Needs PyTorch, torchvision, safetensors and, beside it, {needs}.
HEIC of phones is read where pillow-heif is installed. The page looks at its own copy of each picture, a JPEG of at most
1,024 pixels a side: for the pictures in the zip the probabilities are the page's, for an original file nearly so.
"""

{imports}

with suppress(ImportError):
    from pillow_heif import register_heif_opener

    register_heif_opener()

WEIGHTS = Path(__file__).with_name("weights.safetensors")
{constants}


{functions}


def load():
    """The network with its weights, and the names of its classes."""
    with safe_open(WEIGHTS, "pt") as file:
        classes = json.loads(file.metadata()["classes"])
        state = {{name: file.get_tensor(name) for name in file.keys()}}
    features = len(state["head.0.mean"])
    network = nn.ModuleDict({{"backbone": build_backbone(), "head": build_head(features, len(classes))}})
    unknown = network.load_state_dict(state, strict=False).unexpected_keys
    assert not unknown, f"these weights belong to another network: {{unknown}}"
    return network.eval(), classes


@torch.inference_mode()
def predict(network, path):
    """Probability of each class for one picture."""
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    backbone = network["backbone"]
    return network["head"]({body}(normalised(middle(picture)[None]))).softmax(1)[0]


def main():
    network, classes = load()
    for path in sys.argv[1:]:
        found = sorted(zip(predict(network, path).tolist(), classes, strict=True), reverse=True)
        print(path, "  ".join(f"{{name}} {{share:.6f}}" for share, name in found))


if __name__ == "__main__":
    main()
'''


def predict_script_of(config: RunConfig) -> str:
    """The script for the weights of a run of ``config``. Raises :class:`LiveTorchError` for runs of other pages."""
    if not isinstance(config, TransferRunConfig):
        raise LiveTorchError(N_("Only runs of the transfer page have a script that predicts."))
    others = {"from PIL import ImageOps", "from safetensors import safe_open"}
    needs = "weights.safetensors of the run"
    # what was not trained here comes from where the run had it from; from scratch all of it is in the file
    if "formula" in config.backbone and parts.trained_before(config):
        others.add("from safetensors.torch import load_file")
        needs += ", and formula.safetensors of LiveTorch"
    imports = parts.import_lines(
        config, {"import json", "import sys", "from contextlib import suppress", "from pathlib import Path"}, others
    )
    imports = imports.replace("from PIL import Image\nfrom PIL import ImageOps", "from PIL import Image, ImageOps")
    functions = [parts.prepared_code(config), parts.backbone_code(config), parts.head_code(config)]
    return TEXT.format(
        needs=needs,
        imports=imports,
        constants="\n".join(parts.constants_of(config)),
        functions="\n\n\n".join(part.strip() for part in functions),
        body=parts.body_of(config),
    )
