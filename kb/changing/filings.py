"""Filing lists compared: which entries came, which went, which were altered. Their order and 序号 say nothing."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.changing.sequence import Pair
from kb.codes import ChangeKind, Flag, Op, Significance
from kb.filings import Columns, filing_columns, filing_number
from kb.model import Comparison, Document, Passage, PassageChange

_COLON = "："
_BATCH = re.compile(
    r"\d{2,4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{4}-\d{1,2}-\d{1,2}|第[一二三四五六七八九十百零〇\d]{1,6}批"
    r"|附件\s?[一二三四五六七八九十\d]{0,3}|\d{1,7}\s?(?=余?[款个项家件条款部批](?![工作日月年天]))|截至|至今|累计"
)
_MONTH = r"\d{4}年(?:第?[一二三四1-4]季度|\d{1,2}月)"
_LIST_TITLE = re.compile(
    r"(?:备案|登记|审批|批准|许可|报备|注销|上线)[^，。；]{0,12}(?:清单|名单|名录|信息|情况|编号)(?:的?(?:公告|通告|公示|通知|公布))?(?:[（(【\[][^（）()\[\]【】]{1,20}[）)】\]])?$"
)
_DATED_NOTICE = re.compile(
    rf"(?:备案|登记|审批|许可)(?:的)?(?:公示|公告|通告)[（(]?{_MONTH}|{_MONTH}[^，。；]{{0,20}}(?:备案|审批|许可)(?:的)?(?:公示|公告|通告)"
)
_STRUCK = re.compile(
    r"(?:注销|撤销|撤回|吊销)[^，。；]{2,30}(?:许可证?|备案|登记|资质|证书)[^，。；]{0,6}(?:公告|通告|公示|名单|清单)"
)
_ANNOUNCES = re.compile(
    rf"发布|公布|公示|公告|通告|清单|名单|名录|第[一二三四五六七八九十百零\d]{{1,6}}批|{_MONTH}"
)
_RULE_WORDS = re.compile(
    r"办法|规定|条例|细则|指南|指引|规范|征求意见|解读|答记者问|申报|材料|流程|系统|平台建设|事项|权力|责任清单|负面清单|收费|年报|年检|工作的通知"
)
_DUTY = re.compile(r"应当|不得|必须|可以|禁止|日内")
_NOTICE = 1_500  # characters around the entries, or of a notice that announces them; a rule is longer
_GROUP = 8  # characters of a line that heads a group of entries (a province, a kind)


def columns_of(text: str) -> Columns | None:
    """Of a row passage; None when its heads are not those of a filing list."""
    return filing_columns(tuple(line.partition(_COLON)[0] for line in text.split("\n")))


def is_entry(passage: Passage) -> bool:
    return passage.kind == "row" and columns_of(passage.text) is not None


def _identity(text: str) -> tuple[str, str]:
    """(number, name): the number, or subject and name where the entry has none; the name apart."""
    columns = columns_of(text)
    values = [line.partition(_COLON)[2] for line in text.split("\n")]
    if columns is None:
        return text, ""
    number, subject, name = (
        values[at] if at >= 0 else "" for at in (columns.number, columns.subject, columns.name)
    )
    return filing_number(number) or f"{subject}\n{name}", name


@dataclass(frozen=True, slots=True)
class Entries:
    """Pairs of entries, and the positions of all entries on either side: no likeness makes two numbers one entry."""

    pairs: list[Pair]
    before: frozenset[int]
    after: frozenset[int]


def pair_entries(
    before: Sequence[Passage], after: Sequence[Passage], left: Iterable[int], right: Iterable[int]
) -> Entries:
    """Among the positions given: entries of one number are one entry, those of the same name first."""
    olds = [i for i in left if is_entry(before[i])]
    news = [j for j in right if is_entry(after[j])]
    same_name: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    for i in olds if news else ():
        same_name[_identity(before[i].text)].append(i)
    pairs: list[Pair] = []
    rest: list[tuple[str, int]] = []
    for j in news:
        identity = _identity(after[j].text)
        if queue := same_name.get(identity):
            pairs.append((queue.popleft(), j))
        else:
            rest.append((identity[0], j))
    same_number: dict[str, deque[int]] = defaultdict(deque)
    for (number, _), queue in same_name.items():
        same_number[number] += queue
    pairs += [(same_number[number].popleft(), j) for number, j in rest if same_number.get(number)]
    return Entries(sorted(pairs, key=lambda pair: pair[1]), frozenset(olds), frozenset(news))


# --------------------------------------------------------------------------- what a comparison of lists is


def is_list_batch(telling: Sequence[PassageChange]) -> bool:
    """Only entries of a filing list came, went or were altered; beside them at most dates, counts and batch numbers."""
    only = all(_is_entry_change(p) or _only_batch(p) for p in telling)  # ends at the first that is neither
    return only and any(_is_entry_change(p) for p in telling)


def _is_entry_change(change: PassageChange) -> bool:
    """An entry on each side there is; a caption or the row of heads is none."""
    return all(columns_of(text) is not None for text in (change.before, change.after) if text) and bool(
        change.before or change.after
    )


def _only_batch(change: PassageChange) -> bool:
    """A line that says of which day or batch the list is or how many entries it has, heads a group of them, or is their
    row of heads."""
    if change.op not in (Op.ADDED, Op.REMOVED):
        return _BATCH.sub("", change.before) == _BATCH.sub("", change.after)
    text = change.before or change.after
    heads = filing_columns(tuple(text.split(" | "))) is not None
    return heads or (len(_BATCH.sub("", text)) <= _GROUP and not _DUTY.search(text))


def announces_batch(document: Document) -> bool:
    """A page or file that publishes a batch: entries and few words beside them, or a short notice whose title says so."""
    title = "".join(document.title.split())
    around = sum(len(block.text) for block in document.blocks if not block.cells)
    if document.is_draft or around > _NOTICE or _RULE_WORDS.search(title):
        return False
    if any(block.cells and filing_columns(tuple(c.header for c in block.cells)) for block in document.blocks):
        return True
    if _DATED_NOTICE.search(title) or _STRUCK.search(title):
        return True
    return bool(_LIST_TITLE.search(title) and _ANNOUNCES.search(title))


def flags_of(comparison: Comparison, after: Document, unread: Iterable[str] = ()) -> tuple[Flag, ...]:
    """``needs_reading`` where a picture or file changed that no program reads (``unread``: the reasons that say so, or a
    new document without a word); ``routine`` for entries of a list."""
    reasons = frozenset(unread)
    read = any(p.reason in reasons for p in comparison.differing)
    found = [Flag.NEEDS_READING] if read or (not comparison.passages and not after.text) else []
    return (*found, *((Flag.ROUTINE,) if comparison.kind is ChangeKind.LIST_BATCH else ()))


def batch_headline(comparison: Comparison) -> str:
    """``名单更新：新增 3 项（甲算法、乙算法等），注销 1 项``."""
    entries = [
        p for p in comparison.differing if _is_entry_change(p) and p.significance is not Significance.NOISE
    ]
    parts = []
    for word, ops in (("新增", (Op.ADDED,)), ("变更", (Op.AMENDED,)), ("移出", (Op.REMOVED,))):
        if chosen := [p for p in entries if p.op in ops]:
            names = [_identity(p.after or p.before)[1] for p in chosen]
            shown = "、".join(name for name in names[:2] if name)
            parts.append(
                f"{word} {len(chosen)} 项"
                + (f"（{shown}{'等' if len(chosen) > 2 else ''}）" if shown else "")
            )
    return f"名单更新：{'，'.join(parts)}" if parts else "名单更新：只有日期、批次一类的说明不同"
