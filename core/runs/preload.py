"""Imported once by the fork server, so that every worker starts with these modules in memory.

Imports only: no backward pass, no thread, no CUDA call may happen before the fork.
"""
# ruff: noqa: F401

import gc
import importlib

import PIL.PngImagePlugin
import safetensors.torch
import torch._dynamo  # the first optimizer step would import it, which takes over a second
import torch._functorch.aot_autograd  # the first torch.export would
import torchvision.models

import core.models.flatten
import core.models.initialization
import core.models.rows
import core.pictures.decode
import core.pictures.store
import core.probes.graph.looks
from core.datasets.images import digits_arrays
from core.families import FAMILIES
from core.probes.rest import look_at_rest

for family in FAMILIES.values():
    for place in (family.task, family.rest, family.check, *family.looks.values()):
        importlib.import_module(place.split(":")[0])
digits_arrays()
gc.collect()
gc.freeze()
