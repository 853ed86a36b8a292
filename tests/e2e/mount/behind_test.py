#!/usr/bin/env python3
"""The mount and the directory behind it: changes on one side, two mounts, numbers that stay."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import program, wait  # noqa: E402
from support_py.case import MountCase, read, sync_file, write  # noqa: E402


class Behind(MountCase):
    def soon(self, condition, what):
        """A change behind the mount is seen within the default timeouts, which are short."""
        wait.until(condition, what=what)

    def test_changes_are_seen(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        path = f"{mounted.path}/file"
        self.assertFalse(os.path.exists(path))
        write(f"{source}/file", b"1")
        self.soon(lambda: os.path.exists(path), "a new file")
        self.assertEqual(read(path), b"1")
        write(f"{source}/file", b"longer than before")
        self.soon(lambda: os.stat(path).st_size == 18, "the new size")
        self.soon(lambda: read(path) == b"longer than before", "the new content")
        os.chmod(f"{source}/file", 0o600)
        self.soon(lambda: os.stat(path).st_mode & 0o777 == 0o600, "the new mode")
        write(f"{source}/other", b"another file")
        os.rename(f"{source}/other", f"{source}/file")
        self.soon(lambda: read(path) == b"another file", "the file that took the name")
        os.unlink(f"{source}/file")
        self.soon(lambda: not os.path.exists(path), "the removal")

    def test_same_size_other_content(self):
        """The page cache of the mount must not outlive the content."""
        source = self.backing()
        for options in ([], ["passthrough=off"]):
            mounted = self.mount(source, self.directory(), options)
            for content in (b"aaaa", b"bbbb", b"cccc"):
                write(f"{source}/file", content)
                self.soon(lambda: read(f"{mounted.path}/file") == content, content)

    def test_directories_that_move_behind(self):
        source = self.backing()
        os.makedirs(f"{source}/a/b")
        write(f"{source}/a/b/file", b"1")
        mounted = self.mount(source, self.directory())
        descriptor = os.open(f"{mounted.path}/a/b", os.O_RDONLY)
        os.rename(f"{source}/a", f"{source}/c")
        self.soon(lambda: os.path.exists(f"{mounted.path}/c/b/file"), "the new name")
        self.soon(lambda: not os.path.exists(f"{mounted.path}/a"), "the old name's end")
        self.assertEqual(os.listdir(descriptor), ["file"])
        os.close(descriptor)

    def test_a_file_turned_directory(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        write(f"{mounted.path}/x", b"1")
        os.unlink(f"{source}/x")
        os.makedirs(f"{source}/x/y")
        self.soon(lambda: os.path.isdir(f"{mounted.path}/x/y"), "the directory")

    def test_two_mounts_of_one_source(self):
        source = self.backing()
        one = self.mount(source, self.directory())
        two = self.mount(source, self.directory())
        write(f"{one.path}/file", b"1")
        self.soon(lambda: os.path.exists(f"{two.path}/file"), "the file of the other mount")
        write(f"{two.path}/file", b"2")
        self.soon(lambda: read(f"{one.path}/file") == b"2", "the content of the other mount")
        self.assertEqual(os.stat(f"{one.path}/file").st_ino, os.stat(f"{two.path}/file").st_ino)
        one.unmount()
        self.assertEqual(read(f"{two.path}/file"), b"2")
        two.unmount()

    def test_a_mount_of_a_mount(self):
        source = self.backing()
        one = self.mount(source, self.directory())
        two = self.mount(one.path, self.directory())
        os.mkdir(f"{two.path}/dir")
        write(f"{two.path}/dir/file", b"1")
        os.rename(f"{two.path}/dir/file", f"{two.path}/file")
        self.assertEqual(read(f"{source}/file"), b"1")
        two.unmount()
        one.unmount()

    def test_inode_numbers_stay(self):
        for kind in ("directory", "tmpfs", "ext4", "xfs", "btrfs"):
            with self.subTest(kind=kind):
                source, point = self.backing(kind), self.directory()
                os.mkdir(f"{source}/dir")
                write(f"{source}/dir/file")
                os.symlink("x", f"{source}/link")
                names = (".", "dir", "dir/file", "link")
                numbers = []
                for _ in range(3):
                    mounted = self.mount(source, point)
                    numbers.append([os.lstat(f"{point}/{name}").st_ino for name in names])
                    sync_file(f"{point}/dir/file")
                    mounted.unmount()
                self.assertEqual(numbers[1:], numbers[:-1])
                self.assertEqual(len(set(numbers[0])), len(names))


if __name__ == "__main__":
    program.main()
