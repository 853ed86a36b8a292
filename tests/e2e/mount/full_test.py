#!/usr/bin/env python3
"""The backing directory fills up: ENOSPC comes through, nothing acknowledged is lost."""

import errno
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import backing, program, wait  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402

BLOCK = 64 * 1024


@program.needs_root
class Full(MountCase):
    def fill(self, path):
        """Writes until ENOSPC; returns the bytes that write(2) acknowledged."""
        acknowledged = 0
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            while True:
                # The content of each block is its own offset.
                block = f"{acknowledged:016}".encode() * (BLOCK // 16)
                acknowledged += os.write(file, block)
        except OSError as error:
            self.assertEqual(error.errno, errno.ENOSPC)
        finally:
            os.close(file)
        return acknowledged

    def check_content(self, path, size):
        content = read(path)
        self.assertEqual(len(content), size)
        position = 0
        while position < size:
            want = f"{position:016}".encode() * (BLOCK // 16)
            have = content[position : position + BLOCK]
            self.assertEqual(have, want[: len(have)], f"at {position}")
            position += BLOCK

    def check_full(self, kind, size, options=()):
        source = self.backing(kind, size=size)
        mounted = self.mount(source, self.directory(), options)
        write(f"{mounted.path}/small", b"1")
        acknowledged = self.fill(f"{mounted.path}/large")
        self.assertGreater(acknowledged, size // 4)
        self.check_content(f"{mounted.path}/large", acknowledged)
        self.check_content(f"{source}/large", acknowledged)
        self.assertEqual(os.statvfs(mounted.path).f_bavail, os.statvfs(source).f_bavail)
        self.assertEqual(read(f"{mounted.path}/small"), b"1")
        self.check_calls_when_full(mounted.path)
        # Space that is freed can be used again once the daemon has closed the file. The kernel asks
        # it to close the file after unlink(2) has returned.
        os.unlink(f"{mounted.path}/large")
        free = lambda: os.statvfs(source).f_bavail * os.statvfs(source).f_frsize  # noqa: E731
        wait.until(lambda: free() > size // 4, what="the space of the removed file")
        self.assertGreater(self.fill(f"{mounted.path}/large"), size // 4)
        os.truncate(f"{mounted.path}/large", 0)
        write(f"{mounted.path}/after", b"x" * BLOCK)
        self.assertEqual(read(f"{source}/after"), b"x" * BLOCK)
        self.assertEqual(mounted.status()["errors"], [])
        mounted.unmount()

    def check_calls_when_full(self, path):
        with open(f"{path}/allocate", "wb") as file:
            with self.assertRaises(OSError) as caught:
                os.posix_fallocate(file.fileno(), 0, 1 << 40)
            self.assertIn(caught.exception.errno, (errno.ENOSPC, errno.EFBIG))
        os.unlink(f"{path}/allocate")
        os.rename(f"{path}/small", f"{path}/small2")
        os.rename(f"{path}/small2", f"{path}/small")

    def test_ext4(self):
        self.check_full("ext4", 16 * backing.MIB)

    def test_ext4_through_the_daemon(self):
        self.check_full("ext4", 16 * backing.MIB, ["passthrough=off"])

    def test_tmpfs(self):
        self.check_full("tmpfs", 8 * backing.MIB)

    def test_tmpfs_through_the_daemon(self):
        self.check_full("tmpfs", 8 * backing.MIB, ["passthrough=off"])

    def test_no_inodes_left(self):
        source = self.backing("tmpfs", options=["nr_inodes=50"])
        mounted = self.mount(source, self.directory())
        made = 0
        with self.assertRaises(OSError) as caught:
            while made < 100:
                write(f"{mounted.path}/{made}", b"1")
                made += 1
        self.assertEqual(caught.exception.errno, errno.ENOSPC)
        self.assertEqual(len(os.listdir(mounted.path)), made)
        for attempt in (os.mkdir, os.mkfifo, lambda path: os.symlink("x", path)):
            with self.assertRaises(OSError) as caught:
                attempt(f"{mounted.path}/new")
            self.assertEqual(caught.exception.errno, errno.ENOSPC)
        # The store lacked space as well, and may be the first to take what is given back.
        for i in range(made // 2):
            os.unlink(f"{mounted.path}/{i}")
        write(f"{mounted.path}/new", b"1")


if __name__ == "__main__":
    program.main()
