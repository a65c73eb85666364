"""What a GPU must show. They need neither Streamlit nor a browser.

Where there is no GPU they run on the CPU: that says nothing about GPUs, but keeps the tests themselves right until one is at hand.
"""

from __future__ import annotations

import pytest
import torch

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
cuda_alone = pytest.mark.skipif(DEVICE != "cuda", reason="no GPU that PyTorch can use")
