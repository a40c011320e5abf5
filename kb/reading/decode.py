"""Bytes as they came over the wire -> text: undo the content-encoding, then the character encoding.

Every step is strict. A wrong guess would store mojibake as the text of a law, so bytes that no declaration explains
are ``Undecodable`` instead of guessed at.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kb.errors import Undecodable

MAX_DECODED = 8 * 1024 * 1024
META_WINDOW = 4096

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
}
_WIDER = {"big5": ("big5", "cp950", "big5hkscs")}  # what pages that say Big5 are written in
# Server defaults that "decode" any byte: as a declaration for a Chinese page they say nothing.
_UNINFORMATIVE = frozenset({"iso8859-1", "cp1252", "ascii", "iso8859-15"})
_PUNCTUATION = frozenset(
    "\u3000，。、；：？！“”‘’（）《》〈〉【】〔〕—…·％＋－×／～①②③④⑤⑥⑦⑧⑨⑩０１２３４５６７８９"
)
_HAN = re.compile("[\u3400-\u9fff]+")
_CHINESE = re.compile("[\u2010-\u203b\u3000-\u3020\u3400-\u9fff\uff01-\uff5e]")
_HZ = re.compile(rb"~\{(?:[!-w][!-~]){2,40}~\}[^~]{0,200}~\{")
# Characters that traditional and simplified texts of rules share; a few of them stand in every sentence.
_EVERYDAY = frozenset(
    "的一是不了在人有我他和以及或者其由之日年月第法令定行政主管理部公布通知申辦办事中大上下出用分合同同意本名件文字號号"
)


class CutShort(Undecodable):
    """The compressed body ends before its content does."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """``encoding`` is Python's name of the encoding that explains the bytes."""

    text: str
    encoding: str


def decode_body(body: bytes, headers: Iterable[tuple[str, str]] = (), encoding: str = "") -> DecodedText:
    """The text of a body; ``encoding`` is what the source's declaration says.

    Order: BOM, what the bytes themselves tell (UTF-8, UTF-16, HZ), header, ``<meta>`` and the source's own encoding, each only when the
    text then reads as Chinese does. Raises ``Undecodable``.
    """
    headers = tuple(headers)
    return decode_characters(undo_content_encoding(body, headers), headers, encoding)


# --------------------------------------------------------------------------- content-encoding


def undo_content_encoding(body: bytes, headers: Iterable[tuple[str, str]]) -> bytes:
    """The body without gzip, deflate, br or zstd, at most ``MAX_DECODED`` bytes. Raises ``Undecodable``."""
    declared = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    for coding in reversed([part.strip().lower() for part in declared.split(",") if part.strip()]):
        if coding in {"identity", "none"}:
            continue
        try:
            undo = _CODINGS[coding]
        except KeyError:
            raise Undecodable(f"不认识的压缩方式：{coding[:40]}", do="请在来源配置中检查请求头") from None
        body = undo(body)
    if len(body) > MAX_DECODED:
        raise Undecodable(f"正文超过 {MAX_DECODED // 1024 // 1024} MiB", do="请核对网址是否指向网页")
    return body


def _limited(
    decompress: Callable[[bytes], bytes], body: bytes, name: str, errors: tuple[type[Exception], ...]
) -> bytes:
    try:
        return decompress(body)
    except errors as error:
        raise Undecodable(f"{name} 压缩内容损坏：{error}", do="请重新获取") from error


