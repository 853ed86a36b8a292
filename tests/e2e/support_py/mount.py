"""A VexFS mount as a context manager, and the checks that every mount of a test has to pass."""

import json
import os
import re
import signal
import subprocess
import tempfile

from . import fusectl, mountinfo, process, sandbox, wait

# What AddressSanitizer, LeakSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer print.
_SANITIZER = re.compile(r"(ERROR|WARNING): \w+Sanitizer|runtime error:|SUMMARY: \w+Sanitizer")

_LEAKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "leaks.supp")

_alive = []  # Mounts that are up, for abort_all().


def program():
    """The vexfs under test: VEXFS_BIN, or the release build of this repository."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__))))
    return os.environ.get("VEXFS_BIN", os.path.join(root, "build", "release", "bin", "vexfs"))


def sanitized():
    """Whether the program carries a sanitizer, whose memory and speed say nothing of VexFS."""
    with open(program(), "rb") as file:
        content = file.read()
    return b"__asan_init" in content or b"__tsan_init" in content


def vexfs(*arguments, uid=None, **options):
    """Runs one command of the program to its end."""
    return process.run([program(), *arguments], uid=uid, **options)


def read_status(directory):
    """The report of the mount that the directory lies in."""
    return json.loads(process.check(["cat", f"{directory}/.vexfs/status"]).stdout)


class MountFailed(Exception):
    """The mount did not come up, or it did not end as it must."""


class Mount:
    """`vexfs mount SOURCE MOUNTPOINT -f` as our child, so that what it prints at its end is seen.

    Leaving the context unmounts with `vexfs unmount` and raises MountFailed unless the daemon
    exits with 0 and reports nothing. If the block raised, the mount is aborted instead, and the
    daemon's output is added to the exception.
    """

    def __init__(self, source, mountpoint=None, options=(), *, uid=None, cwd=None):
        self.source = str(source)
        self.path = os.path.realpath(os.path.join(cwd or ".", str(mountpoint or source)))
        self.uid = uid
        self.pid = None
        self._cwd = cwd
        self._arguments = ["mount", self.source] + ([str(mountpoint)] if mountpoint else [])
        self._arguments += ["-f"] + (["-o", ",".join(options)] if options else [])
        self._child = None
        self._output = tempfile.TemporaryFile(mode="w+", dir=sandbox.scratch())
        self._entry = None

    def start(self):
        before = {entry.mount_id for entry in mountinfo.at(self.path)}
        argv = process.as_caller([program(), *self._arguments], self.uid, ends_with_us=True)
        self._child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            cwd=self._cwd,
            env=dict(os.environ, LSAN_OPTIONS=f"suppressions={_LEAKS}:print_suppressions=0"),
        )
        self.pid = self._child.pid
        _alive.append(self)
        try:
            self._entry = wait.until(lambda: self._new_entry(before), what=f"mount {self.path}")
            # The kernel shows the mount before the daemon has answered its first request.
            process.run(["stat", "-f", self.path], uid=self.uid)
        except BaseException:
            self.abort()
            raise
        return self

    def _new_entry(self, before):
        if self._child.poll() is not None:
            raise MountFailed(f"mount exited with {self._child.returncode}: {self.output()}")
        present = mountinfo.at(self.path)
        if not present:
            return None
        # The kernel may give the number of a dead mount that was cleared away to the new one.
        return present[-1] if present[-1].mount_id not in before or self._answers() else None

    def _answers(self):
        result = process.run(["cat", f"{self.path}/.vexfs/status"], uid=self.uid)
        return result.returncode == 0 and json.loads(result.stdout)["pid"] == self.pid

    @property
    def entry(self):
        """Its line of mountinfo."""
        return self._entry

    def status(self):
        """The mount's own report, read as its owner: a user's mount is closed even to root."""
        return json.loads(process.check(["cat", f"{self.path}/.vexfs/status"], uid=self.uid).stdout)

    def memory(self, field="VmRSS"):
        """Bytes, from /proc/PID/status of the daemon."""
        with open(f"/proc/{self.pid}/status") as file:
            line = next(line for line in file if line.startswith(field + ":"))
        return int(line.split()[1]) * 1024

    def descriptors(self):
        """How many file descriptors the daemon holds."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def output(self):
        """What the daemon printed so far."""
        self._output.seek(0)
        return self._output.read()

    def unmount(self):
        """`vexfs unmount`, then the checks on the daemon's end."""
        result = vexfs("unmount", self.path, uid=self.uid)
        if result.returncode != 0:
            raise MountFailed(f"vexfs unmount: exit {result.returncode}: {result.stderr}")
        self.wait_for_end()

    def signal(self, number):
        self._child.send_signal(number)

    def wait_for_end(self, code=0):
        """Waits until the daemon is gone and checks how it went."""
        try:
            self._child.wait(process.COMMAND_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            raise MountFailed(f"the daemon is still there: {self.output()}") from None
        if self in _alive:
            _alive.remove(self)
        if self._child.returncode != code:
            raise MountFailed(f"the daemon exited with {self._child.returncode}: {self.output()}")
        if _SANITIZER.search(self.output()):
            raise MountFailed(f"sanitizer report: {self.output()}")

    def kill(self):
        """kill -9, as a crash would do it. The dead mount stays in place."""
        self._child.send_signal(signal.SIGKILL)
        self.wait_for_end(code=-signal.SIGKILL)

    def abort(self):
        """Takes the mount away by force: connection, daemon, mountpoint. Never waits for it."""
        _abort_connection(self.path, self._entry)
        if self._child:
            process.end(self._child, polite=self._entry is None)
        if self in _alive:
            _alive.remove(self)
        detach(self.path, self._entry)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, _trace):
        if kind is None:
            try:
                if self._child.poll() is None:
                    self.unmount()
            except BaseException:
                self.abort()
                raise
        else:
            ended = self._child.poll()
            self.abort()
            if ended is not None:
                error.add_note(f"the daemon had ended with {ended}")
            if self.output():
                error.add_note(f"the daemon said: {self.output()}")
        self._output.close()


