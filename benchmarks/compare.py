"""Comparing two documents of 5,000 passages, with and without renumbering, beside what the same lines cost others, in one run.

CPU milliseconds, the best of five; the texts are made here. The others compare lines and know nothing of articles, rows,
significance or points: what they print is not the same work, and the ratio says what the difference costs.

Then texts made to be slow, each compared once in a process of its own: CPU seconds and the peak of memory above what the two
documents themselves take.
"""

from __future__ import annotations

import difflib
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from random import Random
from time import process_time

from rapidfuzz.distance import Indel

from kb.changing.align import align
from kb.changing.compare import compare
from kb.changing.passages import split_passages
from kb.codes import BlockKind
from kb.model import Block, Cell, Document

PASSAGES, EDITS, ROUNDS = 5000, 60, 5
LINE, ROWS = 5_000_000 // 3, 100_000  # characters of three bytes each; rows and articles
CLAUSES = (
    "申请人应当向所在地电信主管部门提交材料", "平台应当在显著位置公示许可证编号", "备案主体应当自变化之日起十个工作日内更新备案信息",
    "主管部门应当自受理之日起二十日内作出决定", "任何单位和个人不得转让许可证", "有效期届满前九十日可以申请延续",
    "服务提供者应当建立健全投诉举报机制", "网络日志保存期限不少于六个月", "违反规定的由主管部门责令改正", "用户可以要求更正或者删除个人信息",
)  # fmt: skip
ADDED = "，但是法律、行政法规另有规定的除外"


def _lines(random: Random) -> list[str]:
    return [f"{'，'.join(random.sample(CLAUSES, 3))}，编号{n}。" for n in range(PASSAGES)]


def _edited(lines: Sequence[str], random: Random) -> list[str]:
    found = list(lines)
    for place in random.sample(range(PASSAGES), EDITS):
        found[place] = found[place].replace("。", f"{ADDED}。")
    return found


def _numbered(lines: Sequence[str]) -> list[str]:
    return [f"第{n + 1}条　{line}" for n, line in enumerate(lines)]


def _bare(lines: Sequence[str]) -> list[str]:
    return [line.partition("　")[2] for line in lines]


def _document(lines: Sequence[str]) -> Document:
    return Document("示例办法", tuple(Block(BlockKind.PARAGRAPH, line) for line in lines))


def _two_levels(before: Sequence[str], after: Sequence[str]) -> int:
    """rapidfuzz on lines, then on the characters of each replaced block; edited characters."""
    edited = 0
    for tag, i0, i1, j0, j1 in Indel.opcodes(before, after):
        if tag != "equal":
            edited += len(Indel.editops("\n".join(before[i0:i1]), "\n".join(after[j0:j1])))
    return edited


def _difflib(before: Sequence[str], after: Sequence[str]) -> int:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return sum(1 for op in matcher.get_opcodes() if op[0] != "equal")


def _best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    spent = []
    for _ in range(rounds):
        started = process_time()
        work()
        spent.append(1000 * (process_time() - started))
    return min(spent)


def _measure(name: str, before: list[str], after: list[str]) -> None:
    old, new = _document(before), _document(after)
    passages = split_passages(old), split_passages(new)
    whole = _best(lambda: compare(old, new))
    steps = {
        "证策 compare": whole,
        "　其中 split_passages（两份）": _best(lambda: (split_passages(old), split_passages(new))),
        "　其中 align": _best(lambda: align(*passages)),
        "rapidfuzz 行（不看行内）": _best(lambda: Indel.opcodes(before, after)),
        "rapidfuzz 行，再逐字": _best(lambda: _two_levels(before, after), 1),
        "rapidfuzz 同上，去掉条号": _best(lambda: _two_levels(_bare(before), _bare(after))),
        "difflib 行": _best(lambda: _difflib(before, after)),
    }
    print(f"compare  {PASSAGES} 条，{EDITS} 处修改，{name}　　　CPU ms　证策是它的几倍")
    for step, spent in steps.items():
        print(f"   {step:26} {spent:9.1f} {whole / max(spent, 0.01):9.2f}")


def _sentences(random: Random, count: int) -> Iterator[str]:
    """Sentences of about 25 characters that have nothing but their words in common."""
    words = [clause[k : k + 4] for clause in CLAUSES for k in range(0, len(clause) - 3, 4)]
    return ("".join(random.choices(words, k=6)) + f"{n}。" for n in range(count))


def _whole_line(random: Random) -> tuple[Document, Document]:
    before, after = ("".join(_sentences(random, LINE // 30))[:LINE] for _ in range(2))
    return _document([before]), _document(["新编：" + after[::-1]])


def _edited_line(random: Random) -> tuple[Document, Document]:
    before = list(_sentences(random, LINE // 30))
    after = [text.replace("。", f"{ADDED}。") if n % 14 == 0 else text for n, text in enumerate(before)]
    return _document(["".join(before)]), _document(["".join(after)])


def _changed_rows(_: Random) -> tuple[Document, Document]:
    def table(suffix: str) -> Document:
        blocks = (
            Block(BlockKind.ROW, f"类目{n} 材料{n}{suffix}", row_key=(f"类目{n}",),
                  cells=(Cell("类目", f"类目{n}"), Cell("资质要求", f"材料{n}{suffix}")))
            for n in range(ROWS)
        )  # fmt: skip
        return Document("示例页面", tuple(blocks))

    return table(""), table("、安全评估报告")


def _changed_articles(random: Random) -> tuple[Document, Document]:
    lines = list(_sentences(random, ROWS))
    after = ["平台每年提交一次报告。", *(text.replace("。", f"{ADDED}。") for text in lines)]
    return _document(_numbered(lines)), _document(_numbered(after))


def _other_articles(random: Random) -> tuple[Document, Document]:
    before, after = (_numbered(list(_sentences(random, ROWS))) for _ in range(2))
    return _document(before), _document([line[::-1] for line in after])


HOSTILE: dict[str, Callable[[Random], tuple[Document, Document]]] = {
    "一行 5 MB，全文不同": _whole_line,
    "一行 5 MB，四千处修改": _edited_line,
    "100,000 行表格，行行修改": _changed_rows,
    "100,000 条，条条修改并顺延": _changed_articles,
    "100,000 条，全部换成别的": _other_articles,
}


def _cost(name: str) -> tuple[float, float, str]:
    """CPU seconds, MiB at the peak above the documents, and what the comparison says of itself."""
    before, after = HOSTILE[name](Random(20261122))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = process_time()
    comparison = compare(before, after)
    spent = process_time() - started
    return spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024, comparison.reason


def _measure_hostile() -> None:
    print("compare  刁难的输入　　　CPU s　内存峰值 MiB（不算两份文件）　结论")
    for name in HOSTILE:
        with get_context("spawn").Pool(1) as pool:
            spent, peak, reason = pool.apply(_cost, (name,))
        print(f"   {name:20} {spent:9.1f} {peak:9.0f}   {reason}")


def main() -> bool:
    random = Random(20261122)
    lines = _lines(random)
    edited = _edited(lines, random)
    _measure("不换条号", _numbered(lines), _numbered(edited))
    edited.insert(10, "平台每年提交一次报告。")
    _measure("其后条号全部顺延", _numbered(lines), _numbered(edited))
    _measure_hostile()
    return True


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
