#!/usr/bin/env python3
"""Directories below a mount that have a store of their own."""

import errno
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program  # noqa: E402
from support_py.case import MountCase, write  # noqa: E402


class InnerStore(MountCase):
    def setUp(self):
        super().setUp()
        self.source = self.backing()
        os.makedirs(f"{self.source}/sub/deeper")
        write(f"{self.source}/sub/file")
        write(f"{self.source}/sub/deeper/file")
        result = mount.vexfs("space", "create", "s", "--dim", "2", f"{self.source}/sub")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.mounted = self.mount(self.source)
        self.sub = f"{self.mounted.path}/sub"

    def test_it_is_listed_and_removed(self):
        self.assertEqual(sorted(os.listdir(self.sub)), [".vexfs", "deeper", "file"])
        self.assertIn("catalog.sqlite", os.listdir(f"{self.sub}/.vexfs"))
        process.check(["rm", "-rf", self.sub])
        self.assertFalse(os.path.exists(self.sub))

    def test_it_is_moved_and_copied(self):
        os.rename(self.sub, f"{self.mounted.path}/moved")
        copy = f"{self.directory()}/copy"
        shutil.copytree(f"{self.mounted.path}/moved", copy, symlinks=True)
        self.assertEqual(sorted(os.listdir(copy)), [".vexfs", "deeper", "file"])
        os.rename(f"{self.mounted.path}/moved/.vexfs", f"{self.mounted.path}/store")
        self.assertNotIn(".vexfs", os.listdir(f"{self.mounted.path}/moved"))
        self.assertIn("pid", mount.read_status(f"{self.mounted.path}/moved"))

    def test_the_surface_is_back_when_it_is_gone(self):
        shutil.rmtree(f"{self.sub}/.vexfs")
        self.assertEqual(mount.read_status(self.sub)["pid"], self.mounted.pid)
        self.assertNotIn(".vexfs", os.listdir(self.sub))

    def test_none_can_be_made_or_moved_in(self):
        os.mkdir(f"{self.mounted.path}/empty")
        for directory in (self.mounted.path, self.sub, f"{self.sub}/deeper"):
            with self.assertRaises(OSError) as caught:
                os.mkdir(f"{directory}/.vexfs")
            self.assertEqual(caught.exception.errno, errno.EEXIST)
            with self.assertRaises(OSError) as caught:
                os.rename(f"{self.mounted.path}/empty", f"{directory}/.vexfs")
            self.assertEqual(caught.exception.errno, errno.EPERM)

    def test_the_mounts_own_store_stays_out_of_reach(self):
        self.assertNotIn(".vexfs", os.listdir(self.mounted.path))
        with self.assertRaises(OSError) as caught:
            os.rmdir(f"{self.mounted.path}/.vexfs")
        self.assertEqual(caught.exception.errno, errno.EPERM)

    def test_commands_say_where_to_ask(self):
        result = mount.vexfs("space", "list", self.sub)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn("has a store of its own", result.stderr)
        self.assertIn(f"ask {self.mounted.path}", result.stderr)
        result = mount.vexfs("space", "list", f"{self.sub}/deeper")
        self.assertEqual((result.returncode, result.stderr), (1, ""), "no spaces, and no failure")


if __name__ == "__main__":
    program.main()
