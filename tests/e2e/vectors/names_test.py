#!/usr/bin/env python3
"""Vectors follow their files: every change of names shows in the very next search, and after the
next mount."""

import ctypes
import errno
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import program, wait  # noqa: E402
from support_py.case import sync_file, write  # noqa: E402
from support_py.vectors import (  # noqa: E402
    EAST, NEAR_EAST, NORTH, UP, VectorCase, attribute, give, search, taken)

_AT_FDCWD = -100
_AT_SYMLINK_FOLLOW = 0x400
_RENAME_NOREPLACE = 1
_RENAME_EXCHANGE = 2
_libc = ctypes.CDLL(None, use_errno=True)


def renameat2(old, new, flags):
    if _libc.renameat2(_AT_FDCWD, old.encode(), _AT_FDCWD, new.encode(), flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def link_descriptor(fd, path):
    """os.link does not follow the magic link."""
    old = f"/proc/self/fd/{fd}".encode()
    if _libc.linkat(_AT_FDCWD, old, _AT_FDCWD, path.encode(), _AT_SYMLINK_FOLLOW) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Names(VectorCase):
    def setUp(self):
        super().setUp()
        self.top = self.mount_with_space()

    def found(self, numbers, directory=""):
        return search(f"{self.top}/{directory}", numbers, k=1)

    def check(self, numbers, *expected, directory=""):
        """Now, and by the next daemon."""
        self.assertEqual(search(f"{self.top}/{directory}", numbers), list(expected))
        self.remount()
        self.assertEqual(search(f"{self.top}/{directory}", numbers), list(expected))

    def test_rename(self):
        self.file(f"{self.top}/old", EAST)
        os.rename(f"{self.top}/old", f"{self.top}/new")
        self.assertEqual(taken(f"{self.top}/new"), EAST)
        self.check(EAST, "new")

    def test_rename_to_another_directory(self):
        os.makedirs(f"{self.top}/a/b")
        os.mkdir(f"{self.top}/c")
        self.file(f"{self.top}/a/b/file", EAST)
        os.rename(f"{self.top}/a/b/file", f"{self.top}/c/file")
        self.assertEqual(self.found(EAST, "a"), [])
        self.assertEqual(self.found(EAST, "c"), ["file"])
        self.check(EAST, "c/file")

    def test_rename_over_a_file_with_vectors(self):
        self.file(f"{self.top}/new", EAST)
        self.file(f"{self.top}/old", NORTH)
        os.rename(f"{self.top}/new", f"{self.top}/old")
        self.assertEqual(taken(f"{self.top}/old"), EAST)
        self.check(NORTH, "old")

    def test_rename_of_a_file_without_vectors_over_one_with(self):
        self.file(f"{self.top}/new")
        self.file(f"{self.top}/old", NORTH)
        os.rename(f"{self.top}/new", f"{self.top}/old")
        self.assertIsNone(taken(f"{self.top}/old"))
        self.check(NORTH)

    def test_rename_that_must_not_replace(self):
        self.file(f"{self.top}/a", EAST)
        self.file(f"{self.top}/b", NORTH)
        self.assert_errno(
            errno.EEXIST, renameat2, f"{self.top}/a", f"{self.top}/b", _RENAME_NOREPLACE)
        self.assertEqual(self.found(EAST), ["a"])
        renameat2(f"{self.top}/a", f"{self.top}/c", _RENAME_NOREPLACE)
        self.check(EAST, "c", "b")

    def test_exchange(self):
        os.mkdir(f"{self.top}/directory")
        self.file(f"{self.top}/a", EAST)
        self.file(f"{self.top}/directory/b", NORTH)
        renameat2(f"{self.top}/a", f"{self.top}/directory/b", _RENAME_EXCHANGE)
        self.assertEqual(taken(f"{self.top}/a"), NORTH)
        self.assertEqual(self.found(EAST), ["directory/b"])
        self.check(NORTH, "a", "directory/b")

    def test_exchange_of_a_file_and_a_directory(self):
        os.mkdir(f"{self.top}/a")
        self.file(f"{self.top}/a/inner", EAST)
        self.file(f"{self.top}/b", NORTH)
        renameat2(f"{self.top}/a", f"{self.top}/b", _RENAME_EXCHANGE)
        self.assertEqual(self.found(EAST), ["b/inner"])
        self.check(NORTH, "a", "b/inner")

    def test_links(self):
        os.mkdir(f"{self.top}/directory")
        self.file(f"{self.top}/first", EAST)
        os.link(f"{self.top}/first", f"{self.top}/directory/second")
        self.assertEqual(taken(f"{self.top}/directory/second"), EAST)
        self.assertEqual(len(search(self.top, EAST)), 1, "a file is one hit whatever its names")
        self.assertEqual(self.found(EAST, "directory"), ["second"])
        os.unlink(f"{self.top}/first")
        self.check(EAST, "directory/second")

    def test_a_link_that_goes_leaves_the_other(self):
        self.file(f"{self.top}/first", EAST)
        os.link(f"{self.top}/first", f"{self.top}/second")
        os.unlink(f"{self.top}/second")
        self.check(EAST, "first")

    def test_unlink(self):
        self.file(f"{self.top}/gone", EAST)
        self.file(f"{self.top}/stays", NEAR_EAST)
        os.unlink(f"{self.top}/gone")
        self.check(EAST, "stays")

    def test_a_new_file_of_an_old_name_has_no_vectors(self):
        self.file(f"{self.top}/name", EAST)
        os.unlink(f"{self.top}/name")
        self.file(f"{self.top}/name")
        self.assertIsNone(taken(f"{self.top}/name"))
        self.check(EAST)

    def test_writing_keeps_the_vectors(self):
        self.file(f"{self.top}/file", EAST)
        write(f"{self.top}/file", b"other content")
        os.truncate(f"{self.top}/file", 0)
        self.check(EAST, "file")

    def test_unlinked_but_open(self):
        self.file(f"{self.top}/file", EAST)
        with open(f"{self.top}/file", "r+b") as file:
            os.unlink(f"{self.top}/file")
            self.assertEqual(self.found(EAST), [])
            self.assertEqual(len(os.getxattr(file.fileno(), attribute())), 16)
            give(file.fileno(), NORTH)
            self.assertEqual(self.found(NORTH), [])
        self.check(EAST)

    def test_a_name_for_a_file_that_had_none(self):
        fd = os.open(self.top, os.O_TMPFILE | os.O_RDWR, 0o644)
        try:
            give(fd, UP)
            self.assertEqual(self.found(UP), [])
            link_descriptor(fd, f"{self.top}/named")
        finally:
            os.close(fd)
        self.assertEqual(taken(f"{self.top}/named"), UP)
        self.check(UP, "named")

    def test_directory_moves(self):
        os.makedirs(f"{self.top}/a/b/c")
        os.mkdir(f"{self.top}/d")
        self.file(f"{self.top}/a/b/c/file", EAST)
        os.rename(f"{self.top}/a/b", f"{self.top}/d/e")
        self.assertEqual(self.found(EAST), ["d/e/c/file"])
        self.assertEqual(self.found(EAST, "d/e"), ["c/file"])
        self.assertEqual(self.found(EAST, "a"), [])
        os.rename(f"{self.top}/d", f"{self.top}/a/f")
        self.check(EAST, "a/f/e/c/file")

    def test_a_tree_that_is_removed(self):
        for number in range(20):
            os.makedirs(f"{self.top}/a/{number % 4}", exist_ok=True)
            self.file(f"{self.top}/a/{number % 4}/{number}", (1.0, number, 0, 0))
        for number in range(20):
            os.unlink(f"{self.top}/a/{number % 4}/{number}")
        for number in range(4):
            os.rmdir(f"{self.top}/a/{number}")
        os.rmdir(f"{self.top}/a")
        self.check(EAST)

    def test_a_directory_that_is_emptied_and_made_again(self):
        os.mkdir(f"{self.top}/a")
        self.file(f"{self.top}/a/file", EAST)
        os.unlink(f"{self.top}/a/file")
        os.rmdir(f"{self.top}/a")
        os.mkdir(f"{self.top}/a")
        self.file(f"{self.top}/a/file", NORTH)
        self.check(NORTH, "a/file")

    def test_what_was_synced_survives_a_crash(self):
        os.mkdir(f"{self.top}/a")
        self.file(f"{self.top}/a/first", EAST)
        self.file(f"{self.top}/second", NORTH)
        os.rename(f"{self.top}/a", f"{self.top}/b")
        sync_file(f"{self.top}/b/first")
        self.mounted.kill()
        self.mounted = self.mount(self.source)
        self.assertEqual(search(self.top, EAST), ["b/first", "second"])
        self.assertEqual(taken(f"{self.top}/second"), NORTH)

    def test_what_changed_while_unmounted_is_found(self):
        os.mkdir(f"{self.top}/a")
        self.file(f"{self.top}/a/moved", EAST)
        self.file(f"{self.top}/removed", NEAR_EAST)
        self.file(f"{self.top}/stays", NORTH)
        self.mounted.unmount()
        os.rename(f"{self.source}/a/moved", f"{self.source}/elsewhere")
        os.unlink(f"{self.source}/removed")
        self.mounted = self.mount(self.source)
        expected = ["elsewhere", "stays"]
        wait.until(lambda: search(self.top, EAST) == expected, what="the reconciliation")
        self.assertEqual(taken(f"{self.top}/elsewhere"), EAST)


class OverOtherFilesystems(VectorCase):
    """Each has handles, birth times and inode numbers of its own."""

    def check(self, kind):
        top = self.mount_with_space(kind)
        os.mkdir(f"{top}/a")
        self.file(f"{top}/a/file", EAST)
        self.file(f"{top}/other", NORTH)
        os.rename(f"{top}/a/file", f"{top}/moved")
        os.unlink(f"{top}/other")
        os.rename(f"{top}/a", f"{top}/b")
        self.file(f"{top}/b/third", UP)
        self.assertEqual(search(top, EAST), ["moved", "b/third"])
        if kind != "tmpfs":  # Its handles are other ones after a mount of its own only.
            self.remount()
        self.assertEqual(search(top, UP, k=1), ["b/third"])
        self.assertEqual(taken(f"{top}/moved"), EAST)

    def test_ext4(self):
        self.check("ext4")

    def test_tmpfs(self):
        self.check("tmpfs")

    def test_xfs(self):
        self.check("xfs")

    def test_btrfs(self):
        self.check("btrfs")


if __name__ == "__main__":
    program.main()
