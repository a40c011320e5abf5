"""Values that a page's script assigns: JSON, or a literal of JavaScript that is nearly JSON. Nothing is ever run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote

MAX_PLACES = 4  # assignments to one name that are tried
MAX_TOKENS = 200_000  # of a literal that is no JSON; a page's state has some thousands

_TOKEN = re.compile(
    r"""\s++ | //[^\n]*+ | /\*(?:[^*]++|\*(?!/))*+\*/
    | (?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+" | '[^'\\]*+(?:\\.[^'\\]*+)*+' | `[^`\\]*+(?:\\.[^`\\]*+)*+`)
    | (?P<number>[-+]?+(?:0x[0-9a-f]++|(?:\d++\.?\d*+|\.\d++)(?:e[-+]?+\d++)?+))
    | (?P<word>[A-Za-z_$][\w$]*+)
    | (?P<sign>[{}\[\](),:!.+-])""",
    re.X | re.S | re.I,
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.S)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CONTINUED = frozenset(["\n", "\r\n", "\u2028", "\u2029"])  # a line of the source that goes on
_CONSTANTS = {"true": "true", "false": "false"}
_NOTHING = frozenset(["null", "undefined", "NaN", "Infinity"])
_WRAPPING = re.compile(
    r"(?:\s|/\*(?:[^*]|\*(?!/))*+\*/|\(|(?:window\.)?+[\w$]++\s*+\|\||JSON\.parse\b|decodeURIComponent\b)*+"
)


def assigned(text: str, name: str) -> Iterator[Any]:
    """What a text assigns to ``name``, or holds in a script element of that id, as far as it can be read."""
    given = re.compile(rf"{re.escape(name)}(?:[\"']?\]?\s*=(?!=)|[\"'][^<>]{{0,200}}>)")
    for _, found in zip(range(MAX_PLACES), given.finditer(text), strict=False):
        try:
            yield _value(text, found.end())
        except (ValueError, RecursionError):
            continue


def _value(text: str, at: int) -> Any:
    wrapping = _WRAPPING.match(text, at)
    at = wrapping.end() if wrapping else at
    if text[at : at + 1] in {'"', "'", "`"}:
        token = _TOKEN.match(text, at)
        inner = _unescaped(token[0]) if token else ""
        return json.loads(unquote(inner) if wrapping and "decodeURIComponent" in wrapping[0] else inner)
    if text[at : at + 1] not in {"{", "["}:
        raise ValueError("neither an object nor a list")
    try:
        return json.JSONDecoder().raw_decode(text, at)[0]
    except ValueError:
        return json.loads("".join(_as_json(text, at)))


def _unescaped(token: str) -> str:
    """The characters that a string literal stands for."""

    def character(escape: re.Match[str]) -> str:
        point, four, two, one = escape.groups()
        if one:
            return "" if one in _CONTINUED else _CONTROLS.get(one, one)
        number = int(point or four or two, 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    plain = _ESCAPE.sub(character, token[1:-1])
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tokens(text: str, at: int) -> Iterator[tuple[str, str]]:
    """(kind, token) from a place on, to the end of the value that begins there. Raises ``ValueError``."""
    depth = 0
    while token := _TOKEN.match(text, at):
        at = token.end()
        kind = token.lastgroup
        if kind is None:
            continue
        yield kind, token[0]
        if kind == "sign" and token[0] in "{[(":
            depth += 1
        elif kind == "sign" and token[0] in "}])":
            depth -= 1
            if depth == 0:
                return
    raise ValueError("no literal, or one without an end")


def _as_json(text: str, at: int) -> list[str]:
    """JSON pieces of a literal. Raises ``ValueError`` for what is computed: calls, names, functions."""
    pieces: list[str] = []
    tokens = list(islice(_tokens(text, at), MAX_TOKENS))
    if len(tokens) == MAX_TOKENS:
        raise ValueError("a literal longer than any page's state")
    number = 0
    while number < len(tokens):
        kind, word = tokens[number]
        following = tokens[number + 1][1] if number + 1 < len(tokens) else ""
        if kind == "string":
            pieces.append(json.dumps(_unescaped(word)))
        elif kind == "number":
            pieces.append(json.dumps(_number(word)))
        elif kind == "word" and following == ":":
            pieces.append(json.dumps(word))
        elif kind == "word":
            piece, number = _word(tokens, number)
            pieces.append(piece)
        elif word == "!":
            pieces.append("true" if following == "0" else "false")
            number += 1
        else:
            if word in "}]" and pieces[-1] == ",":
                pieces.pop()
            pieces.append(word)
        number += 1
    return pieces


def _number(token: str) -> float:
    return int(token, 16) if "x" in token.lower() else float(token) if set(token) & set(".eE") else int(token)


def _word(tokens: list[tuple[str, str]], number: int) -> tuple[str, int]:
    """The JSON of a bare word, and the number of its last token."""
    word = tokens[number][1]
    if word in _CONSTANTS:
        return _CONSTANTS[word], number
    if word in _NOTHING:
        return "null", number
    if word == "void":
        return "null", number + 1
    if word != "new":
        raise ValueError(f"computed: {word}")
    depth = 0
    for last in range(number + 1, len(tokens)):
        depth += (tokens[last][1] == "(") - (tokens[last][1] == ")")
        if tokens[last][1] == ")" and depth == 0:
            return "null", last
    raise ValueError("no end of a call")
