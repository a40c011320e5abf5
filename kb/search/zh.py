"""Chinese text as tokens that SQLite's own ``unicode61`` keeps apart: one Han character, one token.

A phrase of such tokens finds any substring, however a dictionary would have cut it. Sentence punctuation becomes a
token of its own, so that no phrase reaches across it.
"""

from __future__ import annotations

import re

from kb.folding import HAN, fold

BOUNDARY = "\ue000"
"""Private-use character (category Co): unicode61 keeps it as a token, and no text has it."""

STOP = "。;!?,、:"
"""Sentence punctuation after folding (，；！？： are ASCII by then)."""

TOKEN = re.compile(rf"[{HAN}]|[a-z]+|[0-9]+|[^\W\d_a-z{HAN}]+|[{STOP}]")
"""Letters and digits are split: ``GB2760`` and ``GB 2760`` are the same two tokens."""

GAP = rf"(?:[^\w{STOP}]|_)*"
"""What may lie between two tokens of a phrase: white space, brackets, quotes, dashes."""


def tokens(text: str) -> list[str]:
    """The tokens of a text in order, sentence punctuation as ``BOUNDARY``."""
    return [BOUNDARY if token in STOP else token for token in TOKEN.findall(fold(text))]


def segment(text: str) -> str:
    """What is written into the index for a text: its tokens with a space between."""
    return " ".join(tokens(text))
