"""How many bits the arithmetic keeps, and what is fastest on this machine."""

from __future__ import annotations

import torch

from core.config import RunConfig
from core.errors import ConfigError
from core.i18n import N_


def bfloat16_pays(device: str) -> bool:
    """Whether the hardware multiplies bfloat16 itself; elsewhere it is emulated and slower than float32."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    known = getattr(torch.cpu, "_is_avx512_bf16_supported", None)  # torch has no public name for it
    return bool(known and known())


def resolve_precision(precision: str, device: str) -> str:
    """``precision`` with "auto" turned into what is fastest on ``device``. Raises :class:`ConfigError` for TF32 on a CPU."""
    if precision == "tf32" and device != "cuda":
        raise ConfigError("precision", N_("TF32 is arithmetic of GPUs. Choose float32 or bfloat16 for the CPU."))
    if precision != "auto":
        return precision
    if bfloat16_pays(device):
        return "bfloat16"
    # what multiplies TF32 multiplies bfloat16 as well; older GPUs and other processors have float32
    return "float32"


def set_precision(config: RunConfig) -> None:
    """Let a GPU round inside products of float32 only where the config allows it."""
    if config.device == "cuda":
        allowed = config.precision != "float32"
        torch.backends.cuda.matmul.allow_tf32 = allowed
        torch.backends.cudnn.allow_tf32 = allowed


def autocast(config: RunConfig) -> torch.autocast:
    """A context in which products are taken in bfloat16 where the config says so."""
    return torch.autocast(config.device, torch.bfloat16, enabled=config.precision == "bfloat16")
