#!/usr/bin/env python3
"""user.vexfs.vector.<space>: set, read, listed and removed like any attribute."""

import ctypes
import errno
import math
import os
import shutil
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program  # noqa: E402
from support_py.case import NOBODY, write  # noqa: E402
from support_py.vectors import (  # noqa: E402
    EAST, NORTH, UP, VectorCase, attribute, give, pack, search, taken)

_libc = ctypes.CDLL(None, use_errno=True)


def raw_get(path, name, room):
    """getxattr(2) with a buffer of `room` bytes: the size, or a negative errno."""
    buffer = ctypes.create_string_buffer(max(room, 1))
    size = _libc.getxattr(path.encode(), name.encode(), buffer if room else None, room)
    return size if size >= 0 else -ctypes.get_errno()


class Attributes(VectorCase):
    def setUp(self):
        super().setUp()
        self.top = self.mount_with_space()
        self.path = self.file(f"{self.top}/file")

    def test_set_get_list_remove(self):
        self.assertNotIn(attribute(), os.listxattr(self.path))
        give(self.path, EAST)
        self.assertEqual(os.getxattr(self.path, attribute()), pack(*EAST))
        os.setxattr(self.path, "user.other", b"x")
        self.assertEqual(sorted(os.listxattr(self.path)), ["user.other", attribute()])
        give(self.path, NORTH)
        self.assertEqual(taken(self.path), NORTH)
        os.removexattr(self.path, attribute())
        self.assertEqual(os.listxattr(self.path), ["user.other"])
        self.assert_errno(errno.ENODATA, os.getxattr, self.path, attribute())
        self.assert_errno(errno.ENODATA, os.removexattr, self.path, attribute())
        self.assertEqual(search(self.top, NORTH), [])

    def test_it_is_not_stored_on_the_backing_file(self):
        give(self.path, EAST)
        self.mounted.unmount()
        self.assertEqual(os.listxattr(f"{self.source}/file"), [])

    def test_create_and_replace(self):
        value = pack(*EAST)
        self.assert_errno(
            errno.ENODATA, os.setxattr, self.path, attribute(), value, os.XATTR_REPLACE)
        os.setxattr(self.path, attribute(), value, os.XATTR_CREATE)
        self.assert_errno(errno.EEXIST, os.setxattr, self.path, attribute(), value, os.XATTR_CREATE)
        os.setxattr(self.path, attribute(), pack(*UP), os.XATTR_REPLACE)
        self.assertEqual(taken(self.path), UP)

    def test_sizes(self):
        give(self.path, EAST)
        name = attribute()
        self.assertEqual(raw_get(self.path, name, 0), 16)
        self.assertEqual(raw_get(self.path, name, 15), -errno.ERANGE)
        self.assertEqual(raw_get(self.path, name, 16), 16)
        self.assertEqual(raw_get(self.path, name, 65536), 16)

    def test_values_that_the_space_does_not_take(self):
        for value in (b"", b"abc", pack(1.0), pack(1, 2, 3, 4, 5), pack(0, 0, 0, 0),
                      pack(1, 2, 3, math.nan), pack(1, 2, 3, math.inf)):
            with self.subTest(value=value):
                self.assert_errno(errno.EINVAL, os.setxattr, self.path, attribute(), value)
        self.assertIsNone(taken(self.path))

    def test_several_vectors_of_one_file(self):
        os.setxattr(self.path, attribute(), pack(*EAST, *NORTH))
        self.assertEqual(taken(self.path), EAST + NORTH)
        self.assertEqual(search(self.top, EAST), ["file"])
        self.assertEqual(search(self.top, NORTH), ["file"])
        give(self.path, UP)
        self.assertEqual(taken(self.path), UP)

    def test_several_spaces(self):
        self.make_space(self.top, "second", dim=2)
        give(self.path, EAST)
        give(self.path, (3.0, 4.0), "second")
        self.assertEqual(sorted(os.listxattr(self.path)), [attribute(), attribute("second")])
        self.assertEqual(taken(self.path, "second"), (3.0, 4.0))

    def test_unknown_spaces_and_other_reserved_names(self):
        self.assert_errno(errno.ENOENT, os.setxattr, self.path, attribute("unknown"), pack(*EAST))
        for call in (os.getxattr, os.removexattr):
            self.assert_errno(errno.ENODATA, call, self.path, attribute("unknown"))
        for name in ("user.vexfs.state", "user.vexfs.vector.", "user.vexfs."):
            self.assert_errno(errno.EPERM, os.setxattr, self.path, name, b"x")
            self.assert_errno(errno.ENODATA, os.getxattr, self.path, name)
            self.assert_errno(errno.EPERM, os.removexattr, self.path, name)

    def test_what_carries_no_vectors(self):
        os.mkdir(f"{self.top}/directory")
        for path in (f"{self.top}/directory", self.top):
            self.assert_errno(errno.EPERM, give, path, EAST)
            self.assert_errno(errno.ENODATA, os.getxattr, path, attribute())
            self.assertEqual(os.listxattr(path), [])
        os.mkfifo(f"{self.top}/fifo")
        self.assert_errno(errno.EPERM, give, f"{self.top}/fifo", EAST)
        self.assert_errno(errno.EOPNOTSUPP, give, f"{self.top}/.vexfs/status", EAST)

    @program.needs_root
    def test_rights_are_those_of_any_attribute(self):
        give(self.path, EAST)
        set_it = ["setfattr", "-n", attribute(), "-v", "0x" + pack(*NORTH).hex(), self.path]
        get_it = ["getfattr", "-n", attribute(), self.path]
        os.chmod(self.path, 0o644)
        self.assertIn("Permission denied", process.run(set_it, uid=NOBODY).stderr)
        self.assertEqual(process.run(get_it, uid=NOBODY).returncode, 0)
        os.chmod(self.path, 0o600)
        self.assertIn("Permission denied", process.run(get_it, uid=NOBODY).stderr)
        os.chmod(self.path, 0o666)
        self.assertEqual(process.run(set_it, uid=NOBODY).returncode, 0)
        self.assertEqual(taken(self.path), NORTH)

    def test_a_backing_files_own_attributes_of_that_name_stay_hidden(self):
        self.mounted.unmount()
        os.setxattr(f"{self.source}/file", attribute(), b"from another filesystem")
        self.mounted = self.mount(self.source)
        self.assertEqual(os.listxattr(self.path), [])
        give(self.path, EAST)
        self.assertEqual(taken(self.path), EAST)

    @program.needs_root
    def test_read_only_mount(self):
        give(self.path, EAST)
        self.remount(["ro"])
        self.assertEqual(taken(self.path), EAST)
        self.assert_errno(errno.EROFS, give, self.path, NORTH)
        self.assert_errno(errno.EROFS, os.removexattr, self.path, attribute())
        self.assertEqual(os.listdir(f"{self.top}/.vexfs/similar/file"), [])


