from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest

from kb.model import Passage, canonical_url, capture_id, instant, page_id


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://www.CAC.gov.cn/2023-07/13/c_1.htm#top", "https://www.cac.gov.cn/2023-07/13/c_1.htm"),
        (
            "https://developers.weixin.qq.com/x?random=0.3&docid=a",
            "https://developers.weixin.qq.com/x?docid=a",
        ),
        ("https://a.invalid", "https://a.invalid/"),
        (" https://a.invalid/附件.docx?fileName=清单&b= ", None),
    ],
)
def test_one_page_has_one_address(url: str, canonical: str | None) -> None:
    once = canonical_url(url)
    assert canonical is None or once == canonical
    assert canonical_url(once) == once


def test_ids_follow_content_and_instant_only() -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 24, 6, 10, tzinfo=beijing)
    page = page_id("cac.rules", "https://a.invalid/1#x")
    assert page == page_id("cac.rules", "https://a.invalid/1")
    assert page != page_id("cac.drafts", "https://a.invalid/1")
    assert instant(at) == "2026-11-23T22:10:00Z"
    assert capture_id(page, at, "d") == capture_id(page, at.astimezone(UTC), "d")


def test_a_passage_is_printed_with_its_number() -> None:
    assert Passage("第一条", "为了规范……", ordinal="第一条").printed == "第一条　为了规范……"
    assert Passage("第一章", "", ordinal="第一章").printed == "第一章"
    assert Passage("第1段", "正文").printed == "正文"


def test_addresses_escaped_in_the_sites_own_encoding_stay_apart() -> None:
    addresses = [
        f"https://a.invalid/d?filename={quote(name, encoding='gbk')}.doc&b"
        for name in ("附件二", "附件三", "公告")
    ]
    assert len({page_id("s", address) for address in addresses}) == 3
    assert canonical_url(addresses[0]) == addresses[0]
