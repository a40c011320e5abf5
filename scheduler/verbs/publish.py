"""管: publish — a frozen copy of the knowledge base for a site that only reads."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import click

from kb.config import DataDirectory, SystemClock
from kb.terminal import Verb, option, say, tr
from kb.verbs.options import data_option
from kb.verbs.reader import beijing


@click.command(
    "publish",
    cls=Verb,
    section="管",
    zh="写出知识库的一份固定副本，供只读的网站使用\n\n文件夹里每份副本一个子文件夹，附摘要和说明；旧的不动，current 指向最新一份。"
    "用 zhengce serve --frozen 文件夹 打开。",
    en="Write a frozen copy of the knowledge base for a read-only site\n\n"
    "Each copy is a folder of its own with a digest and a manifest; current names the newest. "
    "Open it with zhengce serve --frozen FOLDER.",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option(
    "--public",
    is_flag=True,
    zh="给外人的副本：平台页面只留变动前后的文字，文件里没有全文",
    en="for others: of platform pages the file itself holds only what stands around changes",
)
@data_option
def publish(*, folder: Path, public: bool, data: DataDirectory) -> int:
    from kb.store.frozen import publish as write
    from kb.store.frozen import published

    place = write(data, folder, SystemClock().now().astimezone(UTC), "excerpts" if public else "all")
    _, manifest = published(place)
    say(tr("副本　", "copy: ") + str(place))
    say(f"SHA-256　{manifest.sha256}　{manifest.bytes:,} B")
    if manifest.newest_look:
        say(tr("内容截至　", "as of: ") + beijing(manifest.newest_look))
    if not public:
        say(
            tr(
                "副本含平台页面的全文：要交给外人，请用 --public 重写。",
                "it holds platform pages in full: use --public for a copy to give away",
            )
        )
    return 0
