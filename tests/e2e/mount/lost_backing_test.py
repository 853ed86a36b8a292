#!/usr/bin/env python3
"""The backing directory goes away or turns read-only: errors, never a hang, and a clean end."""

import errno
import fcntl
import os
import shutil
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program, wait  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402

# <linux/fs.h> of newer kernels; the same number on ext4, xfs and f2fs.
FS_IOC_SHUTDOWN = 0x8004587D
SHUTDOWN_NOLOGFLUSH = 2


class LostBacking(MountCase):
    def every_call(self, path):
        """Each call returns or raises OSError; the watchdog ends one that does neither."""
        for attempt in (
            lambda: os.listdir(path),
            lambda: os.stat(path),
            lambda: os.statvfs(path),
            lambda: os.listdir(f"{path}/dir"),
            lambda: read(f"{path}/file"),
            lambda: write(f"{path}/new"),
            lambda: os.mkdir(f"{path}/dir/new"),
            lambda: os.rename(f"{path}/file", f"{path}/dir/file"),
            lambda: os.unlink(f"{path}/dir/file"),
            lambda: os.setxattr(path, "user.a", b"1"),
            lambda: os.utime(path),
            lambda: os.symlink("x", f"{path}/link"),
            lambda: os.rmdir(f"{path}/dir"),
            os.sync,
        ):
            try:
                attempt()
            except OSError:
                pass

    @program.needs_root
    def test_turned_read_only(self):
        for kind in ("ext4", "tmpfs"):
            source = self.backing(kind)
            mounted = self.mount(source, self.directory())
            write(f"{mounted.path}/file", b"1")
            # close(2) returns before the daemon has closed the file, which keeps the disk busy.
            remount = ["mount", "-o", "remount,ro", source]
            wait.until(lambda: process.run(remount).returncode == 0, what="the remount")
            for attempt in (
                lambda: write(f"{mounted.path}/new"),
                lambda: open(f"{mounted.path}/file", "r+").close(),
                lambda: os.mkdir(f"{mounted.path}/dir"),
                lambda: os.unlink(f"{mounted.path}/file"),
                lambda: os.chmod(f"{mounted.path}/file", 0o600),
                lambda: os.setxattr(f"{mounted.path}/file", "user.a", b"1"),
                lambda: os.rename(f"{mounted.path}/file", f"{mounted.path}/other"),
            ):
                with self.assertRaises(OSError) as caught:
                    attempt()
                self.assertEqual(caught.exception.errno, errno.EROFS)
            self.assertEqual(read(f"{mounted.path}/file"), b"1")
            process.check(["mount", "-o", "remount,rw", source])
            write(f"{mounted.path}/new", b"2")
            self.assertEqual(read(f"{source}/new"), b"2")
            mounted.unmount()

    @program.needs_root
    def test_a_source_that_is_read_only_from_the_start(self):
        source = self.backing("tmpfs")
        write(f"{source}/file", b"1")
        process.check(["mount", "-o", "remount,ro", source])
        mounted = self.mount(source, self.directory())
        self.assertEqual(read(f"{mounted.path}/file"), b"1")
        with self.assertRaises(OSError) as caught:
            write(f"{mounted.path}/new")
        self.assertEqual(caught.exception.errno, errno.EROFS)
        mounted.unmount()

    def test_removed_behind_the_mount(self):
        source = f"{self.backing()}/source"
        os.makedirs(f"{source}/dir/deeper")
        write(f"{source}/file")
        mounted = self.mount(source, self.directory())
        process.check(["find", mounted.path])
        with open(f"{mounted.path}/file", "r+b", buffering=0) as file:
            shutil.rmtree(source)
            file.write(b"into an unlinked file")
            self.every_call(mounted.path)
        with self.assertRaises(OSError):
            write(f"{mounted.path}/new")
        mounted.unmount()

    def test_removed_and_made_again(self):
        parent = self.backing()
        os.mkdir(f"{parent}/source")
        mounted = self.mount(f"{parent}/source", self.directory())
        os.rmdir(f"{parent}/source")
        os.mkdir(f"{parent}/source")
        write(f"{parent}/source/file")
        # This is another directory of the same name; the mount stands on the one that it was given.
        self.assertFalse(os.path.exists(f"{mounted.path}/file"))
        self.every_call(mounted.path)
        mounted.unmount()

    def test_renamed_behind_the_mount(self):
        parent = self.backing()
        os.mkdir(f"{parent}/source")
        mounted = self.mount(f"{parent}/source", self.directory())
        os.rename(f"{parent}/source", f"{parent}/moved")
        write(f"{mounted.path}/file", b"1")
        self.assertEqual(read(f"{parent}/moved/file"), b"1")
        mounted.unmount()

    @program.needs_root
    def test_unmounted_lazily(self):
        for kind in ("tmpfs", "ext4"):
            source = self.backing(kind)
            os.mkdir(f"{source}/dir")
            write(f"{source}/file", b"1")
            mounted = self.mount(source, self.directory())
            process.check(["umount", "-l", source])
            # The daemon's descriptors keep the filesystem: the mount may go on.
            self.every_call(mounted.path)
            mounted.unmount()

    @program.needs_root
    def test_shut_down_under_the_mount(self):
        for kind in ("ext4", "xfs"):
            for options in ([], ["passthrough=off"]):
                with self.subTest(kind=kind, options=options):
                    self.check_shutdown(kind, options)

    def check_shutdown(self, kind, options):
        source = self.backing(kind)
        mounted = self.mount(source, self.directory(), options)
        os.mkdir(f"{mounted.path}/dir")
        write(f"{mounted.path}/file", b"1")
        with open(f"{mounted.path}/open", "wb", buffering=0) as file:
            directory = os.open(source, os.O_RDONLY)
            fcntl.ioctl(directory, FS_IOC_SHUTDOWN, struct.pack("I", SHUTDOWN_NOLOGFLUSH))
            os.close(directory)
            with self.assertRaises(OSError) as caught:
                file.write(b"1")
                os.fsync(file.fileno())
            self.assertEqual(caught.exception.errno, errno.EIO)
            with self.assertRaises(OSError) as caught:
                write(f"{mounted.path}/new")
            self.assertEqual(caught.exception.errno, errno.EIO)
            self.every_call(mounted.path)
        mounted.unmount()


if __name__ == "__main__":
    program.main()
