"""What a run leaves behind: records before lines, full records only when needed, nothing appended after a crash."""

import dataclasses
import gzip
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from kb.archive import (
    CaptureWriter,
    Failed,
    Heads,
    ListedItem,
    RunFinished,
    RunStarted,
    Seen,
    read_record,
    read_run_log,
)
from kb.codes import Health, Origin, PageRole
from kb.errors import MixedOrigins, RunLogError, TornRecord
from kb.model import Capture

DAY_1 = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
URL = "https://example.gov.cn/zcfg/1.html"
RULES = "d" * 64


def capture(
    body: bytes = b"<p>\xe4\xb8\x80</p>", *, at: datetime = DAY_1, url: str = URL, **other: object
) -> Capture:
    values: dict[str, object] = {
        "source": "s",
        "url": url,
        "fetched_at": at,
        "status": 200,
        "headers": (("Content-Type", "text/html"), ("ETag", '"1"'), ("X-Odd", "\xe4\xb8\x80")),
        "body": body,
    }
    return Capture(**{**values, **other})  # type: ignore[arg-type]


def writer(
    captures: Path, *, at: datetime = DAY_1, origin: Origin = Origin.LIVE, rules: str = RULES
) -> CaptureWriter:
    return CaptureWriter(captures, source="s", origin=origin, started_at=at, declaration_digest=rules)


def log_of(captures: Path, run: str) -> list[object]:
    return [event for _, event in read_run_log(captures / "s" / f"{run}.jsonl")]


def test_a_capture_comes_back_as_it_came_over_the_wire(tmp_path: Path) -> None:
    body = gzip.compress("第二十四条".encode(), mtime=0)
    sent = capture(
        body,
        headers=(
            ("Content-Type", "text/html"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(body))),
        ),
    )
    with writer(tmp_path) as run:
        seen = run.seen(sent, fingerprint="f1")
    assert seen.record is not None
    assert read_record(tmp_path / "s", seen.record, source="s") == sent
    assert seen.capture == sent.capture_id


def test_any_warc_reader_opens_the_file_and_finds_the_wire_bytes(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(b"one"), fingerprint="a")
        run.seen(capture(b"two", url=URL + "?2"), fingerprint="b")
    with (tmp_path / "s" / f"{run.run}.warc.gz").open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.protocol, r.content_stream().read())
            for r in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "response"]
    assert {protocol for _, protocol, _ in records} == {"WARC/1.1"}
    assert [body for _, _, body in records[1:]] == [b"one", b"two"]


def test_headers_that_are_not_ascii_are_kept_byte_for_byte(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(), fingerprint="f")
    raw = (tmp_path / "s" / f"{run.run}.warc.gz").read_bytes()
    assert "X-Odd: 一\r\n".encode() in gzip.decompress(raw)


@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_torn_record_is_detected_by_length_and_digest(tmp_path: Path, damage: str) -> None:
    with writer(tmp_path) as run:
        seen = run.seen(capture(os.urandom(20_000)), fingerprint="f")
    assert seen.record is not None
    file = tmp_path / "s" / seen.record.file
    data = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(data[:-5_000])
    elif damage == "flip":
        data[-100] ^= 1
        file.write_bytes(data)
    else:
        file.unlink()
    with pytest.raises(TornRecord):
        read_record(tmp_path / "s", seen.record, source="s")


