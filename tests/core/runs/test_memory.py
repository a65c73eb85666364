"""Freed memory stays with the process of a run."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallinfo2")
CODE = """
import ctypes
from core.runs.memory import keep_freed_memory

class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd u f uord ford keep".split()]

libc = ctypes.CDLL(None)
libc.mallinfo2.restype = Info
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]

def mapped():
    before = libc.mallinfo2().hblkhd
    block = libc.malloc(10 * 2**20)
    more = libc.mallinfo2().hblkhd - before
    libc.free(block)
    return more

first = mapped()
assert keep_freed_memory()
print(first, mapped())
"""


@pytest.mark.skipif(not GLIBC, reason="asks glibc")
def test_ten_megabytes_are_no_longer_mapped_anew():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert before >= 10 * 2**20 and after == 0
