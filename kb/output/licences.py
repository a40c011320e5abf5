"""What ``zhengce licence`` prints: a licence type in a list, and one whole."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import Coverage, DateKind, DocumentStatus, SourceLevel, SourceState
from kb.coverage import LicenceCoverage, Sight
from kb.coveragetext import said, said_of, word
from kb.licences import Part
from kb.output.changes import ChangeOut
from kb.output.line import Line


class SightOut(Line):
    """One source of a licence type. ``meant`` is what it is to give by its declaration, ``now`` what it gives at the
    newest look; ``since``: since when it could not be looked at, null while it can. ``common``: it carries the rules of
    the type above, which govern this one too, and not this one's own."""

    source: str
    title: str
    authority: str
    level: SourceLevel
    province: str
    meant: Coverage
    now: Coverage
    state: SourceState | None
    last_good: str | None
    since: str | None
    common: bool
    said: str

    @classmethod
    def of(cls, sight: Sight) -> SightOut:
        source = sight.source
        return cls(
            source=source.id,
            title=source.title,
            authority=source.authority,
            level=source.level,
            province=source.province,
            meant=sight.meant,
            now=sight.now,
            state=source.state,
            last_good=source.last_good.isoformat() if source.last_good else None,
            since=sight.since.isoformat() if sight.since else None,
            common=sight.common,
            said=said_of(sight),
        )


class CoverageOut(Line):
    """What is seen of a licence type in the whole country; ``provinces`` have better sources of their own.
    ``common``: how the rules of the type above, which govern this one too, are seen, where not as well; otherwise null.
    ``word`` and ``said`` say it in short and whole."""

    meant: Coverage
    now: Coverage
    state: SourceState | None
    since: str | None
    provinces: list[str]
    common: Coverage | None
    word: str
    said: str
    sources: list[SightOut]

    @classmethod
    def of(cls, found: LicenceCoverage) -> CoverageOut:
        return cls(
            meant=found.meant,
            now=found.now,
            state=found.state,
            since=found.since.isoformat() if found.since else None,
            provinces=list(found.provinces),
            common=found.above.now if found.above else None,
            word=word(found),
            said=said(found),
            sources=[SightOut.of(sight) for sight in found.sights],
        )


class LicenceOut(Line):
    """``zhengce licence --json``: one licence or filing type. ``changes`` are settled, ``provisional`` wait for a second
    look, ``held`` for a person. ``coverage`` is null where nothing was ever kept."""

    schema_: Literal["zhengce.licence/1"] = Field(default="zhengce.licence/1", alias="schema")
    id: str
    parent: str | None
    zh: str
    en: str
    aliases: list[str]
    regulator: str
    changes: int
    provisional: int
    held: int
    coverage: CoverageOut | None


class LegalBasisOut(Line):
    """What the type rests on, or what is named beside it: ``part`` tells rules in force from platform rules, drafts, what
    was superseded, and routine lists. ``region``: where alone it applies, empty for the whole country. ``status`` is that of the ``document`` held, where there is one; otherwise what the
    vocabulary says, not checked for today. ``verified``: title, number and dates were held against an official text."""

    title: str
    number: str
    issued: str
    effective: str
    note: str
    part: Part
    region: str
    verified: bool
    status: DocumentStatus
    status_from: Literal["document", "vocabulary"]
    document: str | None


class FolkloreOut(Line):
    """What popular guides say, what the rule is, and where it stands."""

    says: str
    rule: str
    basis: str


class GoverningOut(Line):
    """A document tagged with the type, the one above it or one below. ``region``: the place whose local rule it is, empty
    for the whole country. ``routine``: it publishes what was filed or registered, and is no rule."""

    id: str
    title: str
    number: str
    url: str
    source_title: str
    level: SourceLevel
    published: str | None
    effective: str | None
    status: DocumentStatus
    licences: list[str]
    region: str
    routine: bool


class ComingOut(Line):
    """A day to come: of a document, or of a yearly duty."""

    day: str
    kind: DateKind
    title: str
    source: str
    verified: bool


class LicenceDetailOut(Line):
    """``zhengce licence ID --json``: one licence or filing type whole.

    ``moment`` is the newest look, from which ``changes`` since ``since`` and days ``coming`` are reckoned; it and
    ``coverage`` are null where nothing was ever kept. ``nothing_found`` is what may be said where no change was found.
    """

    schema_: Literal["zhengce.licence-detail/1"] = Field(default="zhengce.licence-detail/1", alias="schema")
    id: str
    group: str
    parent: str | None
    below: list[str]
    related: list[str]
    zh: str
    en: str
    what: str
    aliases: list[str]
    regulator: str
    who: str
    confusions: str
    basis: list[LegalBasisOut]
    folklore: list[FolkloreOut]
    coverage: CoverageOut | None
    documents: list[GoverningOut]
    moment: str | None
    since: str | None
    changes: list[ChangeOut]
    nothing_found: str
    coming: list[ComingOut]