def _abort_connection(path, entry):
    """Only while the mount is there: the number of one that is gone may be another's by now."""
    if entry is not None and sandbox.is_root() and entry in mountinfo.at(path):
        fusectl.abort(entry.device)


def detach(path, entry=None):
    """Takes the mount off its place, without waiting for anyone who uses it."""
    present = mountinfo.at(path)
    if not present or (entry and entry.mount_id not in {e.mount_id for e in present}):
        return
    command = ["umount", "-l"] if sandbox.is_root() else ["fusermount3", "-u", "-z"]
    process.run([*command, path], timeout=10)


def abort_all():
    """The last way out, from another thread while the main one hangs in one of the mounts."""
    for mount in list(_alive):
        mount.abort()


class Background:
    """A mount whose daemon went into the background: known by its pid alone."""

    def __init__(self, path):
        self.path = os.path.realpath(path)
        present = mountinfo.at(self.path)
        if not present:
            raise MountFailed(f"the command returned, and {self.path} is no mount")
        self.entry = present[-1]
        self.pid = self.status()["pid"]
        _alive.append(self)

    def status(self):
        return json.loads(process.check(["cat", f"{self.path}/.vexfs/status"]).stdout)

    def running(self):
        """False also for a daemon that has ended and that process 1 has yet to reap."""
        try:
            with open(f"/proc/{self.pid}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    def wait_for_end(self):
        wait.until(lambda: not self.running(), what=f"the end of daemon {self.pid}")
        if self in _alive:
            _alive.remove(self)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.wait_for_end()

    def unmount(self):
        result = vexfs("unmount", self.path)
        if result.returncode != 0:
            raise MountFailed(f"vexfs unmount: exit {result.returncode}: {result.stderr}")
        self.wait_for_end()

    def end(self):
        """Unmounts unless that was done, by force where it does not go well."""
        try:
            if self.entry in mountinfo.at(self.path):
                self.unmount()
        except BaseException:
            self.abort()
            raise

    def abort(self):
        _abort_connection(self.path, self.entry)
        if self.running():
            os.kill(self.pid, signal.SIGKILL)
        if self in _alive:
            _alive.remove(self)
        detach(self.path, self.entry)
