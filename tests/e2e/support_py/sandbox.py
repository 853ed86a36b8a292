"""A private mount and process namespace for a test program.

Whatever the program mounts or starts is gone when it ends, however it ends: the kernel kills every
process of the namespace with its first one, and drops the mounts with the last process. Three
processes make it up:

  outside   made by the user; owns the scratch directory, passes signals on, waits
  first     process 1 of the namespace; reaps whatever loses its parent, passes signals on
  inside    the test program itself

The scratch directory is removed from outside, where nothing is mounted in it, so that the removal
can never reach through a mount.
"""

import ctypes
import os
import shutil
import signal
import sys
import tempfile

SKIPPED = 77  # The exit code that ctest takes for "skipped" (SKIP_RETURN_CODE).

_SCRATCH = "VEXFS_E2E_SCRATCH"
_CLONE_NEWNS = 0x00020000
_CLONE_NEWPID = 0x20000000
_MS_BIND = 0x1000
_MS_REC_PRIVATE = 0x4000 | 0x40000
_PR_SET_PDEATHSIG = 1
_PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def scratch():
    """The directory for everything that this run leaves on disk."""
    return os.environ[_SCRATCH]


def is_root():
    return os.geteuid() == 0


def enter():
    """Returns inside the sandbox; the calling process itself becomes the one outside.

    Without root there is no namespace to be had, and the program runs where it is.
    """
    directory = os.path.realpath(tempfile.mkdtemp(prefix="vexfs-e2e-"))
    os.chmod(directory, 0o755)  # Unprivileged callers must reach the mounts in it.
    os.environ[_SCRATCH] = directory
    if is_root():
        try:
            _checked(_libc.unshare(_CLONE_NEWPID), "unshare")  # For our children, not for us.
        except OSError as error:
            os.rmdir(directory)
            print(f"skipped: no namespaces to be had: {error}")
            sys.exit(SKIPPED)
    pid = os.fork()
    if pid != 0:
        _outside(pid, directory)
    os.setsid()  # A Ctrl-C reaches only the process outside, which passes it on once.
    if is_root():
        _first_process()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(number, _frame):
    raise SystemExit(128 + number)  # Unwinds through every `finally` and context manager.


def _outside(pid, directory):
    """Waits for the sandbox, removes the scratch directory and exits with the same code."""
    status = _wait_passing_signals_on(pid)
    if is_root():
        shutil.rmtree(directory, ignore_errors=True)
    else:
        _remove_unless_mounted(directory)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _remove_unless_mounted(directory):
    from . import mountinfo

    left = mountinfo.below(directory)
    if left:
        print(f"still mounted, left alone: {[entry.target for entry in left]}", file=sys.stderr)
    else:
        shutil.rmtree(directory, ignore_errors=True)


def _first_process():
    """Returns in the child that is to run the tests; process 1 stays here to reap."""
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    _checked(_libc.unshare(_CLONE_NEWNS), "unshare")
    _checked(_libc.mount(b"none", b"/", None, _MS_REC_PRIVATE, None), "mount private")
    _checked(_libc.mount(b"proc", b"/proc", b"proc", 0, None), "mount /proc")
    _open_fuse_to_users()
    pid = os.fork()
    if pid == 0:
        return
    status = _wait_passing_signals_on(pid)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _open_fuse_to_users():
    """Gives /dev/fuse the mode that udev gives it everywhere, where no udev did it."""
    fuse = os.stat("/dev/fuse")
    if fuse.st_mode & 0o006 == 0o006:
        return
    node = os.path.join(scratch(), "dev-fuse")
    os.mknod(node, fuse.st_mode | 0o666, fuse.st_rdev)
    os.chmod(node, 0o666)
    _checked(_libc.mount(node.encode(), b"/dev/fuse", None, _MS_BIND, None), "mount /dev/fuse")


def _wait_passing_signals_on(pid):
    """Reaps every child until pid ends, and returns its status."""

    def pass_on(number, _frame):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    for number in _PASSED_ON:
        signal.signal(number, pass_on)
    while True:
        ended, status = os.wait()
        if ended == pid:
            return status
