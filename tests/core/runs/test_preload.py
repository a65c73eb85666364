"""What the fork server has in memory before it forks."""

from __future__ import annotations

import subprocess
import sys

ASKED = """
import torch

asked = []
for name in ("_cuda_init", "_cuda_getDeviceCount", "_cuda_getDevice"):
    if hasattr(torch._C, name):
        setattr(torch._C, name, lambda *args, name=name: asked.append(name) or 0)
import core.runs.preload
print(asked, torch.cuda.is_initialized(), torch._C._cuda_isInBadFork() if hasattr(torch._C, "_cuda_isInBadFork") else False)
"""


def test_no_gpu_is_asked_for_before_the_fork():
    """CUDA that has been called once is of no use to the processes forked afterwards."""
    answer = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert answer.stdout.split("\n")[0] == "[] False False"