def test_a_record_reference_cannot_leave_its_folder(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        seen = run.seen(capture(), fingerprint="f")
    assert seen.record is not None
    with pytest.raises(TornRecord):
        read_record(
            tmp_path / "s", dataclasses.replace(seen.record, file="../s/" + seen.record.file), source="s"
        )


def test_an_unchanged_page_is_a_line_that_refers_to_its_full_capture(tmp_path: Path) -> None:
    with writer(tmp_path) as first:
        kept = first.seen(capture(b"noise 1"), fingerprint="same")
        first.finished(DAY_1)
    later = DAY_1 + timedelta(days=1)
    with writer(tmp_path, at=later) as second:
        seen = second.seen(capture(b"noise 2", at=later), fingerprint="same")
        second.finished(later)
    assert seen.record is None
    assert seen.capture == kept.capture
    assert seen.body_digest != kept.body_digest
    assert not (tmp_path / "s" / f"{second.run}.warc.gz").exists()
    assert second.counts == {"requested": 1, "kept": 0, "unchanged": 1, "not_modified": 0, "failed": 0}


@pytest.mark.parametrize(
    "difference",
    [
        {"fingerprint": "other"},
        {"status": 404},
        {"headers": (("Content-Type", "text/plain"),)},
        {"rules": "e" * 64},
        {"days": 31},
    ],
    ids=str,
)
def test_what_makes_a_full_record(tmp_path: Path, difference: dict[str, object]) -> None:
    with writer(tmp_path) as first:
        first.seen(capture(), fingerprint="same")
        first.finished(DAY_1)
    later = DAY_1 + timedelta(days=int(str(difference.pop("days", 1))))
    rules, fingerprint = str(difference.pop("rules", RULES)), str(difference.pop("fingerprint", "same"))
    with writer(tmp_path, at=later, rules=rules) as second:
        assert second.seen(capture(at=later, **difference), fingerprint=fingerprint).record is not None


def test_without_fingerprint_the_body_decides(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        assert run.seen(capture(b"%PDF 1")).record is not None
        assert run.seen(capture(b"%PDF 1")).record is None
        assert run.seen(capture(b"%PDF 2")).record is not None


def test_a_changed_declaration_or_a_month_forbids_validators(tmp_path: Path) -> None:
    with writer(tmp_path) as first:
        first.seen(capture(), fingerprint="f")
        first.finished(DAY_1)
    assert writer(tmp_path, at=DAY_1 + timedelta(days=1)).usable_head(URL) is not None
    assert writer(tmp_path, at=DAY_1 + timedelta(days=31)).usable_head(URL) is None
    assert writer(tmp_path, at=DAY_1 + timedelta(days=1), rules="e" * 64).usable_head(URL) is None


def test_not_modified_refers_to_the_head(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        kept = run.seen(capture(), fingerprint="f", parent="pg-1", title="标题")
        head = run.usable_head(URL)
        assert head is not None
        assert head.etag == '"1"'
        seen = run.not_modified(head, DAY_1 + timedelta(hours=1))
    assert (seen.status, seen.capture, seen.fingerprint, seen.parent) == (304, kept.capture, "f", "pg-1")


def test_the_log_tells_the_whole_run(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(role=PageRole.LIST), fingerprint="f", items=(ListedItem(URL, "办法", "2026-11-20"),))
        run.seen(capture(b"x", role=PageRole.LIST, url=URL + "?p=2"), fingerprint="g", items=())
        run.failed(
            URL + "?3", PageRole.DOCUMENT, DAY_1, health=Health.UNREACHABLE, reason="连接超时", transient=True
        )
        run.finished(DAY_1)
    started, listing, empty, failed, finished = log_of(tmp_path, run.run)
    assert isinstance(started, RunStarted)
    assert isinstance(listing, Seen)
    assert listing.items == (ListedItem(URL, "办法", "2026-11-20"),)
    assert isinstance(empty, Seen)
    assert empty.items == ()
    assert isinstance(failed, Failed)
    assert failed.health is Health.UNREACHABLE
    assert isinstance(finished, RunFinished)
    assert (finished.status, finished.counts["failed"]) == ("partial", 1)


def test_a_run_name_that_exists_gets_a_suffix(tmp_path: Path) -> None:
    with writer(tmp_path) as first, writer(tmp_path) as second:
        assert second.run == first.run + "-02"


def test_heads_are_rebuilt_from_the_logs(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(), fingerprint="f", title="标题")
        run.seen(capture(b"noise", at=DAY_1 + timedelta(minutes=1)), fingerprint="f")
        run.finished(DAY_1)
    cached = list(Heads.load(tmp_path / "s", "s"))
    (tmp_path / "s" / "heads").unlink()
    assert list(Heads.load(tmp_path / "s", "s")) == cached
    assert cached[0].etag == '"1"'


def test_heads_learn_from_a_log_newer_than_the_cache(tmp_path: Path) -> None:
    with writer(tmp_path) as first:
        first.seen(capture(), fingerprint="f")
        first.finished(DAY_1)
    later = DAY_1 + timedelta(days=1)
    with writer(tmp_path, at=later) as crashed:
        crashed.seen(capture(b"new", at=later), fingerprint="g")  # and no end: the heads were not saved
    head = Heads.load(tmp_path / "s", "s").get(URL)
    assert head is not None
    assert head.fingerprint == "g"


def test_a_damaged_heads_file_is_rebuilt(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(), fingerprint="f")
        run.finished(DAY_1)
    (tmp_path / "s" / "heads").write_text('{"format": 1, "log": ')
    assert Heads.load(tmp_path / "s", "s").get(URL) is not None


def test_a_torn_record_forces_a_full_capture(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        seen = run.seen(capture(), fingerprint="f")
    assert seen.record is not None
    file = tmp_path / "s" / seen.record.file
    file.write_bytes(file.read_bytes()[:-3])
    with writer(tmp_path, at=DAY_1 + timedelta(days=1)) as run:
        assert run.usable_head(URL) is None
        assert run.seen(capture(at=DAY_1 + timedelta(days=1)), fingerprint="f").record is not None


def test_an_older_import_does_not_move_the_head(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(b"new"), fingerprint="new")
        run.finished(DAY_1)
    with writer(tmp_path, at=DAY_1 + timedelta(days=1), origin=Origin.IMPORT) as run:
        old = run.seen(capture(b"new", at=DAY_1 - timedelta(days=9)), fingerprint="new")
        assert old.record is not None
        head = run.heads.get(URL)
    assert head is not None
    assert head.kept_at == "2026-11-20T06:00:00Z"


@pytest.mark.parametrize("pair", [(Origin.LIVE, Origin.REPLAY), (Origin.REPLAY, Origin.LIVE)], ids=str)
def test_replayed_and_live_captures_do_not_mix(tmp_path: Path, pair: tuple[Origin, Origin]) -> None:
    writer(tmp_path, origin=pair[0]).close()
    with pytest.raises(MixedOrigins):
        CaptureWriter(tmp_path, source="other", origin=pair[1], started_at=DAY_1, declaration_digest=RULES)
    writer(tmp_path, origin=Origin.IMPORT).close()


def test_a_line_torn_by_a_crash_is_left_out_and_one_in_the_middle_is_an_error(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(), fingerprint="f")
    log = tmp_path / "s" / f"{run.run}.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole[:-7])
    assert len(log_of(tmp_path, run.run)) == 1
    log.write_bytes(whole[:20] + b"\xff\n" + whole[20:])
    with pytest.raises(RunLogError):
        log_of(tmp_path, run.run)


CRASH = """
import sys, itertools
from datetime import UTC, datetime
from pathlib import Path
from kb.archive import CaptureWriter
from kb.codes import Origin
from kb.model import Capture
at = datetime(2026, 11, 20, tzinfo=UTC)
writer = CaptureWriter(Path(sys.argv[1]), source="s", origin=Origin.LIVE, started_at=at, declaration_digest="d")
for n in itertools.count():
    writer.seen(Capture("s", f"https://e.cn/{n}", at, 200, (), b"%d" % n * 500), fingerprint=str(n))
    if n == 20:
        print("go", flush=True)
"""


def test_kill_9_in_mid_run_leaves_every_line_with_its_record(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", CRASH, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (log,) = (tmp_path / "s").glob("*.jsonl")
    seen = [event for _, event in read_run_log(log) if isinstance(event, Seen)]
    assert len(seen) >= 20
    for event in seen:
        assert event.record is not None
        assert read_record(tmp_path / "s", event.record, source="s").url == event.url
    assert len(Heads.load(tmp_path / "s", "s")) == len(seen)


def test_a_page_that_was_named_and_never_answered_stays_known(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.failed(
            URL + ".docx",
            PageRole.ATTACHMENT,
            DAY_1,
            health=Health.UNREACHABLE,
            reason="连接超时",
            transient=True,
            parent="pg-1",
            title="附件1",
        )
    head = Heads.load(tmp_path / "s", "s").get(URL + ".docx")
    assert head is not None
    assert (head.role, head.parent, head.title, head.status) == (PageRole.ATTACHMENT, "pg-1", "附件1", 0)
    with writer(tmp_path, at=DAY_1 + timedelta(days=1)) as run:
        assert run.usable_head(URL + ".docx") is None
        seen = run.seen(capture(url=URL + ".docx", at=DAY_1 + timedelta(days=1), role=PageRole.ATTACHMENT))
    assert seen.record is not None
    assert (seen.parent, seen.title) == ("pg-1", "附件1")


def test_heads_learn_no_validators_from_a_capture_that_is_older_than_the_head(tmp_path: Path) -> None:
    with writer(tmp_path) as run:
        run.seen(capture(b"new"), fingerprint="new")
        run.finished(DAY_1)
    with writer(tmp_path, at=DAY_1 + timedelta(days=1), origin=Origin.IMPORT) as run:
        run.keep(
            capture(b"old", at=DAY_1 - timedelta(days=9), headers=(("ETag", '"old"'),)), fingerprint="old"
        )
        run.finished(DAY_1 + timedelta(days=1))
    (tmp_path / "s" / "heads").unlink()
    head = Heads.load(tmp_path / "s", "s").get(URL)
    assert head is not None
    assert (head.fingerprint, head.etag) == ("new", '"1"')


def test_a_crashed_run_of_the_same_second_is_applied_after_the_one_before_it(tmp_path: Path) -> None:
    with writer(tmp_path) as first:
        first.seen(capture(b"one"), fingerprint="one")
        first.finished(DAY_1)
    with writer(tmp_path) as crashed:
        crashed.seen(capture(b"two"), fingerprint="two")
    for _ in range(2):
        head = Heads.load(tmp_path / "s", "s").get(URL)
        assert head is not None
        assert head.fingerprint == "two"
        (tmp_path / "s" / "heads").unlink(missing_ok=True)
