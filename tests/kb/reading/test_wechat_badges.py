"""Community pages of an unknown theme: the badged reply is read, or the reading says that it was not."""

from pathlib import Path

from kb.codes import BlockKind, Health
from kb.model import Reading
from kb.reading.page import read_page
from kb.sources import load_declaration

ASKED = "我们的小程序提交类目时提示要许可证，请问备案完成之后还需要另外准备哪些材料，审核一直被驳回，不知道怎么处理。"
SAID = "您好，该类目需要提供主管部门核发的许可证，个人主体不支持选择，请更换为企业主体后重新提交。"
OTHER = "我也遇到一样的问题了，楼主后来解决了没有，能不能说一下具体怎么弄的呀。"
COMMUNITY = Path("crawler/sources/wechat.community.toml")


def read(answers: str, declaration: Path | None = None) -> Reading:
    text = (
        "<!DOCTYPE html><html><head><title>类目怎么选 | 微信开放社区</title></head><body><div class=ask>"
        f"<h1>提交类目要哪些材料</h1><div class=nick>小明</div><div class=words>{ASKED}</div></div>{answers}</body></html>"
    )
    source = load_declaration(declaration) if declaration else None
    return read_page(text.encode(), url="https://developers.example.com/1", source=source)


def answer(name: str, said: str, badge: str = "") -> str:
    mark = f"<span class=mk>{badge}</span>" if badge else ""
    return f"<div class='ans one'><div class=who><b>{name}</b>{mark}</div><div class=what>{said}</div></div>"


def test_the_badged_answer_is_a_reply_and_nobody_elses_words_stay() -> None:
    reading = read(f"<div class=all>{answer('路人', OTHER)}{answer('阿木', SAID, '官方')}</div>")
    assert reading.document is not None
    assert [block.text for block in reading.document.blocks if block.kind is BlockKind.REPLY] == [SAID]
    assert ASKED in reading.document.text
    assert not any(word in reading.document.text for word in ("路人", "阿木", OTHER))
    assert reading.reasons == ()


def test_an_answer_without_a_badge_is_no_reply() -> None:
    document = read(f"<div class=all>{answer('官方小助手', SAID)}</div>").document
    assert document is not None
    assert not [block for block in document.blocks if block.kind is BlockKind.REPLY]


def test_a_badge_whose_reply_is_not_found_is_told() -> None:
    reading = read("<div class=all><div class=ans><span class=mk>官方</span></div></div>")
    assert reading.health is Health.OK
    assert reading.reasons == ("页面上标有官方回复，没有读出，请看原页",)


def test_a_declared_page_that_still_speaks_is_rebuilt_and_no_shell() -> None:
    assert read(answer("阿木", SAID, "官方"), COMMUNITY).health is Health.BODY_GONE
