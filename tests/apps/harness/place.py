"""The two places of a comparison: a plain directory, and a VexFS mount of an equal directory.

Both stand on one filesystem, by default an ext4 image on a loop device made for this run:

    <work>/disk/plain/      the plain directory
    <work>/disk/source/     what VexFS is mounted over, seen at <work>/mnt/
"""

import json
import os
import subprocess
import sys
import tempfile
import time

IMAGE_BYTES = 4 << 30  # Sparse; the largest application (pgbench) writes a quarter of it.
READY_S = 30
STOP_S = 60
RELEASE_S = 10


def sh(*argv, timeout=STOP_S):
    """Runs a short command; what it says is the message of the exception if it fails."""
    done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {(done.stdout + done.stderr).strip()}")
    return done.stdout


def mounted(path, kind=None):
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if fields[4] == path:
                found = fields[fields.index("-") + 1]
                if kind is None or found == kind:
                    return True
    return False


def enter_own_namespace(needed):
    """Starts this program again in a mount namespace of its own. A namespace that others make
    meanwhile would copy our mounts and keep them, and their daemon, alive after the unmount; for
    the same reason others' FUSE mounts are dropped from ours, but for those with a `needed` path.
    """
    mark = "VEXFS_APPS_NAMESPACE"
    if mark not in os.environ:
        os.environ[mark] = "own"
        again = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv]
        os.execvp(again[0], again)
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        mounts = [line.split() for line in file]
    for fields in reversed(mounts):
        path, kind = fields[4], fields[fields.index("-") + 1]
        if kind.startswith("fuse.") and not any(
                os.path.commonpath([path, os.path.realpath(p)]) == path for p in needed):
            subprocess.run(["umount", "-l", path], check=False)


class Ground:
    """The filesystem under both places. With `directory`, that directory's own filesystem."""

    def __init__(self, directory=None):
        self.work = os.path.realpath(tempfile.mkdtemp(prefix="vexfs-apps.", dir=directory))
        os.chmod(self.work, 0o755)  # Servers run as their own users below it.
        self.disk = self.folder("disk")
        self.logs = self.folder("logs")
        self.image = None
        if directory is None:
            self.image = os.path.join(self.work, "image")
            with open(self.image, "wb") as file:
                file.truncate(IMAGE_BYTES)
            sh("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1", self.image)
            sh("mount", "-o", "loop", self.image, self.disk)
        self.plain = self.folder("disk/plain")
        self.source = self.folder("disk/source")
        self.mountpoint = self.folder("mnt")

    def folder(self, name):
        path = os.path.join(self.work, name)
        os.mkdir(path)
        os.chmod(path, 0o755)
        return path

    def _unmount_disk(self):
        """The kernel releases what a killed daemon held a little after its end."""
        deadline = time.monotonic() + RELEASE_S
        while True:
            try:
                sh("umount", self.disk)
                return
            except RuntimeError as error:
                if time.monotonic() > deadline:
                    print(f"{error}; detached instead", flush=True)
                    sh("umount", "-l", self.disk)
                    return
            time.sleep(0.1)

    def close(self, keep):
        """The logs stay with `keep`; mounts and images never do."""
        if self.image and mounted(self.disk):
            self._unmount_disk()
        if self.image and os.path.exists(self.image):
            os.unlink(self.image)
        if keep:
            print(f"logs: {self.logs}", flush=True)
        else:
            # --one-file-system: if a mount were left behind, its content must not be deleted.
            subprocess.run(["rm", "-rf", "--one-file-system", self.work], check=False)


class Mount:
    """A running `vexfs mount`, in the foreground so that its exit status is seen."""

    def __init__(self, ground, program, options):
        self.program = program
        self.mountpoint = ground.mountpoint
        self.log = os.path.join(ground.logs, "daemon.log")
        argv = [program, "mount", ground.source, self.mountpoint, "-f"]
        if options:
            argv += ["-o", options]
        with open(self.log, "ab") as out:
            self.daemon = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                           start_new_session=True)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self):
        deadline = time.monotonic() + READY_S
        while not mounted(self.mountpoint, "fuse.vexfs"):
            if self.daemon.poll() is not None:
                raise RuntimeError(f"vexfs mount: exit {self.daemon.returncode}: {self.log_tail()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"vexfs mount: not ready after {READY_S} s: {self.log_tail()}")
            time.sleep(0.02)

    def log_tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-400:].strip()

    def problem(self):
        """None while the daemon is alive, answers, and has no errors to report."""
        if self.daemon.poll() is not None:
            return f"the daemon ended with {self.daemon.returncode}: {self.log_tail()}"
        try:  # In a process of its own: a read of a hanging mount could not be given up here.
            status = json.loads(sh("cat", f"{self.mountpoint}/.vexfs/status", timeout=20))
        except (RuntimeError, ValueError, subprocess.TimeoutExpired) as error:
            return f"status: {error}"
        if status["pid"] != self.daemon.pid:
            return f"status: pid {status['pid']}, the daemon is {self.daemon.pid}"
        if status["errors"]:
            return f"status: errors {status['errors']}"
        return None

    def stop(self):
        """Unmounts, by force if need be. Returns what was wrong, or None."""
        why = None
        try:
            if mounted(self.mountpoint):
                sh(self.program, "unmount", self.mountpoint)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            why = f"unmount: {error}"
        while mounted(self.mountpoint):
            sh("umount", "-l", self.mountpoint)
        try:
            code = self.daemon.wait(STOP_S)
            if code != 0:
                why = why or f"the daemon ended with {code}: {self.log_tail()}"
        except subprocess.TimeoutExpired:
            why = f"the daemon runs {STOP_S} s after the unmount"
            self.daemon.kill()
            self.daemon.wait()
        return why
