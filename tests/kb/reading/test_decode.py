"""Bytes to text: strict at every step, never mojibake."""

import gzip
import zlib
from importlib import import_module
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import Undecodable
from kb.reading.decode import MAX_DECODED, CutShort, decode_body, undo_content_encoding
from kb.reading.mojibake import mojibake

RULE = "第一条　为了规范许可活动，李镕等人提交的材料应当真实、完整、有效，申请人对材料负责。" * 3


def page(charset: str, text: str = RULE) -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>{text}</html>'


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "x-gbk"])
def test_gb2312_with_characters_beyond_it(declared: str) -> None:
    decoded = decode_body(page(declared).encode("gb18030"))
    assert "镕" in decoded.text
    assert decoded.encoding == "gb18030"


def test_header_alone_declares() -> None:
    body = RULE.encode("gb18030")
    assert decode_body(body, [("Content-Type", "text/html; charset=GB2312")]).text == RULE


def test_the_sources_encoding_is_the_last_declaration() -> None:
    assert decode_body(RULE.encode("gb18030"), (), "gbk").text == RULE
    assert decode_body(RULE.encode("big5", "ignore"), (), "big5").encoding == "big5"


@pytest.mark.parametrize("declared", ["gb2312", "iso-8859-1", "windows-1252", "big5", "nonsense"])
def test_utf8_wins_over_a_wrong_declaration(declared: str) -> None:
    assert RULE in decode_body(page(declared).encode()).text


def test_gbk_declared_as_utf8() -> None:
    body = page("utf-8").encode("gb18030")
    decoded = decode_body(body, [("content-type", "text/html; charset=utf-8")])
    assert RULE in decoded.text


def test_undeclared_gbk_is_not_guessed() -> None:
    with pytest.raises(Undecodable, match="编码无法判定"):
        decode_body(RULE.encode("gb18030"))


def test_big5_declared_as_gbk_is_refused() -> None:
    traditional = "為了規範許可證的申請與審查，主管機關應當依據法律規定辦理，並於期限內作出決定。" * 4
    with pytest.raises(Undecodable):
        decode_body(traditional.encode("big5"), (), "gbk")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark(encoding: str) -> None:
    assert decode_body(RULE.encode(encoding)).text == RULE


def test_a_mark_before_noise_proves_nothing() -> None:
    with pytest.raises(Undecodable):
        decode_body(b"\xff\xfe\xfd\x80\x81\x99" * 20)


def test_a_description_cut_in_the_middle_of_a_character() -> None:
    body = page("utf-8", RULE * 20).encode().replace(b"</html>", "条".encode()[:2] + b"</html>")
    decoded = decode_body(body)
    assert decoded.text.count("\ufffd") == 1
    assert decoded.encoding == "utf-8"


def test_more_than_a_handful_of_broken_bytes() -> None:
    body = page("utf-8").encode().replace("料".encode(), b"\xe6\x96")
    with pytest.raises(Undecodable):
        decode_body(body)


# --------------------------------------------------------------------------- content-encoding


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)]
)
def test_undoes_the_coding(coding, pack) -> None:
    assert decode_body(pack(RULE.encode()), [("Content-Encoding", coding)]).text == RULE


@pytest.mark.skipif(not find_spec("brotli"), reason="brotli is not installed")
def test_brotli() -> None:
    packed = import_module("brotli").compress(RULE.encode())
    assert decode_body(packed, [("content-encoding", "br")]).text == RULE
    with pytest.raises(Undecodable):
        decode_body(b"no brotli at all", [("content-encoding", "br")])


@pytest.mark.skipif(not find_spec("backports.zstd"), reason="backports.zstd is not installed")
def test_zstd() -> None:
    packed = import_module("backports.zstd").compress(RULE.encode())
    assert decode_body(packed, [("content-encoding", "zstd")]).text == RULE


def test_codings_are_undone_in_reverse() -> None:
    packed = gzip.compress(zlib.compress(RULE.encode()))
    assert decode_body(packed, [("content-encoding", "deflate, gzip")]).text == RULE


def test_a_header_kept_after_its_coding_was_undone() -> None:
    assert decode_body(RULE.encode(), [("content-encoding", "gzip")]).text == RULE


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_bombs_are_cut_short(coding: str) -> None:
    zeros = b"\0" * (MAX_DECODED * 2)
    packers = {
        "gzip": lambda: gzip.compress(zeros, 1),
        "br": lambda: import_module("brotli").compress(zeros, quality=1),
        "zstd": lambda: import_module("backports.zstd").compress(zeros),
    }
    with pytest.raises(Undecodable, match="MiB"):
        undo_content_encoding(packers[coding](), [("content-encoding", coding)])


def test_unknown_coding() -> None:
    with pytest.raises(Undecodable, match="压缩"):
        decode_body(b"x", [("content-encoding", "compress2")])


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "gzip", "deflate", "br", "zstd"]),
    st.sampled_from(["", "gbk", "utf-8", "x"]),
)
def test_any_bytes_give_text_or_undecodable(body: bytes, coding: str, encoding: str) -> None:
    try:
        decode_body(body, [("content-encoding", coding)], encoding)
    except Undecodable as error:
        assert error.what  # noqa: PT017  the error is one of two allowed outcomes


