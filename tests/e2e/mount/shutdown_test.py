#!/usr/bin/env python3
"""Every way a mount ends: asked, signalled, unmounted by others' tools, killed."""

import errno
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, mountinfo, process, program, wait  # noqa: E402
from support_py.case import NOBODY, MountCase, read, write  # noqa: E402


class Asked(MountCase):
    def test_signals_end_it_cleanly_with_files_open(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            for over_itself in (False, True):
                with self.subTest(signal=number.name, over_itself=over_itself):
                    source = self.backing()
                    mounted = self.mount(source, None if over_itself else self.directory())
                    with open(f"{mounted.path}/file", "wb", buffering=0) as file:
                        file.write(b"1")
                        os.mkdir(f"{mounted.path}/dir")
                        directory = os.open(f"{mounted.path}/dir", os.O_RDONLY)
                        mounted.signal(number)
                        mounted.wait_for_end()
                        self.assertEqual(
                            [e for e in mountinfo.at(mounted.path) if e.fstype == "fuse.vexfs"], []
                        )
                        os.close(directory)
                    self.assertEqual(read(f"{source}/file"), b"1")
                    # The place is free for the next mount.
                    again = self.mount(source, None if over_itself else mounted.path)
                    self.assertEqual(read(f"{again.path}/file"), b"1")
                    again.unmount()

    def test_signals_end_the_background_daemon(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            source, point = self.backing(), self.directory()
            daemon = self.background(source, point, mountpoint=point)
            os.kill(daemon.pid, number)
            daemon.wait_for_end()
            self.assertEqual(mountinfo.at(point), [])

    def test_second_signal_while_ending(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        with open(f"{mounted.path}/file", "wb"):
            for _ in range(5):
                mounted.signal(signal.SIGTERM)
            mounted.wait_for_end()

    @program.needs_root
    def test_umount(self):
        mounted = self.mount(self.backing(), self.directory())
        process.check(["umount", mounted.path])
        mounted.wait_for_end()

    @program.needs_root
    def test_umount_lazily_waits_for_open_files(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        with open(f"{mounted.path}/file", "wb", buffering=0) as file:
            process.check(["umount", "-l", mounted.path])
            file.write(b"still served")
        mounted.wait_for_end()
        self.assertEqual(read(f"{source}/file"), b"still served")

    def test_fusermount3(self):
        source = self.backing()
        mounted = self.user_mount(source)
        process.check(["fusermount3", "-u", mounted.path], uid=mounted.uid)
        mounted.wait_for_end()

    @program.needs_root
    def test_fusermount3_as_root(self):
        mounted = self.mount(self.backing(), self.directory())
        process.check(["fusermount3", "-u", mounted.path])
        mounted.wait_for_end()

    def test_a_busy_mount_stays(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        with open(f"{mounted.path}/file", "wb", buffering=0) as file:
            result = mount.vexfs("unmount", mounted.path)
            self.assertIn(result.returncode, (1, 2), result.stderr)
            self.assertIn("busy", result.stderr)
            self.assertEqual(len(result.stderr.strip().split("\n")), 1, result.stderr)
            file.write(b"1")
        mounted.unmount()
        self.assertEqual(read(f"{source}/file"), b"1")

    def test_unmount_refuses_other_filesystems(self):
        source = self.backing("tmpfs")
        result = mount.vexfs("unmount", source)
        self.assertIn(result.returncode, (1, 2), result.stderr)
        self.assertNotEqual(mountinfo.at(source), [])

    def test_unmount_takes_a_relative_path_and_a_symlink(self):
        source, point = self.backing(), self.directory()
        os.symlink(point, f"{point}.link")
        mounted = self.mount(source, point)
        result = mount.vexfs("unmount", "mnt.link", cwd=os.path.dirname(point))
        self.assertEqual(result.returncode, 0, result.stderr)
        mounted.wait_for_end()


class Killed(MountCase):
    def test_a_dead_mount_answers_with_an_error(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        with open(f"{mounted.path}/file", "wb", buffering=0) as file:
            file.write(b"1")
            mounted.kill()
            with self.assertRaises(OSError) as caught:
                os.listdir(mounted.path)
            self.assertEqual(caught.exception.errno, errno.ENOTCONN)
        result = mount.vexfs("unmount", mounted.path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(mountinfo.at(mounted.path), [])
        self.assertEqual(read(f"{source}/file"), b"1")

    def check_auto_unmount(self, options=("auto_unmount",), **how):
        source = self.backing()
        mounted = self.mount(source, self.directory(owner=how.get("uid")), options, **how)
        mounted.status()
        mounted.kill()
        wait.until(lambda: not mountinfo.at(mounted.path), what="auto_unmount")
        self.assertEqual(os.listdir(mounted.path), [])

    @program.needs_root
    def test_auto_unmount(self):
        self.check_auto_unmount()

    @program.needs_root
    def test_auto_unmount_of_a_users_mount(self):
        """fusermount3 looks at the dead mount as root, which needs allow_other."""
        self.allow_users_allow_other()
        self.check_auto_unmount(["auto_unmount", "allow_other"], uid=NOBODY)

    def test_auto_unmount_ends_cleanly_too(self):
        source = self.backing()
        mounted = self.mount(source, self.directory(), ["auto_unmount"])
        write(f"{mounted.path}/file")
        mounted.unmount()
        self.assertEqual(mountinfo.at(mounted.path), [])

    def test_auto_unmount_in_the_background(self):
        source, point = self.backing(), self.directory()
        daemon = self.background(source, point, "-o", "auto_unmount", mountpoint=point)
        daemon.kill()
        wait.until(lambda: not mountinfo.at(point), what="auto_unmount")


if __name__ == "__main__":
    program.main()
