"""Imported once by the fork server, so that every worker starts with these modules in memory.

Imports only: no backward pass, no thread, no CUDA call may happen before the fork.
"""
# ruff: noqa: F401

import gc

import PIL.PngImagePlugin
import torch._dynamo  # the first optimizer step would import it, which takes over a second

import core.models.table
import core.probes.wall
import core.training.classification
from core.datasets.images import digits_arrays

digits_arrays()
gc.collect()
gc.freeze()
