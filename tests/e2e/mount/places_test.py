#!/usr/bin/env python3
"""Where a mount may be: elsewhere, over its source, inside it, named in any way."""

import errno
import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mountinfo, process, program  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402


class Places(MountCase):
    def check_same(self, mounted, source):
        """What is done in one of the two directories is seen in the other."""
        write(f"{mounted}/from-mount", b"1")
        self.assertEqual(read(f"{source}/from-mount"), b"1")
        write(f"{source}/from-behind", b"2")
        self.assertEqual(read(f"{mounted}/from-behind"), b"2")

    def test_a_separate_mountpoint(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        self.check_same(mounted.path, source)

    def test_the_mountpoint_need_not_be_empty(self):
        source, point = self.backing(), self.directory()
        write(f"{point}/below")
        mounted = self.mount(source, point)
        self.assertEqual(os.listdir(point), [])
        mounted.unmount()
        self.assertEqual(os.listdir(point), ["below"])

    def over_itself(self, *arguments):
        source = self.backing()
        write(f"{source}/before", b"0")
        mounted = self.mount(source, *arguments)
        self.assertEqual(mountinfo.at(source)[-1].fstype, "fuse.vexfs")
        self.assertEqual(read(f"{source}/before"), b"0")
        os.mkdir(f"{source}/dir")
        write(f"{source}/dir/file", b"1")
        os.rename(f"{source}/dir/file", f"{source}/moved")
        self.assertEqual(sorted(os.listdir(source)), ["before", "dir", "moved"])
        mounted.unmount()
        self.assertEqual(sorted(os.listdir(source)), ["before", "dir", "moved"])
        self.assertEqual(read(f"{source}/moved"), b"1")

    def test_over_itself(self):
        self.over_itself()

    def test_over_itself_said_twice(self):
        source = self.backing()
        mounted = self.mount(source, source)
        write(f"{source}/file", b"1")
        mounted.unmount()
        self.assertEqual(read(f"{source}/file"), b"1")

    @program.needs_root
    def test_over_itself_where_a_filesystem_is_mounted(self):
        for kind in ("tmpfs", "ext4"):
            with self.subTest(kind=kind):
                source = self.backing(kind)
                mounted = self.mount(source)
                write(f"{source}/file", b"1")
                mounted.unmount()
                self.assertEqual(read(f"{source}/file"), b"1")

    def test_inside_the_source(self):
        source = self.backing()
        point = f"{source}/inner"
        os.mkdir(point)
        mounted = self.mount(source, point)
        self.check_same(point, source)
        self.check_not_again(f"{point}/inner")
        os.mkdir(f"{source}/beside")
        write(f"{source}/beside/file")
        found = process.run(["find", point, "-name", "file"])
        self.assertEqual(found.stdout.split(), [f"{point}/beside/file"])
        process.run(["ls", "-lR", source])
        mounted.unmount()
        self.assertEqual(os.listdir(point), [])

    def check_not_again(self, path):
        """If the daemon entered its own mount there, it would wait for itself."""
        with self.assertRaises(OSError) as caught:
            os.listdir(path)
        self.assertEqual(caught.exception.errno, errno.ELOOP)

    def test_deep_inside_the_source(self):
        source = self.backing()
        os.makedirs(f"{source}/a/b/c")
        mounted = self.mount(source, f"{source}/a/b/c")
        self.check_same(f"{source}/a/b/c", source)
        self.check_not_again(f"{source}/a/b/c/a/b/c")
        for attempt in (os.rmdir, os.unlink, lambda path: os.rename(path, f"{path}.moved")):
            with self.assertRaises(OSError):
                attempt(f"{source}/a/b/c/a/b/c")
        mounted.unmount()

    def test_the_source_inside_the_mountpoint(self):
        outer = self.directory()
        os.mkdir(f"{outer}/source")
        write(f"{outer}/source/file", b"1")
        mounted = self.mount(f"{outer}/source", outer)
        self.assertEqual(read(f"{outer}/file"), b"1")
        mounted.unmount()
        self.assertEqual(os.listdir(outer), ["source"])

    def test_relative_paths(self):
        source, point = self.backing(), self.directory()
        base = os.path.commonpath([source, point])
        mounted = self.mount(
            os.path.relpath(source, base), os.path.relpath(point, base), cwd=base
        )
        self.check_same(point, source)
        mounted.unmount()

    def test_the_current_directory(self):
        source = self.backing()
        mounted = self.mount(".", cwd=source)
        write(f"{source}/file", b"1")
        mounted.unmount()
        self.assertEqual(read(f"{source}/file"), b"1")

    def test_a_mountpoint_behind_a_symlink(self):
        source, point = self.backing(), self.directory()
        os.symlink(point, f"{point}.link")
        os.symlink(source, f"{point}.source")
        mounted = self.mount(f"{point}.source", f"{point}.link")
        self.check_same(point, source)
        mounted.unmount()

    def test_names_that_need_care(self):
        names = ("with space", "comma,and=sign", "back\\slash", "ümläut €", "new\nline", "-dash")
        for name in names:
            with self.subTest(name=name):
                source = f"{self.backing()}/{name}"
                os.mkdir(source)
                mounted = self.mount(source, self.directory(name))
                self.check_same(mounted.path, source)
                mounted.unmount()

    @unittest.skipIf(os.geteuid() == 0, "tested as root by test_a_plain_user")
    def test_as_this_user(self):
        source = self.backing()
        self.check_same(self.mount(source, self.directory()).path, source)

    @program.needs_root
    def test_a_plain_user(self):
        source = self.backing()
        mounted = self.user_mount(source)
        process.check(["sh", "-c", f"echo 1 > {mounted.path}/file"], uid=mounted.uid)
        self.assertEqual(read(f"{source}/file"), b"1\n")
        self.assertEqual(os.stat(f"{source}/file").st_uid, mounted.uid)
        mounted.unmount()

    # Longer than a path may be for the kernel, so only steps lead there.
    DEEP = """
import os, sys
os.chdir(sys.argv[1])
for _ in range(30):
    os.mkdir("n" * 200)
    os.chdir("n" * 200)
with open("file", "w") as file:
    file.write("deep")
os.rename("file", "moved")
with open("moved") as file:
    print(file.read(), os.stat("moved").st_size, os.listdir("."))
os.unlink("moved")
"""

    def test_deep_directories(self):
        for mounted in (self.mount(self.backing(), self.directory()),
                        self.user_mount(self.backing())):
            python = ["/usr/bin/env", "-i", "/usr/bin/python3", "-c", self.DEEP, mounted.path]
            if not os.access(python[2], os.X_OK):
                self.skipTest("needs a python3 that every user may run")
            self.assertEqual(process.check(python, uid=mounted.uid).stdout, "deep 4 ['moved']\n")
            # Names that the kernel forgot are found again.
            process.check(["find", mounted.path, "-name", "none"], uid=mounted.uid)
            process.check(["rm", "-rf", f"{mounted.path}/" + "n" * 200], uid=mounted.uid)
            self.assertEqual(process.check(["ls", mounted.path], uid=mounted.uid).stdout, "")


if __name__ == "__main__":
    program.main()
