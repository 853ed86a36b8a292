#!/usr/bin/env python3
"""How `vexfs mount` starts: ready when it returns, or one clear line and exit 2."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, mountinfo, program  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402


class Background(MountCase):
    def test_ready_when_it_returns(self):
        for _ in range(20):
            source, point = self.backing(), self.directory()
            write(f"{source}/file", b"1")
            daemon = self.background(source, point, mountpoint=point)
            self.assertEqual(read(f"{point}/file"), b"1")
            self.assertTrue(daemon.running())
            daemon.unmount()

    def test_over_itself_and_relative(self):
        source = self.backing()
        here = os.getcwd()
        os.chdir(source)
        self.addCleanup(os.chdir, here)
        daemon = self.background(".", mountpoint=source)
        write(f"{source}/file", b"1")
        daemon.unmount()
        self.assertEqual(read(f"{source}/file"), b"1")

    def test_lets_go_of_the_terminal_and_the_working_directory(self):
        source, point = self.backing(), self.directory()
        daemon = self.background(source, point, mountpoint=point)
        self.assertNotEqual(os.getsid(daemon.pid), os.getsid(0))
        self.assertEqual(os.readlink(f"/proc/{daemon.pid}/cwd"), "/")
        # A caller that reads our output to its end must not have to wait for the daemon's end.
        for number in (0, 1, 2):
            self.assertEqual(os.readlink(f"/proc/{daemon.pid}/fd/{number}"), "/dev/null")
        daemon.unmount()

    def test_unmount_returns_when_the_daemon_is_done(self):
        source, point = self.backing(), self.directory()
        daemon = self.background(source, point, mountpoint=point)
        daemon.unmount()
        self.assertEqual(mountinfo.at(point), [])


class Refused(MountCase):
    """Each failure exits with 2, prints one line that names what is wrong, and mounts nothing."""

    def refuse(self, *arguments, names, point=None):
        for extra in ((), ("-f",)):
            before = mountinfo.entries()
            result = mount.vexfs("mount", *arguments, *extra)
            said = result.stderr.strip()
            self.assertEqual(result.returncode, 2, f"{arguments} {extra}: {said}")
            self.assertEqual(len(said.split("\n")), 1, said)
            self.assertEqual(result.stdout, "")
            self.assertIn(names, said)
            self.assertEqual(mountinfo.entries(), before)
            if point:
                self.assertTrue(os.path.isdir(point))

    def test_missing_source(self):
        self.refuse("/nonexistent/source", self.directory(), names="/nonexistent/source")

    def test_source_is_a_file(self):
        file = f"{self.backing()}/file"
        write(file)
        self.refuse(file, self.directory(), names="the source")
        self.refuse(file, names=file)

    def test_missing_mountpoint(self):
        self.refuse(self.backing(), "/nonexistent/mnt", names="/nonexistent/mnt")

    def test_mountpoint_is_a_file(self):
        source = self.backing()
        write(f"{source}/file")
        self.refuse(source, f"{source}/file", names=f"{source}/file")

    def test_unknown_option(self):
        source, point = self.backing(), self.directory()
        self.refuse(source, point, "-o", "no_such_option", names="no_such_option", point=point)
        self.refuse(source, point, "-o", "ro,no_such=1", names="no_such", point=point)

    def test_option_with_a_bad_value(self):
        source, point = self.backing(), self.directory()
        for option, value in (
            ("max_threads", "0"),
            ("max_threads", "many"),
            ("max_threads", "-1"),
            ("max_threads", "99999999999999999999"),
            ("attr_timeout", "soon"),
            ("entry_timeout", "-1"),
            ("thread_stack", "1"),
            ("passthrough", "perhaps"),
        ):
            with self.subTest(option=option, value=value):
                self.refuse(source, point, "-o", f"{option}={value}", names=option)

    def test_too_many_arguments(self):
        source, point = self.backing(), self.directory()
        result = mount.vexfs("mount", source, point, point)
        self.assertEqual(result.returncode, 2)
        self.assertIn(point, result.stderr.split("\n")[0])  # A hint at --help may follow.
        self.assertEqual(mountinfo.at(point), [])

    def test_no_arguments(self):
        result = mount.vexfs("mount")
        self.assertEqual(result.returncode, 2)
        self.assertNotEqual(result.stderr, "")

    def test_unmount_of_what_is_not_mounted(self):
        for path in (self.directory(), "/nonexistent/mnt"):
            result = mount.vexfs("unmount", path)
            self.assertIn(result.returncode, (1, 2), result.stderr)
            self.assertIn(path, result.stderr)
            self.assertEqual(len(result.stderr.strip().split("\n")), 1, result.stderr)

    def test_mounting_twice_on_one_place(self):
        source, point = self.backing(), self.directory()
        mounted = self.mount(source, point)
        for extra in ((), ("-f",)):
            result = mount.vexfs("mount", source, point, *extra)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn(point, result.stderr)
        self.assertEqual(len(mountinfo.at(point)), 1)
        write(f"{point}/file", b"1")
        mounted.unmount()
        self.assertEqual(read(f"{source}/file"), b"1")

    def test_mounting_twice_over_itself(self):
        source = self.backing()
        mounted = self.mount(source)
        result = mount.vexfs("mount", source)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(source, result.stderr)
        self.assertEqual(len(mountinfo.at(source)), 1)
        mounted.unmount()


if __name__ == "__main__":
    program.main()
