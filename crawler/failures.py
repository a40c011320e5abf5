"""A request without an answer -> health, the reason in the words people read, and whether it may pass by itself."""

from __future__ import annotations

from dataclasses import dataclass

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.ssl import VerificationError as TwistedVerificationError

from kb.codes import Health


class Refused(IgnoreRequest):
    """A request of ours that we do not send: undeclared host, private address, robots.txt."""

    def __init__(self, health: Health, reason: str, *, transient: bool = False) -> None:
        super().__init__(reason)
        self.health, self.reason, self.transient = health, reason, transient


@dataclass(frozen=True, slots=True)
class FailureReason:
    health: Health
    reason: str
    transient: bool


_KNOWN: tuple[tuple[type[Exception], FailureReason], ...] = (
    (DownloadTimeoutError, FailureReason(Health.UNREACHABLE, "连接或读取超时", True)),
    (DownloadConnectionRefusedError, FailureReason(Health.UNREACHABLE, "对方拒绝建立连接", True)),
    (CannotResolveHostError, FailureReason(Health.UNREACHABLE, "域名无法解析", True)),
    (ResponseDataLossError, FailureReason(Health.TRUNCATED, "内容未传完连接就断开", True)),
    (DownloadCancelledError, FailureReason(Health.TRUNCATED, "内容超过大小上限，已停止接收", False)),
    (UnsupportedURLSchemeError, FailureReason(Health.REFUSED, "只访问 http 和 https 网址", False)),
)
UNUSABLE_ADDRESS = FailureReason(Health.REFUSED, "网址无法使用", False)
# Everything a download can end with; Scrapy's errors share no base of their own.
DOWNLOAD_ERRORS = (
    IgnoreRequest,
    DownloadFailedError,
    *(kind for kind, _ in _KNOWN),
    ConnectionDone,
    ConnectionLost,
    OSError,
)
_TLS_ERRORS = (SSL.Error, VerificationError, TwistedVerificationError)


def own_error(error: Exception) -> FailureReason:
    """An error of our own while an answer was fetched or read: the answer, if there was one, is kept all the same."""
    return FailureReason(
        Health.WRONG_TYPE, f"程序处理此页时出错（{type(error).__name__}），原始内容如已收到则已留存", False
    )


def classify(error: BaseException) -> FailureReason:
    """What a download error means. A certificate that does not hold is ``tls_error``, never a page."""
    if isinstance(error, Refused):
        return FailureReason(error.health, error.reason, error.transient)
    if any(isinstance(cause, _TLS_ERRORS) for cause in _causes(error)):
        return FailureReason(Health.TLS_ERROR, "证书或加密连接有问题，未读取内容", False)
    for kind, reason in _KNOWN:
        if isinstance(error, kind):
            return reason
    if isinstance(error, IgnoreRequest):
        return FailureReason(Health.REFUSED, "跳转次数过多", False)
    if isinstance(error, DownloadFailedError):
        return FailureReason(Health.UNREACHABLE, "连接中断，没有收到完整的回应", True)
    return FailureReason(Health.UNREACHABLE, f"请求失败：{type(error).__name__}", True)


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what it was raised from, and the reasons that Twisted wraps."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting and len(found) < 20:
        one = waiting.pop()
        found.append(one)
        if one.__cause__ is not None:
            waiting.append(one.__cause__)
        waiting.extend(
            reason.value
            for reason in getattr(one, "reasons", None) or ()
            if isinstance(reason.value, BaseException)
        )
    return found
