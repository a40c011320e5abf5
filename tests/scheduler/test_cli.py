"""The verbs from a shell's side, over a real crawl of the sample web: every JSON line held against its schema."""

import json
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crawler.sample_web import SampleWeb, render_declarations
from kb.terminal import run
from scheduler.cli import zhengce
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.setup import email_channel
from scheduler.verbs import receive

Verb = Callable[..., list[dict[str, Any]]]


def test_changes_show_history_search(verb: Verb, crawled: Path) -> None:
    data = ("--data", str(crawled))
    (change,) = verb("changes", *data)
    assert change["confirmation"] == "provisional"
    assert change["licences"]
    assert verb("changes", *data, "--licence", change["licences"][0]) == [change]
    assert verb("changes", *data, "--since", "2099-01-01") == []
    (shown,) = verb("show", change["id"], *data)
    assert [(s["before"], s["after"]) for p in shown["passages"] for s in p["spans"]] == [
        ("十个工作日", "五个工作日")
    ]
    assert len(shown["captures"]) == 2
    for tag in shown["tags"]:
        assert tag["evidence"]
    first, second = verb("history", change["document"], *data)
    assert (first["kind"], second["kind"]) == ("first", "change")
    assert second["change"] == change["id"]
    assert verb("history", change["url"], *data) == [first, second]
    hits = verb("search", "更新备案信息", *data)
    assert change["document"] in {hit["document"] for hit in hits}
    for hit in hits:
        for start, end in hit["highlights"]:
            assert hit["snippet"][start:end] in "更新备案信息"


def test_status_verify_rebuild_backup(verb: Verb, crawled: Path, tmp_path: Path) -> None:
    data = ("--data", str(crawled))
    (status,) = verb("status", *data)
    assert status["provisional"] == 1
    assert status["incidents"] == []
    (verified,) = verb("verify", *data)
    assert verified["counts"]["differences"] == 0
    before = verb("changes", *data)
    verb("rebuild", *data)
    assert verb("changes", *data) == before
    verb("backup", str(tmp_path / "copy"), *data)
    assert verb("changes", "--data", str(tmp_path / "copy")) == before
    (verified,) = verb("verify", "--data", str(tmp_path / "copy"))
    assert verified["ok"]


def test_a_second_crawl_of_an_unchanged_day_finds_nothing(verb: Verb, crawled: Path) -> None:
    assert len(verb("changes", "--data", str(crawled))) == 1


