"""DOC, WPS and RTF by a converter of the machine, where it has one: LibreOffice, else antiword or catdoc.

The converter runs in a folder and with a profile of its own, without macros or links, without network where the system
lets us take it away, and with limits on processor time, memory and file size.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
from html import escape
from pathlib import Path

from kb.files import docx, xlsx
from kb.files.limits import CPU_SECONDS, Answer, LimitExceeded

SECONDS = 50
MEMORY = 3 << 30  # a whole office reserves far more address space than it uses
FILE_SIZE = 256 * 1024 * 1024
_WORKBOOK = "Workbook".encode("utf-16-le")
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""
NO_CONVERTER = "本机没有可用的转换程序（LibreOffice、antiword 或 catdoc）"


def read(body: bytes, kind: str) -> Answer:
    """Raises ``LimitExceeded`` where no converter is installed or none could read the file."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    plain = next((found for name in ("antiword", "catdoc") if (found := shutil.which(name))), None)
    if office is None and (plain is None or kind != "ole"):
        raise LimitExceeded(NO_CONVERTER)
    with tempfile.TemporaryDirectory(prefix="zhengce-office-") as folder:
        home = Path(folder)
        if office is not None and (answer := _by_office(office, body, kind, home)):
            return answer
        if plain is not None and kind == "ole" and (answer := _as_text(plain, body, home)):
            return answer
    raise LimitExceeded("转换程序没有读出文字")


def _by_office(office: str, body: bytes, kind: str, home: Path) -> Answer | None:
    sheet = kind == "ole" and _WORKBOOK in body
    source = home / {"rtf": "in.rtf"}.get(kind, "in.xls" if sheet else "in.doc")
    source.write_bytes(body)
    profile = home / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    target = "xlsx" if sheet else "docx"
    command = [office, "--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault",
               f"-env:UserInstallation={(home / 'profile').as_uri()}",
               "--convert-to", target, "--outdir", str(home / "out"), str(source)]  # fmt: skip
    _run([*_without_network(), *command], home)
    result = home / "out" / f"in.{target}"
    if not result.is_file():
        return None
    data = result.read_bytes()
    return xlsx.read(data) if sheet else docx.read(data)


def _as_text(program: str, body: bytes, home: Path) -> Answer | None:
    source = home / "in.doc"
    source.write_bytes(body)
    options = ["-m", "UTF-8.txt", "-w", "0"] if program.endswith("antiword") else ["-d", "utf-8", "-w"]
    out = _run([*_without_network(), program, *options, str(source)], home)
    lines = [line.strip() for line in out.decode("utf-8", "replace").splitlines() if line.strip()]
    return Answer("\n".join(f"<p>{escape(line)}</p>" for line in lines)) if lines else None


def _without_network() -> list[str]:
    """``unshare`` into an empty network where the system allows it to ordinary users."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    command = [unshare, "--map-root-user", "--net"]
    allowed = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=10)  # noqa: S603
    return command if allowed.returncode == 0 else []


def _run(command: list[str], home: Path) -> bytes:
    environment = {"HOME": str(home), "TMPDIR": str(home), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8",
                   "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}  # fmt: skip
    process = subprocess.Popen(  # noqa: S603  (a converter found on the PATH, no shell)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env=environment,
        start_new_session=True,
        preexec_fn=_limit,  # noqa: PLW1509  (one thread)
    )
    try:
        out, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise LimitExceeded(f"转换超过 {SECONDS} 秒") from None
    finally:
        _end(process)
    return out


def _end(process: subprocess.Popen[bytes]) -> None:
    """The converter and whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