class Tools(VectorCase):
    """Programs that copy attributes copy vectors."""

    def setUp(self):
        super().setUp()
        self.top = self.mount_with_space()
        os.mkdir(f"{self.top}/from")
        self.file(f"{self.top}/from/one", EAST)
        self.file(f"{self.top}/from/two", NORTH)
        self.file(f"{self.top}/from/none")

    def run_tool(self, *argv):
        if not shutil.which(argv[0]):
            self.skipTest(f"{argv[0]} is not installed")
        process.check(argv)

    def check_copy(self, at):
        self.assertEqual(taken(f"{self.top}/{at}/one"), EAST)
        self.assertEqual(taken(f"{self.top}/{at}/two"), NORTH)
        self.assertIsNone(taken(f"{self.top}/{at}/none"))
        self.assertEqual(search(f"{self.top}/{at}", EAST, k=1), ["one"])
        self.assertEqual(sorted(search(self.top, NORTH, k=2)), sorted([f"{at}/two", "from/two"]))

    def test_cp(self):
        self.run_tool("cp", "-a", f"{self.top}/from", f"{self.top}/copy")
        self.check_copy("copy")

    def test_rsync(self):
        self.run_tool("rsync", "-aX", f"{self.top}/from/", f"{self.top}/copy/")
        self.check_copy("copy")

    def test_tar(self):
        archive = f"{self.directory()}/archive.tar"
        names = ["--xattrs", "--xattrs-include=user.*"]
        self.run_tool("tar", *names, "-cf", archive, "-C", f"{self.top}/from", ".")
        os.mkdir(f"{self.top}/copy")
        self.run_tool("tar", *names, "-xf", archive, "-C", f"{self.top}/copy")
        self.check_copy("copy")

    def test_out_of_the_mount_and_back(self):
        outside = self.directory()
        self.run_tool("cp", "-a", f"{self.top}/from", outside)
        self.assertEqual(os.getxattr(f"{outside}/from/one", attribute()), pack(*EAST))
        self.run_tool("cp", "-a", f"{outside}/from", f"{self.top}/copy")
        self.check_copy("copy")

    def test_getfattr(self):
        self.run_tool("getfattr", "--version")
        shown = process.check(["getfattr", "-d", "-e", "hex", f"{self.top}/from/one"]).stdout
        self.assertIn(f"{attribute()}=0x{pack(*EAST).hex()}", shown)


class WithoutSpaces(VectorCase):
    def test_tools_complain_where_the_space_is_missing(self):
        """Of a move that is not complained of, the vector would be lost."""
        outside = self.directory()
        mounted = self.mount(self.backing())
        for name in ("copied", "moved", "synced"):
            write(f"{outside}/{name}")
            os.setxattr(f"{outside}/{name}", attribute(), pack(*EAST))
        for command in (["cp", "--preserve=xattr", f"{outside}/copied"],
                        ["mv", f"{outside}/moved"], ["rsync", "-aX", f"{outside}/synced"]):
            if shutil.which(command[0]) is None:
                continue
            result = process.run([*command, mounted.path])
            self.assertIn(attribute(), result.stderr, command)
            self.assertEqual(result.returncode != 0, command[0] != "mv", command)

    def test_a_list_fails_while_the_store_cannot_be_read(self):
        source = self.backing()
        mounted = self.mount(source)
        self.make_space(mounted.path)
        write(f"{mounted.path}/file")
        give(f"{mounted.path}/file", EAST)
        mounted.unmount()
        write(f"{source}/.vexfs/catalog.sqlite", b"damaged" * 1000)
        path = f"{self.mount(source).path}/file"
        for call in (os.listxattr, lambda file: os.getxattr(file, attribute())):
            self.assert_errno(errno.EUCLEAN, call, path)
        self.assertEqual(os.listxattr(os.path.dirname(path)), [])

    def test_a_mount_that_never_used_vectors_has_no_store(self):
        source = self.backing()
        mounted = self.mount(source)
        path = f"{mounted.path}/file"
        write(path)
        self.assertEqual(os.listxattr(path), [])
        self.assert_errno(errno.ENOENT, give, path, EAST)
        self.assert_errno(errno.ENODATA, os.getxattr, path, attribute())
        os.rename(path, f"{path}.moved")
        os.unlink(f"{path}.moved")
        mounted.unmount()
        self.assertEqual(os.listdir(source), [])


if __name__ == "__main__":
    unittest.TestCase.maxDiff = None
    program.main()