def test_sources_and_their_schema(verb: Verb, crawled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = verb("sources", "list", "--data", str(crawled))
    states = {line["id"]: line["state"] for line in lines}
    assert states["sample.cac.rules"] == "watched"
    assert states["cac.rules"] == "untried"
    assert verb("sources", "check", "--data", str(crawled))[0]["ok"]
    assert verb("sources", "show", "cac.rules")[0]["publish"] == "full"
    with pytest.raises(SystemExit):
        run(zhengce, ["sources", "schema"])
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_replay_asks_one_origin_for_every_declared_host(verb: Verb, tmp_path: Path) -> None:
    with SampleWeb() as web:
        render_declarations(web.port, tmp_path / "declared")
        file = tmp_path / "declared" / "sample.cac.rules.toml"
        site = f"127.0.0.2:{web.port}"
        assert site in file.read_text("utf-8")
        origin = f"http://{site}"
        command = ["crawl", "sample.cac.rules", "--sources", str(tmp_path / "declared"), "--delay", "0"]
        (report,) = verb(*command, "--replay", origin, "--data", str(tmp_path / "data"))
        assert report["counts"]["kept"] > 5
        (refused,) = verb(*command, "--data", str(tmp_path / "live"), code=1)
        assert refused["problems"]
        (mixed,) = verb(*command, "--data", str(tmp_path / "data"), "--allow-address", "127.0.0.0/8", code=1)
        assert not mixed["ok"]


PAGE = """<html><head><meta charset="utf-8"><title>示例告知</title></head><body><div class="TRS_Editor">
<p>第一条　办理ICP备案应当提交材料。</p><p>第二条　审核期限为{days}。</p></div></body></html>"""


def test_import_of_a_folder_makes_history_and_is_idempotent(verb: Verb, tmp_path: Path) -> None:
    for stamp, days in (("2024-03-04T123033+0000", "二十个工作日"), ("2024-05-04T123033+0000", "十个工作日")):
        file = tmp_path / "saved" / "示例告知" / f"{stamp}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(days=days), "utf-8")
    data = ("--data", str(tmp_path / "data"))
    (report,) = verb("import", str(tmp_path / "saved"), *data)
    assert (report["counts"]["kept"], report["counts"]["versions"], report["counts"]["changes"]) == (2, 2, 1)
    (again,) = verb("import", str(tmp_path / "saved"), *data)
    assert (again["counts"]["kept"], again["counts"]["known"]) == (0, 2)
    (change,) = verb("changes", *data)
    assert (change["origin"], change["confirmation"]) == ("import", "confirmed")
    assert verb("verify", *data)[0]["ok"]


def test_import_reads_what_a_crawl_kept(verb: Verb, crawled: Path, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    (report,) = verb("import", str(crawled / "captures"), "--source", "sample.cac.rules", *data, code=2)
    assert "sample.cac.rules" in report["what"]
    declaration = crawled / "sources" / "sample.cac.rules.toml"
    (report,) = verb("import", str(crawled / "captures"), "--declaration", str(declaration), *data)
    assert report["counts"]["kept"] > 5
    assert verb("changes", *data)[0]["kind"] == "amended"


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "ch-nothing"],
        ["history", "pg-nothing"],
        ["changes", "--licence", "nothing"],
        ["changes", "--since", "yesterday"],
        ["crawl", "nothing"],
        ["import", "/nowhere"],
        ["sources", "show", "nothing"],
        ["licence", "nothing"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_what_to_do(verb: Verb, crawled: Path, arguments: list[str]) -> None:
    (line,) = verb(*arguments, "--data", str(crawled), code=2)
    assert line["what"]
    assert line["do"]


def test_init_subscribe_alerts(verb: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = ("--data", str(tmp_path / "data"))
    answers = ["--service", "AI绘画小程序", "--province", "广东", "--held", "ICP备案", "--at", "08:30"]
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["init", *data, *answers, "--to", "https://127.0.0.1:9/hook"])
    assert ended.value.code == 0, "the test cannot arrive there: that is a warning, make run goes on"
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["init", *data, *answers, "--to", "https://127.0.0.1:9/other"])
    assert ended.value.code == 2, "a second init replaces nothing unasked"
    verb("watch", "add", "示例星河", *data)
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["init", *data, *answers, "--to", "https://127.0.0.1:9/hook", "--replace"])
    assert ended.value.code == 0
    assert [line["watched_names"] for line in verb("subscribe", *data)] == [["示例星河"]]
    verb("subscribe", *data, "--source", "nope", "--to", "https://h.example.invalid/secret-token", code=2)
    named = verb("subscribe", *data, "--to", "https://h.example.invalid/secret-token")
    assert "h.example.invalid" in {line["name"] for line in named}
    assert "secret-token" not in json.dumps(named)
    (added,) = [line["id"] for line in named if line["name"] == "h.example.invalid"]
    verb("subscribe", *data, "--end", added)
    (subscription,) = verb("subscribe", *data)
    assert "icp-filing" in subscription["licences"]
    assert "wx-deep-synthesis" in subscription["licences"]
    assert verb("alerts", *data) == []
    verb("subscribe", *data, "--to", "ops@example.invalid", "--licence", "文网文", "--name", "第二个")
    assert len(verb("subscribe", *data)) == 2
    assert len(verb("subscribe", *data, "--end", "sub-main")) == 1
    for wrong in (
        ["--to", "nobody"],
        ["--to", "http://h.example.invalid/x"],
        ["--to", "a@b.invalid", "--licence", "驾照"],
    ):
        verb("subscribe", *data, *wrong, code=2)
    verb("alerts", *data, "--assess", "applies", code=2)


