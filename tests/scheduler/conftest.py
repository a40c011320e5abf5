"""Facts to decide from: one change of a fictional rule, as the knowledge base would tell it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crawler.sample_web import SampleWeb, render_declarations
from kb.codes import ChangeKind, Confirmation, DeltaKind, Health, Op, Origin, Significance, SourceLevel
from kb.model import LicenceTag, ObligationDelta, PassageChange, Span
from kb.terminal import run
from scheduler import processes
from scheduler.alerts.message import Letterhead
from scheduler.cli import zhengce
from scheduler.facts import ChangeFacts, IncidentFacts
from scheduler.ops import Ops, Subscription
from tests.scheduler.fake_crawler import FAKE

NAMES = {
    "algorithm-filing": "算法备案",
    "deep-synthesis-filing": "深度合成算法备案",
    "icp-license": "ICP许可",
}
BEFORE = "第二十三条　备案信息有变化的，备案主体应当自变化之日起十个工作日内更新备案信息。"
AFTER = "第二十四条　备案信息有变化的，备案主体应当自变化之日起五个工作日内更新备案信息。"


def amended() -> PassageChange:
    a, b = BEFORE.index("十个工作日"), AFTER.index("五个工作日")
    return PassageChange(
        Op.AMENDED,
        Significance.SUBSTANTIVE,
        "第四章/第二十三条",
        "第四章/第二十四条",
        BEFORE,
        AFTER,
        (Span("replace", a, a + 1, b, b + 1, "十", "五"),),
        (ObligationDelta(DeltaKind.DEADLINE, "十个工作日", "五个工作日"),),
    )


def renumbered(number: str, old: str) -> PassageChange:
    return PassageChange(
        Op.RENUMBERED,
        Significance.EDITORIAL,
        f"第四章/{old}",
        f"第四章/{number}",
        f"{old}　甲。",
        f"{number}　甲。",
    )


def added() -> PassageChange:
    return PassageChange(
        Op.ADDED, Significance.SUBSTANTIVE, "", "第二章/第九条", "", "第九条　备案主体应当每年报送年度报告。"
    )


def tag(licence: str) -> LicenceTag:
    return LicenceTag(
        licence, "strong", "更新备案信息", "第四章/第二十四条", 0, 6, "所在章题“第四章 算法备案”"
    )


@pytest.fixture
def make_change() -> Callable[..., ChangeFacts]:
    def make(**values: Any) -> ChangeFacts:
        return ChangeFacts(
            **{
                "id": "ch-4f1a09000000",
                "page": "pg-000000000001",
                "url": "https://wangxin.example.invalid/2026-11/23/c_0001.htm",
                "source": "sample.cac.rules",
                "source_title": "示例网信办·规章",
                "authority": "示例网信办",
                "level": SourceLevel.REGULATOR,
                "title": "示例算法备案管理办法",
                "kind": ChangeKind.AMENDED,
                "significance": Significance.SUBSTANTIVE,
                "confirmation": Confirmation.CONFIRMED,
                "origin": Origin.LIVE,
                "headline": "第二十四条：“十个工作日”改为“五个工作日”",
                "old_seen": datetime(2026, 11, 22, 22, 10, tzinfo=UTC),
                "new_seen": datetime(2026, 11, 23, 22, 12, tzinfo=UTC),
                "confirmed_at": datetime(2026, 11, 23, 22, 43, tzinfo=UTC),
                "doc_number": "示例网信办令第3号",
                "passages": (
                    amended(),
                    added(),
                    renumbered("第十条", "第九条"),
                    renumbered("第十一条", "第十条"),
                ),
                "tags": (tag("algorithm-filing"), tag("deep-synthesis-filing")),
                "effective": date(2027, 1, 1),
                "capture_before": "ca-000000000001",
                "capture_after": "ca-91be77000000",
                "digest_after": "3b1f" + "0" * 60,
                **values,
            }
        )

    return make


@pytest.fixture
def make_incident() -> Callable[..., IncidentFacts]:
    def make(**values: Any) -> IncidentFacts:
        return IncidentFacts(
            **{
                "id": "in-20c100000000",
                "source": "sample.ca.notices",
                "source_title": "示例通信管理局·通知公告",
                "url": "https://ca.example.invalid/tzgg/",
                "health": Health.CHALLENGE,
                "reason": "HTTP 412，正文 318 字节，含验证脚本",
                "opened_at": datetime(2026, 11, 2, 22, 20, tzinfo=UTC),
                "last_at": datetime(2026, 11, 3, 4, 20, tzinfo=UTC),
                "times": 2,
                "last_good_at": datetime(2026, 11, 1, 22, 18, tzinfo=UTC),
                "last_good_capture": "ca-77aa01000000",
                "licences": ("icp-license",),
                **values,
            }
        )

    return make


@pytest.fixture
def head() -> Letterhead:
    return Letterhead(
        "http://127.0.0.1:8001", False, datetime(2026, 11, 23, 22, 43, tzinfo=UTC), lambda x: NAMES.get(x, x)
    )


@pytest.fixture
def subscription() -> Subscription:
    return Subscription(
        id="sub-0001",
        name="主站-AI生图",
        licences=("algorithm-filing",),
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


@pytest.fixture
def ops(tmp_path: Path) -> Iterator[Ops]:
    with Ops(tmp_path / "ops.db") as opened:
        yield opened


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A crawler that notes its job, and dies when its source is called broken or killed."""
    package, notes = tmp_path / "packages" / "crawler", tmp_path / "notes"
    package.mkdir(parents=True)
    notes.mkdir()
    (package / "__init__.py").touch()
    (package / "run.py").write_text(FAKE.format(folder=str(notes), pause=0.3))
    monkeypatch.setattr(processes, "PACKAGES", package.parent)
    return notes


# --------------------------------------------------------------------------- verbs, from a shell's side

SCHEMAS = {
    schema["properties"]["schema"]["const"]: schema
    for schema in (
        json.loads(file.read_text("utf-8"))
        for file in (Path(__file__).resolve().parents[2] / "docs" / "schemas").glob("*.json")
    )
}


@pytest.fixture
def verb(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:
    """A verb with ``--json``: its lines, each as its schema says."""

    def call(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, [*arguments, "--json"])
        said = capsys.readouterr()
        assert ended.value.code == code, said.err
        assert "Traceback" not in said.err
        lines = [json.loads(line) for line in said.out.splitlines()]
        for line in lines:
            jsonschema.validate(line, SCHEMAS[line["schema"]])
        return lines

    return call


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """A verb as a person sees it: both streams."""

    def call(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, list(arguments))
        text = capsys.readouterr()
        assert ended.value.code == code, text.err
        return text.out + text.err

    return call


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory that saw one sample source on its first two days."""
    folder = tmp_path_factory.mktemp("line")
    with SampleWeb() as web:
        render_declarations(web.port, folder / "declared")
        for day in (1, 2):
            web.day = day
            command = ["crawl", "sample.cac.rules", "--data", str(folder / "data"), "--delay", "0"]
            command += ["--sources", str(folder / "declared"), "--allow-address", "127.0.0.0/8"]
            with pytest.raises(SystemExit) as ended:
                run(zhengce, command)
            assert ended.value.code == 0
        yield folder / "data"
