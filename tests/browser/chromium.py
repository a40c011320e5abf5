"""Headless Chromium over its debugging pipe: load a page at a size, ask it questions, take a picture. No library."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import subprocess
from pathlib import Path
from typing import Any, Self

BINARY = Path("/usr/bin/chromium")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # the sandbox needs privileges that build machines do not give; only our own pages are opened
    "--disable-gpu",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--no-first-run",
)


def _out_of_the_way(descriptor: int) -> int:
    """The same pipe under a number that neither 3 nor 4 can overwrite."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10)
    os.close(descriptor)
    return high


class Chromium:
    """One tab. Messages are JSON ended by NUL: written to the browser's fd 3, read from its fd 4."""

    def __init__(self, profile: Path) -> None:
        to_browser, self._writer = os.pipe()
        reader, from_browser = os.pipe()
        to_browser, from_browser = _out_of_the_way(to_browser), _out_of_the_way(from_browser)
        self._process = subprocess.Popen(
            [
                "/bin/bash",
                "-c",
                f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}',
                str(BINARY),
                *OPTIONS,
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._stream = os.fdopen(reader, "rb")
        self._number = 0
        self._events: list[dict[str, Any]] = []
        self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._writer)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stream.close()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writer, json.dumps(message).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._number:
            self._events.append(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self) -> dict[str, Any]:
        read = bytearray()
        while (byte := self._stream.read(1)) not in {b"\0", b""}:
            read += byte
        if not read:
            raise RuntimeError("chromium ended")
        message: dict[str, Any] = json.loads(read)
        return message

    def open(self, url: str, width: int, *, dark: bool = False) -> list[str]:
        """Load a page at a width; returns what the browser complained of (console, CSP, requests that failed)."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self._events.clear()
        self.call("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._receive())
        self.evaluate("document.fonts.ready.then(() => 1)")
        return [
            json.dumps(event["params"], ensure_ascii=False)
            for event in self._events
            if event.get("method")
            in {
                "Log.entryAdded",
                "Runtime.exceptionThrown",
                "Network.loadingFailed",
                "Runtime.consoleAPICalled",
            }
        ]

    def evaluate(self, expression: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def picture(self, path: Path) -> None:
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))
