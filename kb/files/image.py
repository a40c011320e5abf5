"""Pictures: decoded within limits, known by their pixels, and given back as a PNG of our own making.

What is shown was never a foreign file as such: metadata, trailing bytes and whatever else a file may carry are gone.
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from kb.files.limits import LimitExceeded

MAX_PIXELS = 40_000_000
MAX_FRAMES = 60
MAX_SIDE = 2_400
MAX_PNG = 6 * 1024 * 1024
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


@dataclass
class Picture:
    """``pixels``: SHA-256 over size and RGBA values of all frames. ``png``: base64, at most ``MAX_PNG`` bytes."""

    width: int
    height: int
    frames: int
    pixels: str
    png: str

    def as_json(self) -> dict[str, Any]:
        return self.__dict__


def read(body: bytes, kind: str = "image") -> Picture:  # noqa: ARG001  (one signature for all readers)
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = None  # its limit warns where ours, right after the head is read, refuses
    with Image.open(io.BytesIO(body), formats=_FORMATS) as source:
        width, height = source.size
        frames = getattr(source, "n_frames", 1)
        if width * height > MAX_PIXELS:
            raise LimitExceeded(f"图片超过 {MAX_PIXELS // 1_000_000} 百万像素")
        if frames > MAX_FRAMES or frames * width * height > 2 * MAX_PIXELS:
            raise LimitExceeded(f"动图超过 {MAX_FRAMES} 帧或总像素过多")
        digest, first = hashlib.sha256(), None
        for frame in ImageSequence.Iterator(source):
            upright = ImageOps.exif_transpose(frame).convert("RGBA")
            digest.update(f"{upright.size}".encode() + upright.tobytes())
            first = first or upright
    if first is None:
        raise LimitExceeded("图片里没有画面")
    return Picture(*first.size, frames, digest.hexdigest(), base64.b64encode(_png(first)).decode())


def _png(image: Any) -> bytes:
    """Scaled down until it is small enough to be kept and shown."""
    side = MAX_SIDE
    while True:
        image.thumbnail((side, side))
        buffer = io.BytesIO()
        image.save(buffer, "PNG", optimize=False)
        if buffer.tell() <= MAX_PNG:
            return buffer.getvalue()
        side //= 2
