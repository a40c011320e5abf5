"""Pictures: known by their pixels, shown as a PNG of our own, refused beyond the limits."""

import base64
import io

import pytest
from PIL import Image, PngImagePlugin

from kb.errors import AttachmentUnreadable
from kb.files import image as reader
from kb.files.limits import LimitExceeded
from kb.reading.attachments import image_document, shown_image

URL = "https://res.example.com/a.png"


def picture(
    colour: str = "red", *, size: tuple[int, int] = (40, 30), shape: str = "PNG", note: str = ""
) -> bytes:
    buffer = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    if note:
        info.add_text("Comment", note)
    Image.new("RGB", size, colour).save(buffer, shape, **({"pnginfo": info} if shape == "PNG" else {}))
    return buffer.getvalue()


def test_other_bytes_of_the_same_pixels_are_the_same_document() -> None:
    first, second = picture(), picture(note="stripped by a server")
    assert first != second
    assert (
        image_document(first, URL) == image_document(second, URL) == image_document(picture(shape="BMP"), URL)
    )
    assert image_document(first, URL) != image_document(picture("blue"), URL)
    assert "40×30" in image_document(first, URL).text


def test_what_is_shown_holds_nothing_of_the_foreign_file() -> None:
    shown = shown_image(picture(note="<script>alert(1)</script>") + b"<script>", URL)
    assert shown.startswith(b"\x89PNG")
    assert b"script" not in shown
    with Image.open(io.BytesIO(shown)) as again:
        assert again.size == (40, 30)
        assert again.convert("RGB").getpixel((1, 1)) == (255, 0, 0)


def test_a_large_picture_is_shown_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_SIDE", 16)
    found = reader.read(picture())
    assert (found.width, found.height) == (40, 30)
    with Image.open(io.BytesIO(base64.b64decode(found.png))) as shown:
        assert shown.size == (16, 12)


def test_too_many_pixels_or_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_PIXELS", 1000)
    with pytest.raises(LimitExceeded, match="百万像素"):
        reader.read(picture())
    monkeypatch.setattr(reader, "MAX_PIXELS", 1_000_000)
    monkeypatch.setattr(reader, "MAX_FRAMES", 2)
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(LimitExceeded, match="2 帧"):
        reader.read(buffer.getvalue())


def test_what_does_not_decode_is_known_by_its_bytes() -> None:
    broken = picture()[:60]
    assert "字节" in image_document(broken, URL).text
    with pytest.raises(AttachmentUnreadable):
        shown_image(broken, URL)
