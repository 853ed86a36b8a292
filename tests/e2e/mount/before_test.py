#!/usr/bin/env python3
"""Programs and filesystems that were in the source before the mount came over it."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program, wait  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402


class Before(MountCase):
    def program_in(self, directory):
        """A program whose working directory it is, until the end of the test."""
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, cwd=directory)
        self.addCleanup(child.wait)
        self.addCleanup(child.stdin.close)
        return child

    def test_a_working_directory(self):
        source = self.backing()
        os.mkdir(f"{source}/sub")
        child = self.program_in(f"{source}/sub")
        mounted = self.mount(source)
        self.assertIn(f"process {child.pid} (cat", mounted.output())
        self.assertLessEqual(mounted.status()["timeouts"]["entry"], 1)

    def test_what_goes_past_the_mount_is_seen(self):
        source = self.backing()
        write(f"{source}/file", b"1")
        child = self.program_in(source)  # For a name in the daemon's words.
        directory = os.open(source, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        mounted = self.mount(source)
        self.assertIn(f"process {child.pid} ", mounted.output())
        path = mounted.path
        self.assertEqual(read(f"{path}/file"), b"1")
        self.assertFalse(os.path.exists(f"{path}/later"))
        for name in ("file", "later"):
            fd = os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=directory)
            os.write(fd, b"23")
            os.close(fd)
            wait.until(lambda n=name: os.path.exists(f"{path}/{n}") and
                       os.stat(f"{path}/{n}").st_size == 2, what=name)
            self.assertEqual(read(f"{path}/{name}"), b"23")

    def test_a_working_directory_under_the_mountpoint(self):
        point = self.directory()
        os.mkdir(f"{point}/source")
        for source in (self.backing(), f"{point}/source"):
            child = self.program_in(f"{point}/source")
            mounted = self.mount(source, point)
            self.assertIn(f"process {child.pid} (cat", mounted.output())
            self.assertIn("does not see the mount", mounted.output())
            mounted.unmount()

    def test_nobody(self):
        mounted = self.mount(self.backing())
        self.assertEqual(mounted.output(), "")
        self.assertGreater(mounted.status()["timeouts"]["entry"], 1000)

    @program.needs_root
    def test_a_filesystem(self):
        source = self.backing()
        os.mkdir(f"{source}/stick")
        process.check(["mount", "-t", "tmpfs", "vexfs-test", f"{source}/stick"])
        self.stack.callback(process.run, ["umount", f"{source}/stick"])
        mounted = self.mount(source)
        self.assertIn(f"{source}/stick", mounted.output())
        self.assertLessEqual(mounted.status()["timeouts"]["entry"], 1)
        mounted.unmount()
        mounted = self.mount(source, self.directory())
        self.assertIn(f"{source}/stick", mounted.output())


if __name__ == "__main__":
    program.main()
