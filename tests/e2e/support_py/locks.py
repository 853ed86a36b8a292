"""A process that takes a lock through a mount and says how that went: locks.py KIND PATH [wait]

KIND is flock, record or description (of F_OFD_SETLK). It prints "locked" or the name of the error,
and then keeps what it has until its input ends.
"""

import contextlib
import errno
import fcntl
import os
import signal
import struct
import subprocess
import sys

# struct flock of x86-64 and arm64: type, whence, start, len, pid.
_FLOCK = "hhqqi4x"
KINDS = ("flock", "record", "description")


class Holder:
    """The process; `said` is its first line."""

    def __init__(self, kind, path, wait=False):
        argv = [sys.executable, __file__, kind, path] + (["wait"] if wait else [])
        self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def pid(self):
        return self.child.pid

    @property
    def said(self):
        return self.child.stdout.readline().strip()

    def end(self):
        """It closes the file and exits."""
        if self.child.stdin.closed:
            return
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()

    def kill(self):
        self.child.send_signal(signal.SIGKILL)


def lock(fd, kind, wait=False, exclusive=True):
    """Takes a lock of the whole file, or raises OSError."""
    if kind == "flock":
        how = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        return fcntl.flock(fd, how if wait else how | fcntl.LOCK_NB)
    of = {"record": (fcntl.F_SETLK, fcntl.F_SETLKW),
          "description": (fcntl.F_OFD_SETLK, fcntl.F_OFD_SETLKW)}[kind]
    how = fcntl.F_WRLCK if exclusive else fcntl.F_RDLCK
    return fcntl.fcntl(fd, of[wait], struct.pack(_FLOCK, how, os.SEEK_SET, 0, 0, 0))


def is_free(path, kind):
    """Whether somebody else could lock it."""
    fd = os.open(path, os.O_RDWR)
    try:
        lock(fd, kind)
        return True
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    finally:
        os.close(fd)


def _interrupted(*_):
    raise InterruptedError(errno.EINTR, "a signal")


def _main(kind, path, wait=""):
    signal.signal(signal.SIGUSR1, _interrupted)
    fd = os.open(path, os.O_RDWR)
    try:
        lock(fd, kind, wait == "wait")
        print("locked", flush=True)
    except OSError as error:
        print(errno.errorcode[error.errno], flush=True)
    sys.stdin.read()
    with contextlib.suppress(OSError):  # The mount may be gone.
        os.close(fd)


if __name__ == "__main__":
    _main(*sys.argv[1:])