def test_a_colleague_is_written_to_from_the_first_mailbox(verb: Verb, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    first = ["--smtp", "mail.example.invalid:587", "--from", "watch@example.invalid", "--user", "watch"]
    verb("subscribe", *data, "--to", "me@example.invalid", *first, "--password-ref", "env:OURS")
    verb("subscribe", *data, "--to", "colleague@other.invalid")
    with Ops(tmp_path / "data" / "ops.db") as ops:
        mine, theirs = sorted(
            (each for each in map(ops.channel, ops.channels()) if isinstance(each, EmailSettings)),
            key=lambda each: each.to,
            reverse=True,
        )
    assert (mine.host, mine.port, mine.security) == ("mail.example.invalid", 587, "starttls")
    assert theirs.to == "colleague@other.invalid"
    for field in ("host", "port", "security", "sender", "username", "password"):
        assert getattr(theirs, field) == getattr(mine, field)


@pytest.mark.parametrize("arguments", [["subscribe"], ["alerts"], ["changes"], ["licence"], ["status"]])
def test_asking_makes_nothing(tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with pytest.raises(SystemExit):
        run(zhengce, [*arguments, "--data", str(folder)])
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "answer", "said"),
    [
        ("--province", "加州", "没有这个省份"),
        ("--at", "8点", "请写成 HH:MM"),
        ("--held", "驾照", "没有这个资质事项"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, answer: str, said: str
) -> None:
    answers = {
        "--service": "x",
        "--province": "全国",
        "--held": "",
        "--to": "a@b.example.invalid",
        "--at": "08:30",
    }
    given = [part for pair in {**answers, option: answer}.items() for part in pair]
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["init", "--data", str(tmp_path / "data"), *given])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_person_is_asked_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers = iter(["25:00", "07:15"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(answers))
    assert receive._ask("几点", None, receive.clock_time) == "07:15"
    assert "不是时刻：25:00" in capsys.readouterr().err


def test_provinces_may_be_written_in_full() -> None:
    assert [receive.province_named(name) for name in ("浙江省", "内蒙古自治区", "新疆维吾尔自治区", "")] == [
        "浙江",
        "内蒙古",
        "新疆",
        "全国",
    ]


def test_what_was_decided_is_confirmed_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    with Ops(tmp_path / "ops.db") as ops, ops.transaction() as db:
        db.execute(
            "INSERT INTO alerts (id, kind, about, subscription, created_at, subject, body, short, facts)"
            " VALUES ('al-1', 'change', 'ch-1', 'sub-main', ?, '题', '信', '短', '{}')",
            (now.isoformat(),),
        )
    for words, said in (("不适用", "已记下"), (None, "不适用")):
        arguments = ["alerts", "al-1", "--data", str(tmp_path), *(["--assess", words] if words else [])]
        with pytest.raises(SystemExit) as ended:
            run(zhengce, arguments)
        assert ended.value.code == 0
        printed = capsys.readouterr()
        assert said in printed.out + printed.err


def test_a_port_that_is_taken_is_said_before_any_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for folder, said in ((tmp_path, "端口已被占用"), (tmp_path / "nosuch", "没有这个数据目录")):
            with pytest.raises(SystemExit) as ended:
                run(zhengce, ["serve", "--data", str(folder), "--port", str(taken.getsockname()[1])])
            printed = capsys.readouterr()
            assert (ended.value.code, printed.out) == (2, "")
            assert said in printed.err


def test_counts_are_said_in_chinese(crawled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(zhengce, ["verify", "--data", str(crawled)])
    said = capsys.readouterr().out
    assert "留存" in said
    assert not re.search("[a-z]{3}", said)


def amended_notice(verb: Verb, tmp_path: Path, *days: str) -> tuple[str, str]:
    """A notice that was saved once a month, each time with another number of days; gives the option that names the data."""
    for month, number in enumerate(days, start=3):
        file = tmp_path / "saved" / "示例告知" / f"2024-{month:02}-04T123033+0000.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(PAGE.format(days=f"{number}个工作日"), "utf-8")
    data = ("--data", str(tmp_path / "data"))
    verb("import", str(tmp_path / "saved"), *data)
    return data


def test_review_says_when_there_is_more(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = amended_notice(verb, tmp_path, "二十", "十", "五")
    for limit, more in (("1", True), ("50", False)):
        with pytest.raises(SystemExit):
            run(zhengce, ["review", "--limit", limit, *data])
        assert ("只列出前" in capsys.readouterr().out) is more


def test_review_lists_unsure_tags_and_writes_down_what_a_person_says(
    verb: Verb, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = amended_notice(verb, tmp_path, "二十", "十")
    (change,) = verb("changes", *data)
    doubts = verb("review", *data)
    assert [
        (d["id"], d["tag"]["licence"], d["tag"]["evidence"]) for d in doubts if d["target"] == "change"
    ] == [(change["id"], "icp-filing", "ICP备案")]
    with pytest.raises(SystemExit):
        run(zhengce, ["review", *data])
    assert f"zhengce review {change['id']} accept|reject icp-filing" in capsys.readouterr().out
    (said,) = verb("review", change["id"], "accept", "ICP备案", "--who", "王", *data)
    assert (said["kind"], said["subject"], said["said"]) == ("tag_accepted", change["id"], "icp-filing")
    assert [d for d in verb("review", *data) if d["target"] == "change"] == []
    verb("review", change["id"], "add", "payment-license", *data)
    (shown,) = verb("show", change["id"], *data)
    assert {tag["licence"]: tag["confidence"] for tag in shown["tags"]} == {
        "icp-filing": "high",
        "payment-license": "high",
    }
    assert "王" not in (tmp_path / "data" / "kb.db").read_bytes().decode("utf-8", "ignore")
    assert verb("retag", "--dry-run", *data) == verb("retag", *data) == []
    verb("review", change["id"], *data, code=2)
    verb("review", "ch-nothing", "add", "ICP备案", *data, code=2)
    assert verb("verify", *data)[0]["ok"]


LIST = """<html><head><meta charset="utf-8"><title>示例算法备案清单</title></head><body><div class="TRS_Editor">
<p>现将示例算法备案信息予以公告，任何单位和个人如有疑议请提出书面意见。</p><table>
<tr><th>序号</th><th>算法名称</th><th>主体名称</th><th>备案编号</th></tr>
<tr><td>1</td><td>示例星河大模型算法</td><td>杭州示例科技有限公司</td><td>网信算备330100000000101240011号</td></tr>
</table></div></body></html>"""


def test_watched_names_are_kept_and_found_in_the_lists_we_hold(verb: Verb, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "2024-03-04 示例算法备案清单.html").write_text(LIST, "utf-8")
    data = ("--data", str(tmp_path / "data"))
    verb("import", str(tmp_path / "saved"), *data)
    verb("watch", "add", "星河", *data, code=2)
    with Ops(tmp_path / "data" / "ops.db") as ops:
        ops.put_subscription(Subscription(id="sub-1", name="主站"), now=datetime(2024, 3, 1, tzinfo=UTC))
    (added,) = verb("watch", "add", "示例 星河", *data)
    (row,) = added["rows"]
    assert (row["number"], row["withdrawn"], row["exact"]) == (
        "网信算备330100000000101240011号",
        False,
        False,
    )
    verb("watch", "add", "示例星河", *data)
    assert [line["name"] for line in verb("watch", "list", *data)] == ["示例 星河"]
    (nowhere,) = verb("watch", "add", "示例朝阳", *data)
    assert nowhere["rows"] == []
    (removed,) = verb("watch", "remove", "（示例星河）", *data)
    assert not removed["watched"]
    assert [line["name"] for line in verb("watch", "list", *data)] == ["示例朝阳"]
    verb("watch", "remove", "没有的", *data, code=2)
    verb("watch", "add", "甲", *data, code=2)
    verb("watch", "add", "甲" * 101, *data, code=2)


def test_a_missed_rule_is_imported_explained_and_told(verb: Verb, tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_text(PAGE.format(days="十个工作日"), "utf-8")
    data = ("--data", str(tmp_path / "data"))
    url = "https://wenlv.example.invalid/tz/1.html"
    verb("missed", url, *data, code=2)
    with Ops(tmp_path / "data" / "ops.db") as ops:
        ops.put_channel(
            email_channel(to="a@b.invalid", sender="a@b.invalid", host="b.invalid"),
            now=datetime(2024, 3, 1, tzinfo=UTC),
            channel="cn-1",
        )
        ops.put_subscription(
            Subscription(id="sub-1", name="主站", channels=("cn-1",)), now=datetime(2024, 3, 1, tzinfo=UTC)
        )
    (refused,) = verb("missed", url, "--file", str(saved), *data, code=2)
    assert ("没有来源声明网站" in refused["what"], "--yes" in refused["do"]) == (True, True)
    assert verb("alerts", *data) == []
    (done,) = verb("missed", url, "--file", str(saved), "--yes", *data)
    assert (done["title"], done["reason"], done["alerts"]) == ("示例告知", "not_declared", 1)
    (alert,) = verb("alerts", *data)
    assert (alert["kind"], alert["state"]) == ("late_notice", "pending")
    verb("alerts", alert["id"], "--assess", "误报", *data)
    assert verb("alerts", *data)[0]["state"] == "held"
    (again,) = verb("missed", url, *data)
    assert (again["document"], again["alerts"]) == (done["document"], 0)
    assert verb("verify", *data)[0]["ok"]
