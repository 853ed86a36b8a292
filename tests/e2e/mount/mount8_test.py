#!/usr/bin/env python3
"""mount(8), fstab and the helper name mount.fuse.vexfs."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, mountinfo, process, program, sandbox  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402

HELPER = "mount.fuse.vexfs"


@program.needs_root
class Mount8(MountCase):
    def setUp(self):
        super().setUp()
        self.install_helper()
        self.source, self.point = self.backing(), self.directory()
        write(f"{self.source}/file", b"1")

    def install_helper(self):
        """mount(8) looks for helpers in /sbin alone. This sandbox gets an /sbin of its own, with
        all the machine's programs and the helper, so that the machine's stays untouched."""
        own = os.path.join(sandbox.scratch(), "sbin")
        original = os.path.join(sandbox.scratch(), "sbin-original")
        for path in (own, original):
            os.makedirs(path, exist_ok=True)
        process.check(["mount", "--bind", "/usr/sbin", original])
        self.stack.callback(process.check, ["umount", original])
        for name in os.listdir(original):
            if not os.path.lexists(f"{own}/{name}"):
                os.symlink(f"{original}/{name}", f"{own}/{name}")
        if not os.path.lexists(f"{own}/{HELPER}"):
            os.symlink(mount.program(), f"{own}/{HELPER}")
        process.check(["mount", "--bind", own, "/usr/sbin"])
        self.stack.callback(process.check, ["umount", "/usr/sbin"])
        self.assertTrue(os.access(f"/sbin/{HELPER}", os.X_OK), "/sbin is not /usr/sbin")

    def daemon(self, path=None):
        daemon = mount.Background(path or self.point)
        self.stack.callback(daemon.end)
        return daemon

    def test_mount_with_a_type(self):
        process.check(["mount", "-t", "fuse.vexfs", self.source, self.point])
        daemon = self.daemon()
        self.assertEqual(daemon.entry.fstype, "fuse.vexfs")
        self.assertEqual(daemon.entry.source, self.source)
        self.assertEqual(read(f"{self.point}/file"), b"1")
        process.check(["umount", self.point])
        daemon.wait_for_end()

    def test_mount_with_options(self):
        options = "ro,noexec,max_threads=2,fsname=documents,noatime"
        process.check(["mount", "-t", "fuse.vexfs", self.source, self.point, "-o", options])
        daemon = self.daemon()
        self.assertLessEqual({"ro", "noexec", "noatime"}, daemon.entry.options)
        self.assertEqual(daemon.entry.source, "documents")

    def test_mount_over_itself(self):
        process.check(["mount", "-t", "fuse.vexfs", self.source, self.source])
        daemon = self.daemon(self.source)
        self.assertEqual(read(f"{self.source}/file"), b"1")
        daemon.unmount()

    def test_mount_reports_failure(self):
        result = process.run(["mount", "-t", "fuse.vexfs", "/nonexistent", self.point])
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("/nonexistent", result.stderr)
        result = process.run(
            ["mount", "-t", "fuse.vexfs", self.source, self.point, "-o", "no_such_option"]
        )
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("no_such_option", result.stderr)
        self.assertEqual(mountinfo.at(self.point), [])

    def test_fstab(self):
        for options in ("defaults", "rw,noauto,nofail,_netdev,x-systemd.automount,user"):
            with self.subTest(options=options):
                table = os.path.join(sandbox.scratch(), "fstab")
                line = f"{self.source} {self.point} fuse.vexfs {options} 0 0\n"
                write(table, line.encode())
                process.check(["mount", "-T", table, self.point])
                daemon = self.daemon()
                write(f"{self.point}/new", b"2")
                process.check(["umount", self.point])
                daemon.wait_for_end()
                self.assertEqual(read(f"{self.source}/new"), b"2")

    def test_the_helper_itself(self):
        helper = f"/sbin/{HELPER}"
        for options in ("rw,dev,suid,noauto", "rw,nosuid,nodev,exec,async,relatime,auto,nouser"):
            with self.subTest(options=options):
                process.check([helper, self.source, self.point, "-o", options])
                daemon = self.daemon()
                daemon.unmount()

    def test_the_helper_honours_dev_and_suid(self):
        helper = f"/sbin/{HELPER}"
        process.check([helper, self.source, self.point, "-o", "rw,dev,suid"])
        options = self.daemon().entry.options
        self.assertNotIn("nosuid", options)
        self.assertNotIn("nodev", options)

    def test_the_helper_knows_mounts_own_flags(self):
        """mount(8) passes -n, -s and -v on."""
        process.check([f"/sbin/{HELPER}", self.source, self.point, "-n", "-s", "-v", "-o", "rw"])
        self.daemon().unmount()

    def options_now(self):
        """The words of mount and filesystem, of the one mount that there is."""
        (entry,) = mountinfo.at(self.point)
        return entry.options | entry.super_options

    def test_remount(self):
        process.check(["mount", "-t", "fuse.vexfs", self.source, self.point])
        daemon = self.daemon()
        process.check(["mount", "-o", "remount,ro", self.point])
        self.assertIn("ro", self.options_now())
        with self.assertRaises(OSError):
            write(f"{self.point}/file", b"2")
        self.assertEqual(read(f"{self.point}/file"), b"1")
        process.check(["mount", "-o", "remount,rw", self.point])
        self.assertNotIn("ro", self.options_now())
        write(f"{self.point}/file", b"2")
        self.assertTrue(daemon.running())

    def test_remount_by_the_helper(self):
        """In each form in which mount(8), fstab and systemd hand the words on."""
        helper = f"/sbin/{HELPER}"
        process.check([helper, self.source, self.point, "-o", "rw,nosuid,nodev"])
        self.daemon()
        shown = "rw,nosuid,nodev,relatime,user_id=0,group_id=0,default_permissions,allow_other"
        for options, present, absent in (
            (f"{shown},remount,ro", {"ro", "nosuid", "nodev"}, set()),
            ("remount,rw", {"rw", "nosuid", "nodev"}, {"ro"}),
            ("rw,remount,noexec", {"noexec", "nosuid"}, set()),
            ("remount,exec,suid", {"nodev"}, {"noexec", "nosuid"}),
            ("remount,noatime", {"noatime"}, {"relatime"}),
            ("remount,relatime", {"relatime"}, {"noatime"}),
            ("remount,strictatime", set(), {"relatime", "noatime"}),
            ("remount,noatime,nodiratime", {"noatime", "nodiratime"}, set()),
            ("remount,ro,x-systemd.automount,nofail,_netdev,passthrough=off", {"ro"}, set()),
            ("remount,rw,seclabel,max_read=131072", {"rw"}, {"ro"}),
        ):
            with self.subTest(options=options):
                process.check([helper, self.source, self.point, "-o", options])
                self.assertLessEqual(present, self.options_now())
                self.assertFalse(absent & self.options_now())

    def test_remount_of_what_is_not_mounted(self):
        result = process.run([f"/sbin/{HELPER}", self.source, self.point, "-o", "remount,ro"])
        self.assertEqual(result.returncode, 2)
        self.assertIn("no VexFS is mounted here", result.stderr)

    def test_remount_read_only_with_a_file_open_for_writing(self):
        process.check(["mount", "-t", "fuse.vexfs", self.source, self.point])
        self.daemon()
        with open(f"{self.point}/file", "wb"):
            result = process.run([f"/sbin/{HELPER}", self.source, self.point, "-o", "remount,ro"])
            self.assertEqual(result.returncode, 2)
            self.assertIn("busy", result.stderr)
        self.assertNotIn("ro", self.options_now())

    def test_remount_writable_of_a_mount_that_began_read_only(self):
        process.check(["mount", "-t", "fuse.vexfs", "-o", "ro", self.source, self.point])
        self.daemon()
        result = process.check([f"/sbin/{HELPER}", self.source, self.point, "-o", "remount,rw"])
        self.assertIn("vectors and texts stay as they are", result.stderr)
        write(f"{self.point}/file", b"2")
        self.assertEqual(read(f"{self.source}/file"), b"2")

    def test_access_times_from_the_start(self):
        for options, present, absent in (
            ("strictatime", set(), {"relatime", "noatime"}),
            ("relatime", {"relatime"}, {"noatime"}),
            ("noatime,nodiratime", {"noatime", "nodiratime"}, {"relatime"}),
        ):
            with self.subTest(options=options):
                process.check(["mount", "-t", "fuse.vexfs", "-o", options, self.source, self.point])
                daemon = mount.Background(self.point)
                try:
                    self.assertLessEqual(present, self.options_now())
                    self.assertFalse(absent & self.options_now())
                finally:
                    daemon.end()

    def test_sloppy_and_fake(self):
        helper = [f"/sbin/{HELPER}", self.source, self.point]
        for flags in (["-f", "-o", "rw"], ["-fv"], ["-sf", "-o", "no_such_option"]):
            process.check([*helper, *flags])
            self.assertEqual(mountinfo.at(self.point), [])
        self.assertEqual(process.run([*helper, "-o", "no_such_option"]).returncode, 2)
        self.assertEqual(process.run([*helper, "-o", "user_id=5"]).returncode, 2)
        process.check([*helper, "-s", "-o", "no_such_option,max_threads=2"])
        self.assertEqual(self.daemon().status()["threads"]["count"], 2)


if __name__ == "__main__":
    program.main()