# --------------------------------------------------------------------------- declarations against the bytes

TRADITIONAL = "為了規範許可證的申請與審查，主管機關應當依據法律規定辦理，並於期限內作出決定。" * 4
CHARSETS = ["utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "utf-16", "nonsense", ""]


@pytest.mark.parametrize("in_page", CHARSETS)
@pytest.mark.parametrize("header", CHARSETS)
@pytest.mark.parametrize("text", [RULE, "<p>通知</p>", "<p>示例公告（第1号）</p>"])
def test_whatever_declares_otherwise_utf8_is_read_as_utf8(text: str, header: str, in_page: str) -> None:
    body = page(in_page, text).encode()
    assert text in decode_body(body, [("Content-Type", f"text/html; charset={header}")], "gbk").text


@pytest.mark.parametrize("in_page", CHARSETS)
@pytest.mark.parametrize("header", CHARSETS)
@pytest.mark.parametrize("encoding", ["", "gbk"])
def test_gbk_is_read_rightly_or_not_at_all(header: str, in_page: str, encoding: str) -> None:
    body = page(in_page).encode("gb18030")
    try:
        text = decode_body(body, [("Content-Type", f"text/html; charset={header}")], encoding).text
    except Undecodable:
        assert not {"gb2312", "gbk"} & {header, in_page, encoding}
    else:
        assert RULE in text


@pytest.mark.parametrize("header", CHARSETS)
def test_big5_is_read_rightly_or_not_at_all(header: str) -> None:
    body = page("big5", TRADITIONAL).encode("big5")
    assert TRADITIONAL in decode_body(body, [("Content-Type", f"text/html; charset={header}")]).text


def test_big5_with_hong_kong_characters() -> None:
    text = TRADITIONAL + "嘅咗啲"
    assert text in decode_body(page("big5", text).encode("big5hkscs")).text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("header", ["", "utf-16", "utf-8", "gbk"])
def test_utf16_without_a_mark(encoding: str, header: str) -> None:
    body = page("utf-16").encode(encoding)
    assert RULE in decode_body(body, [("Content-Type", f"text/html; charset={header}")]).text


@pytest.mark.parametrize("header", ["hz-gb-2312", "utf-8", ""])
def test_hz(header: str) -> None:
    text = "<p>第一条</p><p>申请人应当提交材料</p><p>第二条</p>"
    assert (
        text
        in decode_body(page("hz", text).encode("hz"), [("Content-Type", f"text/html; charset={header}")]).text
    )


@pytest.mark.parametrize("text", ["~{", "路径 ~{用户}~ 和 ~{x~}", "cp ~{a,b}~ c", RULE + "~{abcd~}"])
def test_tildes_and_braces_are_no_shift(text: str) -> None:
    assert decode_body(text.encode()).text == text


def test_a_cut_gzip_body_is_not_half_a_rule() -> None:
    with pytest.raises(CutShort, match="没有传完"):
        decode_body(gzip.compress(RULE.encode())[:-20], [("Content-Encoding", "gzip")])


@pytest.mark.parametrize("times", [1, 3, 8])
def test_a_few_broken_bytes_do_not_lose_a_long_page(times: int) -> None:
    body = page("utf-8", RULE * 200).encode().replace("料".encode(), b"\xe6\x96", times)
    assert decode_body(body).text.count("\ufffd") == times


# --------------------------------------------------------------------------- mojibake


@pytest.mark.parametrize(
    "text",
    [
        RULE.encode().decode("gb18030", "replace"),
        RULE.encode().decode("gbk", "ignore"),
        RULE.encode("gbk").decode("latin-1"),
        RULE.encode("gbk").decode("cp1252", "replace"),
        RULE.encode().decode("latin-1"),
        RULE.encode().decode("cp1252", "ignore"),
        RULE.encode("gbk").decode("utf-8", "replace"),
        RULE.encode("gbk").decode("utf-8", "replace").encode().decode("gbk", "replace"),
        TRADITIONAL.encode("big5").decode("gb18030", "replace"),
        RULE.replace("许可", "\ufffd\ufffd").replace("材料", "\ufffd\ufffd"),
    ],
)
def test_mojibake_is_seen(text: str) -> None:
    assert mojibake(text)


@pytest.mark.parametrize(
    "text",
    [
        RULE,
        TRADITIONAL,
        "",
        "Article 1. Providers shall register.",
        "Les opérateurs déclarés à l’autorité doivent être agréés. " * 9,
        "□ 是 □ 否　√ × ①②③ ※ ★ " * 9,
        RULE * 9 + "\ufffd\ufffd",
        "\ue604 " + RULE,
        "表示“锟斤拷”是常见的乱码。" + RULE * 3,
    ],
)
def test_readable_text_is_left_alone(text: str) -> None:
    assert mojibake(text) == ""
