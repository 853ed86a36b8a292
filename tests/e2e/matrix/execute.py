"""Runs one test program in one cell and says how it went."""

import contextlib
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass

from support_py import backing, mount, process, sandbox

# Programs that test what only a mount has.
NEEDS_MOUNT = ("surface_test",)


@dataclass
class Outcome:
    verdict: str  # "ok", "FAILED" or "skipped"
    detail: str
    log: str = ""


def why_not(cell, name):
    """Why this machine or this cell cannot run the program, or None."""
    if name in NEEDS_MOUNT and not cell.way.mounted:
        return "needs a mount"
    if not sandbox.is_root() and not (cell.way.user_daemon or not cell.way.mounted):
        return "needs root"
    if not sandbox.is_root() and cell.caller == "root":
        return "needs root"
    return backing.why_not(cell.backing)


def execute(cell, binary, arguments, timeout):
    """Makes the cell, runs the program in it, takes the cell down. Never raises for a failure."""
    reason = why_not(cell, os.path.basename(binary))
    if reason:
        return Outcome("skipped", reason)
    started = time.monotonic()
    uid = _uid(cell.caller)
    with tempfile.TemporaryFile(mode="w+", dir=sandbox.scratch(), errors="replace") as log:
        try:
            note = _run(cell, binary, arguments, timeout, uid, log)
            verdict, detail = "ok", note
        except Exception as error:  # Whatever went wrong is this cell's failure; the next one runs.
            verdict, detail = "FAILED", str(error).strip().split("\n")[0]
            log.write("\n".join([f"\n{type(error).__name__}: {error}"] + _notes(error)) + "\n")
        log.seek(0)
        text = log.read()
    detail = ", ".join(filter(None, [_counts(text), detail]))
    return Outcome(verdict, f"{detail}, {time.monotonic() - started:.1f} s", text)


def _uid(caller):
    return process.UNPRIVILEGED_ID if caller == "user" and sandbox.is_root() else None


def _notes(error):
    return getattr(error, "__notes__", [])


def _run(cell, binary, arguments, timeout, uid, log):
    """Returns what is worth a note beside "ok"; raises on any failure."""
    note = ""
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(backing.make(cell.backing))
        if uid is not None:
            os.chown(source, uid, uid)
        environment = dict(os.environ, VEXFS_TEST_DIR=source)
        for name in ("VEXFS_BACKING_DIR", "VEXFS_MOUNT"):
            environment.pop(name, None)
        if cell.way.mounted:
            mounted = stack.enter_context(_mount(cell, source, uid))
            note = _check_passthrough(cell, mounted)
            environment.update(VEXFS_TEST_DIR=mounted.path, VEXFS_MOUNT=mounted.path)
            if not cell.way.over_itself:
                environment["VEXFS_BACKING_DIR"] = source
        if uid is not None:
            environment["VEXFS_TEST_UNPRIVILEGED"] = "1"
        _run_program([binary, *arguments], environment, timeout, uid, log)
    return note


def _mount(cell, source, uid):
    point = None
    if not cell.way.over_itself:
        point = tempfile.mkdtemp(prefix="mount-", dir=sandbox.scratch())
        if uid is not None:
            os.chown(point, uid, uid)
    return mount.Mount(source, point, cell.way.options, uid=uid if cell.way.user_daemon else None)


def _check_passthrough(cell, mounted):
    """A cell that does not run what its name says proves nothing."""
    passthrough = mounted.status()["passthrough"]
    wanted = "passthrough=off" not in cell.way.options and not cell.way.user_daemon
    if passthrough["active"] and not wanted:
        raise AssertionError("passthrough is active against the option")
    if wanted and not passthrough["active"]:
        return f"passthrough inactive: {passthrough['reason']}"
    return ""


def _run_program(argv, environment, timeout, uid, log):
    child = subprocess.Popen(
        process.as_caller(argv, uid, ends_with_us=True),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/",
    )
    try:
        code = child.wait(timeout)
    except subprocess.TimeoutExpired:
        # Aborting the mount comes first: a program that waits in it cannot even be killed before.
        mount.abort_all()
        raise TimeoutError(f"still running after {timeout} s") from None
    finally:
        process.end(child)
        log.seek(0, os.SEEK_END)
    if code != 0:
        raise AssertionError(f"exit code {code}")


def failures(text):
    """The names of the tests that failed, in the order of GoogleTest's own summary."""
    return re.findall(r"^\[  FAILED  \] (\S+)$", text, re.MULTILINE)


def _counts(text):
    """GoogleTest's own figures."""
    parts = []
    for word, label in (("PASSED", "passed"), ("SKIPPED", "skipped"), ("FAILED", "failed")):
        found = re.search(rf"^\[  {word} +\] (\d+) tests?[.,]", text, re.MULTILINE)
        if found:
            parts.append(f"{found.group(1)} {label}")
    return ", ".join(parts)
