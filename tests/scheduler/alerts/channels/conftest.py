from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scheduler.alerts.message import Message
from scheduler.alerts.outbox import Alert, Outgoing


@pytest.fixture
def make_outgoing() -> Callable[..., Outgoing]:
    def make(
        kind: str = "change", subject: str = "〔实质变动〕算法备案：期限改为五个工作日", **values: str
    ) -> Outgoing:
        message = Message(subject, "第一句。\n\n正文\n", "短")
        alert = Alert(
            "al-7f3c20000000", kind, "ch-1", "sub-1", message, {"url": "http://x.invalid"}, **values
        )
        return Outgoing("dl-1", 1, "cn-1", alert, datetime(2026, 11, 23, 22, 43, tzinfo=UTC))

    return make
