"""Draw the hub's sign, two rings, as PNG images of any size; browsers install pages under it."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PAPER: Final = (0xFB, 0xFA, 0xF6)
_SEAL: Final = (0xA8, 0x32, 0x1F)
# As favicon.svg has them, in parts of the image's width.
_RADII: Final = (13 / 32, 6.5 / 32)
_WIDTH: Final = 2.6 / 32
# A system may cut off the edges of an icon; the sign keeps within the middle four fifths.
# Source: W3C, Web Application Manifest, "Icon masks and safe zone".
_SAFE: Final = 0.8


@lru_cache(8)
def draw_emblem(size: int, *, is_maskable: bool = False) -> bytes:
    """Draw the sign on paper.

    Args:
        size: Width and height in pixels, 16 to 1024.
        is_maskable: Whether the sign keeps clear of the edges, which a system may cut off.

    Returns:
        A PNG image, the same bytes for the same arguments.
    """
    scale = _SAFE if is_maskable else 1.0
    axis = (np.arange(size) + 0.5) / size - 0.5
    distance = np.hypot(axis[:, None], axis[None, :]) / scale
    # How much of a pixel is in a ring: one pixel wide at its edges, which smooths them.
    pixel = 1 / (size * scale)
    ink = np.zeros_like(distance)
    for radius in _RADII:
        edge = _WIDTH / 2 - np.abs(distance - radius)
        ink = np.maximum(ink, np.clip(edge / pixel + 0.5, 0.0, 1.0))
    colours = np.array(_PAPER) + ink[:, :, None] * (np.array(_SEAL) - np.array(_PAPER))
    return _write_png(np.rint(colours).astype(np.uint8))


def _write_png(pixels: NDArray[np.uint8]) -> bytes:
    """Write an image of 8-bit colours, shape (height, width, 3). Source: W3C, PNG, third edition."""
    height, width, _ = pixels.shape
    unfiltered = np.zeros((height, 1), np.uint8)  # each line begins with the number of its filter: none
    lines = np.hstack([unfiltered, pixels.reshape(height, width * 3)])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
