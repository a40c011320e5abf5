"""Page bytes -> Document. Pure: the same bytes, address, source and day always give the same answer."""

from kb.reading.decode import DecodedText, decode_body, undo_content_encoding
from kb.reading.fingerprint import fingerprint
from kb.reading.page import PageHistory, read_page
from kb.reading.text import read_text

__all__ = [
    "DecodedText",
    "PageHistory",
    "decode_body",
    "fingerprint",
    "read_page",
    "read_text",
    "undo_content_encoding",
]
