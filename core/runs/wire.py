"""Messages between processes: a JSON header and, for pictures, raw bytes. No pickle in either direction,
so a worker that was taken over by a hostile file cannot run code in the server."""

from __future__ import annotations

import json
import struct
from typing import Any

LENGTH = struct.Struct(">I")
Message = dict[str, Any]


def pack(message: Message, blob: bytes = b"") -> bytes:
    """One message as bytes: length of the header, header, blob."""
    header = json.dumps(message, separators=(",", ":")).encode()
    return LENGTH.pack(len(header)) + header + blob


def unpack(data: bytes) -> tuple[Message, bytes]:
    """The message and its blob. Raises ``ValueError`` for anything :func:`pack` did not make."""
    if len(data) < LENGTH.size:
        raise ValueError("message too short")
    end = LENGTH.size + LENGTH.unpack_from(data)[0]
    if len(data) < end:
        raise ValueError("message cut off")
    message = json.loads(data[LENGTH.size : end])
    if not isinstance(message, dict):
        raise ValueError("message is not an object")
    return message, data[end:]
