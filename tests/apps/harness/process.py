"""Runs a program within a time limit and leaves none of its descendants behind."""

import ctypes
import os
import signal
import subprocess
import time

PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 15  # Between SIGTERM, on which an application stops its servers, and SIGKILL.


def adopt_orphans():
    """Descendants whose parent dies become children of this process, so that none is lost."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children():
    """Ids of the direct children of this process, zombies included."""
    path = f"/proc/self/task/{os.getpid()}/children"
    with open(path, encoding="ascii") as file:
        return [int(pid) for pid in file.read().split()]


def end_orphans(keep):
    """Kills every child but those in `keep`; what they leave behind becomes a child and follows.
    Returns how many had to be killed. One that cannot be killed stays after a bounded wait."""
    killed = set()
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline:
        left = [pid for pid in children() if pid not in keep]
        if not left:
            break
        for pid in left:
            reaped, _ = os.waitpid(pid, os.WNOHANG)
            if reaped == 0:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        time.sleep(0.02)
    return len(killed)


def run_bounded(argv, timeout_s, log, keep=(), **kwargs):
    """Runs `argv` in a session of its own with its output appended to the file `log`. Returns None
    if it exited with 0, otherwise why not."""
    with open(log, "ab") as out:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                 start_new_session=True, **kwargs)
    why = None
    try:
        code = _wait(child, timeout_s, keep)
        if code is None:
            why = f"still running after {timeout_s} s"
        elif code < 0:
            why = f"killed by {signal.Signals(-code).name}"
        elif code > 0:
            why = f"exit code {code}"
    finally:  # Also on ^C.
        _end(child)
        orphans = end_orphans(keep)
    if why is None and orphans:
        why = f"{orphans} processes left running"
    return why


def _wait(child, timeout_s, keep):
    """The exit code, or None. Reaps orphans meanwhile: a server waits for those of its own past."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if child.poll() is not None:
            return child.returncode
        for pid in children():
            if pid != child.pid and pid not in keep:
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
    return None


def _end(child):
    for number, wait_s in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, GRACE_S)):
        if child.poll() is not None:
            return
        os.killpg(child.pid, number)
        try:
            child.wait(wait_s)
        except subprocess.TimeoutExpired:
            pass
