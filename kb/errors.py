"""One exception tree. Every error says what was wrong, where, and what to do.

ZhengceError
├── UsageError                 the call is wrong: exit code 2
│   ├── ConfigError            zhengce.toml, a subscription or a channel cannot be used
│   ├── DeclarationError       a source declaration cannot be used
│   ├── ProfileError           a profile, or an answer in it, cannot be used
│   └── NotFound               no such source, change, document or file
├── DataDirectoryBusy          another zhengce writes this data directory            (transient)
├── MixedOrigins               replayed captures in a directory with live ones, or the reverse
├── ArchiveError
│   ├── TornRecord             a record's offset, length or digest does not hold
│   └── RunLogError            a run log line cannot be read
├── ReadingError
│   ├── Undecodable            bytes that no declared encoding explains
│   ├── AttachmentUnreadable   a PDF, DOCX, XLSX or ZIP that cannot be read within limits
│   └── BadSelector            a declared selector that is no CSS
├── DecisionUnreadable         a line of decisions/ that says nothing we know
├── AddressRefused             loopback, private or undeclared address
├── StoreError
│   ├── SchemaTooNew           kb.db was written by a newer zhengce
│   ├── SchemaTooOld           kb.db was written by an older zhengce, and is only read
│   └── Corrupt                verification found a difference
├── CrawlFailed                a crawl process ended without an end line             (transient)
├── NotFetched                 a page that a person asked for could not be looked at
└── DeliveryError
    ├── DeliveryRefused        the receiver said no for good
    │   └── ChannelGone        the receiver's address no longer exists: nothing is sent there again
    └── DeliveryFailed         not now: timeout, 4xx/5xx that may pass               (transient)
"""

from __future__ import annotations

import errno


class ZhengceError(Exception):
    """``what`` was wrong, ``where``, and what to ``do`` about it; all three are shown to the user."""

    transient = False
    exit_code = 1

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.do = what, where, do

    def __str__(self) -> str:
        return "；".join(part for part in (self.what, self.where, self.do) if part)


class UsageError(ZhengceError):
    exit_code = 2


class ConfigError(UsageError):
    pass


class DeclarationError(UsageError):
    pass


class ProfileError(UsageError):
    pass


class NotFound(UsageError):
    pass


class DataDirectoryBusy(ZhengceError):
    transient = True


class MixedOrigins(UsageError):
    pass


class ArchiveError(ZhengceError):
    pass


class TornRecord(ArchiveError):
    pass


class RunLogError(ArchiveError):
    pass


class ReadingError(ZhengceError):
    pass


class Undecodable(ReadingError):
    pass


class AttachmentUnreadable(ReadingError):
    pass


class BadSelector(ReadingError):
    pass


class DecisionUnreadable(ZhengceError):
    pass


class AddressRefused(ZhengceError):
    pass


class StoreError(ZhengceError):
    pass


class SchemaTooNew(StoreError):
    pass


class SchemaTooOld(StoreError):
    pass


class Corrupt(StoreError):
    pass


class CrawlFailed(ZhengceError):
    transient = True


class NotFetched(ZhengceError):
    pass


class DeliveryError(ZhengceError):
    pass


class DeliveryRefused(DeliveryError):
    pass


class ChannelGone(DeliveryRefused):
    pass


class DeliveryFailed(DeliveryError):
    transient = True


_SYSTEM = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ECONNREFUSED: "对方没有开放这个端口",
    errno.ECONNRESET: "连接被对方中断",
    errno.ETIMEDOUT: "连接超时",
    errno.EHOSTUNREACH: "网络不通",
    errno.ENETUNREACH: "网络不通",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def system_words(error: OSError) -> str:
    """What the operating system said, in Chinese where it is one of the faults people meet."""
    if isinstance(error, TimeoutError):
        return "连接超时"
    return _SYSTEM.get(error.errno or 0) or f"系统操作没有成功：{error.strerror or error}"