def _inflate(body: bytes, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    text = unpacker.decompress(body, MAX_DECODED + 1)
    if not unpacker.eof and len(text) <= MAX_DECODED:
        raise CutShort(f"压缩内容没有传完：只解出 {len(text)} 字节", do="请重新获取")
    return text


def _gunzip(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body  # some servers and most saved pages keep the header after the coding was undone
    return _limited(lambda data: _inflate(data, 31), body, "gzip", (zlib.error,))


def _undo_deflate(body: bytes) -> bytes:
    """RFC 9110 deflate is the zlib format; some servers send the raw one."""
    try:
        return _inflate(body, 15)
    except zlib.error:
        return _limited(lambda data: _inflate(data, -15), body, "deflate", (zlib.error,))


def _optional(module: str, coding: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise Undecodable(f"缺少解压 {coding} 的组件", do=f"请安装 {module}") from error


def _undo_brotli(body: bytes) -> bytes:
    brotli = _optional("brotli", "br")
    return _limited(
        lambda data: bytes(brotli.Decompressor().process(data, output_buffer_limit=MAX_DECODED + 1)),
        body,
        "br",
        (brotli.error,),
    )


def _undo_zstd(body: bytes) -> bytes:
    zstd = _optional("backports.zstd", "zstd")
    return _limited(
        lambda data: bytes(zstd.ZstdDecompressor().decompress(data, MAX_DECODED + 1)),
        body,
        "zstd",
        (zstd.ZstdError, EOFError),
    )


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undo_deflate,
    "br": _undo_brotli,
    "zstd": _undo_zstd,
}


# --------------------------------------------------------------------------- characters


def decode_characters(
    body: bytes, headers: Iterable[tuple[str, str]] = (), encoding: str = ""
) -> DecodedText:
    """As ``decode_body``, for a body whose content-encoding is already undone."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            marked = _strictly(body, name)
            return marked if marked and _readable(marked.text) else _raise_undecodable(name)
    if self_told := _self_told(body):
        return self_told
    as_utf8 = _strictly(body, "utf-8")
    if as_utf8 and _surely_utf8(body, as_utf8.text):
        return as_utf8
    declared = [name for label in _declared(body, headers, encoding) if (name := _python_name(label))]
    for name in (each for told in declared for each in _WIDER.get(told, (told,))):
        if (decoded := _strictly(body, name)) and _plausible(decoded):
            return decoded
    if salvaged := as_utf8 or _salvage(body, declared):
        return salvaged
    return _raise_undecodable("、".join(dict.fromkeys(declared)) or "未声明")


def _self_told(body: bytes) -> DecodedText | None:
    """UTF-16 without a mark, told by the zero bytes beside its tags, and HZ, told by its ``~{`` shifts.

    Both are valid ASCII or UTF-8 as bytes, so they come first.
    """
    if body[:1] == b"<" or body[:2] == b"\0<":
        name = "utf-16-le" if body[1:2] == b"\0" else "utf-16-be" if body[:1] == b"\0" else ""
        if name and (wide := _strictly(body, name)) and _readable(wide.text):
            return wide
    if _HZ.search(body) and (shifted := _strictly(body, "hz")):
        return shifted
    return None


def _surely_utf8(body: bytes, text: str) -> bool:
    """Ten or more valid multi-byte sequences, or fewer that are all Chinese: no GBK or Big5 text looks so by chance."""
    if len(body) - len(text) >= 20:
        return True
    beyond = [character for character in text if character > "\x7f"]
    return bool(beyond) and all(map(_CHINESE.match, beyond))


def _declared(body: bytes, headers: Iterable[tuple[str, str]], encoding: str) -> Iterator[str]:
    for name, value in headers:
        if name.lower() == "content-type" and (found := _CHARSET.search(value)):
            yield found[1]
    if in_page := _META.search(body[:META_WINDOW]):
        yield in_page[1].decode("ascii", "replace")
    if encoding:
        yield encoding


def _python_name(label: str) -> str:
    label = label.strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return ""
    name = _ALIASES.get(name, name)
    return "" if name in _UNINFORMATIVE else name


def _strictly(body: bytes, name: str) -> DecodedText | None:
    try:
        return DecodedText(body.decode(name), name.removesuffix("-sig"))
    except (UnicodeError, LookupError):
        return None


def _plausible(decoded: DecodedText) -> bool:
    """GB 18030 explains nearly any bytes, so the text must look Chinese.

    Share of level-1 characters of GB 2312 (lead B0 to D7) and full-width punctuation among what is not ASCII, measured:
    statutes 1.0, traditional characters 0.5; UTF-8, Big5 or Korean taken for GB 18030 at most 0.32.
    """
    if decoded.encoding in {"big5", "big5hkscs", "cp950"}:
        han = "".join(_HAN.findall(decoded.text[:20_000]))
        return len(han) < 30 or sum(character in _EVERYDAY for character in han) >= 0.05 * len(han)
    if decoded.encoding.startswith("utf-16"):
        return _readable(decoded.text)
    if decoded.encoding != "gb18030":
        return True
    beyond = "".join(character for character in decoded.text[:100_000] if character > "\x7f")[:4000]
    if len(beyond) < 8:
        return True
    leads = "".join(_HAN.findall(beyond)).encode("gb2312", "ignore")[::2]
    usual = sum(0xB0 <= lead <= 0xD7 for lead in leads) + sum(
        character in _PUNCTUATION for character in beyond
    )
    return usual >= 0.42 * len(beyond)


def _readable(text: str) -> bool:
    """Mostly ASCII, Han and their punctuation: two bytes that look like a mark prove nothing."""
    sample = text[:20_000]
    return sum(
        1 for c in sample if c < "\x7f" or "\u2000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffee"
    ) >= 0.8 * len(sample)


def _salvage(body: bytes, declared: list[str]) -> DecodedText | None:
    """A declaration that fails strictly: the other of the two usual encodings, or a handful of broken bytes.

    Pages cut descriptions in the middle of a character; up to one broken sequence in 2,000 bytes (at most 8) is kept
    as U+FFFD, visibly, when the rest holds.
    """
    if "utf-8" in declared and (decoded := _strictly(body, "gb18030")) and _plausible(decoded):
        return decoded
    for name in dict.fromkeys(declared):
        if name not in {"utf-8", "gb18030"}:
            continue
        decoded = DecodedText(body.decode(name, "replace"), name)
        broken = decoded.text.count("\ufffd")
        if broken <= min(8, max(1, len(body) // 2000)) and _plausible(decoded) and _mostly_han(decoded.text):
            return decoded
    return None


def _mostly_han(text: str) -> bool:
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii >= 20 and sum(map(len, _HAN.findall(text))) >= 0.5 * beyond_ascii


def _raise_undecodable(tried: str) -> DecodedText:
    raise Undecodable(f"编码无法判定（已试：{tried}）", do="请在来源配置中写明 encoding")
