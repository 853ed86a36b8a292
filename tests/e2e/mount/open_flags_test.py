#!/usr/bin/env python3
"""The flags of an open file are those that it has at the time of the request."""

import fcntl
import mmap
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import program  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402


class OpenFlags(MountCase):
    """Through the daemon; past it, flags are the kernel's."""

    def setUp(self):
        super().setUp()
        self.source = self.backing()
        self.mounted = self.mount(self.source, self.directory(), ["passthrough=off"])
        self.path = f"{self.mounted.path}/file"
        write(self.path, b"hello")

    def open(self, flags):
        fd = os.open(self.path, flags)
        self.addCleanup(os.close, fd)
        return fd

    def change(self, fd, clear=0, add=0):
        fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) & ~clear | add)

    def test_append_that_was_cleared(self):
        fd = self.open(os.O_RDWR | os.O_APPEND)
        os.write(fd, b"1")
        self.change(fd, clear=os.O_APPEND)
        os.pwrite(fd, b"J", 0)
        self.assertEqual(read(self.path), b"Jello1")
        self.change(fd, add=os.O_APPEND)
        os.pwrite(fd, b"2", 0)
        self.assertEqual(read(self.path), b"Jello12")

    def test_append_that_was_set(self):
        fd = self.open(os.O_WRONLY)
        self.change(fd, add=os.O_APPEND)
        os.write(fd, b"1")
        self.assertEqual(read(self.path), b"hello1")

    def test_two_that_append_lose_nothing(self):
        fds = [self.open(os.O_WRONLY | os.O_APPEND), self.open(os.O_WRONLY)]
        self.change(fds[1], add=os.O_APPEND)
        for number in range(20):
            os.write(fds[number % 2], b"%02d" % number)
        self.assertEqual(read(self.path), b"hello" + b"".join(b"%02d" % n for n in range(20)))

    def test_append_behind_the_mount(self):
        fd = self.open(os.O_WRONLY | os.O_APPEND)
        with open(f"{self.source}/file", "ab") as behind:
            behind.write(b" behind")
        os.write(fd, b"!")
        self.assertEqual(read(f"{self.source}/file"), b"hello behind!")

    def test_pages_of_a_mapping_stay_in_their_place(self):
        fd = self.open(os.O_RDWR | os.O_APPEND)
        with mmap.mmap(fd, 5) as pages:
            pages[0:1] = b"J"
            pages.flush()
        self.assertEqual(read(f"{self.source}/file"), b"Jello")

    def test_copies_into_a_file_that_appended(self):
        write(f"{self.mounted.path}/from", b"HE")
        fd = self.open(os.O_RDWR | os.O_APPEND)
        self.change(fd, clear=os.O_APPEND)
        with open(f"{self.mounted.path}/from", "rb") as source:
            os.copy_file_range(source.fileno(), fd, 2, 0, 0)
        self.assertEqual(read(self.path), b"HEllo")

    def test_direct_that_was_set_and_cleared(self):
        write(self.path, b"x" * 8192)
        fd = self.open(os.O_RDWR)
        block = mmap.mmap(-1, 4096)
        block[:] = b"y" * 4096
        for flags in ({"add": os.O_DIRECT}, {"clear": os.O_DIRECT}):
            self.change(fd, **flags)
            self.assertEqual(os.pwritev(fd, [block], 4096), 4096)
            self.assertEqual(os.preadv(fd, [block], 4096), 4096)
            self.assertEqual(block[:], b"y" * 4096)
        self.assertEqual(read(f"{self.source}/file"), b"x" * 4096 + b"y" * 4096)

    def test_nonblock_that_was_set(self):
        fd = self.open(os.O_RDWR)
        self.change(fd, add=os.O_NONBLOCK)
        self.assertEqual(os.pread(fd, 5, 0), b"hello")
        self.assertEqual(os.pwrite(fd, b"J", 0), 1)

    def test_noatime_that_was_set(self):
        for way in ("opened", "set"):
            with self.subTest(way=way):
                os.utime(self.path, ns=(10**18, os.stat(self.path).st_mtime_ns))
                fd = self.open(os.O_RDONLY | (os.O_NOATIME if way == "opened" else 0))
                if way == "set":
                    self.change(fd, add=os.O_NOATIME)
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                os.pread(fd, 5, 0)
                self.assertEqual(os.stat(f"{self.source}/file").st_atime_ns, 10**18)
                self.change(fd, clear=os.O_NOATIME)
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                os.pread(fd, 5, 0)
                self.assertNotEqual(os.stat(f"{self.source}/file").st_atime_ns, 10**18)


if __name__ == "__main__":
    program.main()
