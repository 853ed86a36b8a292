"""What is measured: a native directory, a peer's mount, a VexFS mount."""
import os
import re
import subprocess
import sys
import time

from driver import machine
from driver.rows import RowFailed

REQUESTS = r'^vexfs_requests_total\{op="(\w+)"\}\s+(\d+)'


class Target:
    """`source` is the backing directory; `path` is where clients work while it is mounted."""

    pid = None  # The daemon's id, while there is one.
    mounts = True

    def __init__(self, name):
        self.name = name
        self.source = self.path = None

    def place(self, backing, scratch):
        """Gives the target a fresh source directory on this backing filesystem."""
        self.source = os.path.join(backing, self.name)
        self.path = os.path.join(scratch, "mnt-" + self.name)
        self.log = os.path.join(scratch, self.name + ".log")
        os.makedirs(self.source)
        os.makedirs(self.path, exist_ok=True)

    def mount(self):
        raise NotImplementedError

    def unmount(self):
        raise NotImplementedError

    def revive(self):
        """Mounts again if the daemon has died since."""

    def requests(self):
        """READ and WRITE requests that reached the daemon so far, where it counts them."""
        return None


class Native(Target):
    mounts = False

    def place(self, backing, scratch):
        self.source = self.path = os.path.join(backing, self.name)
        os.makedirs(self.source)

    def mount(self):
        pass

    def unmount(self):
        pass


class FuseTarget(Target):
    """A mount whose daemon runs in the foreground, as our child."""

    daemon = None

    def command(self):
        raise NotImplementedError

    def mount(self):
        with open(self.log, "w", encoding="utf-8") as log:
            # It gets a session of its own, so that Ctrl-C reaches us alone, and we unmount.
            self.daemon = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid = self.daemon.pid
        deadline = time.monotonic() + 20
        while not machine.is_mounted(self.path):
            if self.daemon.poll() is not None or time.monotonic() > deadline:
                self.fail_to_mount()
            time.sleep(0.002)
        try:
            for _ in range(200):  # The daemon starts its threads before it is measured.
                os.statvfs(self.path)
        except OSError:
            self.fail_to_mount()

    def fail_to_mount(self):
        self.unmount()
        with open(self.log, encoding="utf-8", errors="replace") as log:
            raise SystemExit(f"run: {self.name} did not mount: {log.read().strip()}")

    def revive(self):
        if self.daemon is None or self.daemon.poll() is not None:
            self.unmount()
            self.mount()

    def unmount(self):
        if self.daemon is None:
            return
        daemon, self.daemon, self.pid = self.daemon, None, None
        try:
            machine.unmount(self.path)
            daemon.wait(timeout=10)
        except subprocess.TimeoutExpired:
            print(f"run: {self.name} did not end after its unmount; killed", file=sys.stderr)
        finally:
            daemon.kill()
            daemon.wait()


class Peer(FuseTarget):
    """libfuse's passthrough_hp."""

    def __init__(self, name, program, arguments):
        super().__init__(name)
        self.program, self.arguments = program, arguments

    def command(self):
        return [self.program, "--foreground", *self.arguments, self.source, self.path]


class Vexfs(FuseTarget):
    def __init__(self, name, program, options):
        super().__init__(name)
        self.program, self.options = program, options

    def command(self):
        options = ["-o", self.options] if self.options else []
        return [self.program, "mount", self.source, self.path, "-f", *options]

    def requests(self):
        try:
            with open(os.path.join(self.path, ".vexfs", "metrics"), encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise RowFailed(f"no metrics: {error}") from error
        counts = dict(re.findall(REQUESTS, text, re.MULTILINE))
        return {op: int(counts.get(op, 0)) for op in ("read", "write")}
