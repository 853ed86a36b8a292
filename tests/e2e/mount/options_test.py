#!/usr/bin/env python3
"""What each -o option does, seen from outside."""

import errno
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program  # noqa: E402
from support_py.case import NOBODY, MountCase, read, write  # noqa: E402

OTHER_USER = NOBODY - 1


class Options(MountCase):
    def test_ro(self):
        source, point = self.backing(), self.directory()
        write(f"{source}/file", b"1")
        mounted = self.mount(source, point, ["ro"])
        self.assertIn("ro", mounted.entry.options)
        self.assertEqual(read(f"{point}/file"), b"1")
        for attempt in (
            lambda: open(f"{point}/new", "w").close(),
            lambda: open(f"{point}/file", "r+").close(),
            lambda: os.mkdir(f"{point}/dir"),
            lambda: os.unlink(f"{point}/file"),
            lambda: os.rename(f"{point}/file", f"{point}/other"),
            lambda: os.chmod(f"{point}/file", 0o600),
            lambda: os.utime(f"{point}/file"),
            lambda: os.setxattr(f"{point}/file", "user.a", b"1"),
            lambda: os.link(f"{point}/file", f"{point}/link"),
            lambda: os.symlink("file", f"{point}/symlink"),
            lambda: os.truncate(f"{point}/file", 0),
        ):
            with self.assertRaises(OSError) as caught:
                attempt()
            self.assertEqual(caught.exception.errno, errno.EROFS)
        self.assertEqual(os.listdir(source), ["file"])

    def test_fsname_and_subtype(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        self.assertEqual((mounted.entry.fstype, mounted.entry.source), ("fuse.vexfs", source))
        mounted = self.mount(source, self.directory(), ["fsname=my-name", "subtype=other"])
        self.assertEqual((mounted.entry.fstype, mounted.entry.source), ("fuse.other", "my-name"))

    @program.needs_root
    def test_root_lets_everyone_in_with_their_own_rights(self):
        source = self.backing()
        mounted = self.mount(source, self.directory())
        self.assertLessEqual({"allow_other", "default_permissions"}, mounted.entry.super_options)
        write(f"{source}/secret")
        os.chmod(f"{source}/secret", 0o600)
        write(f"{source}/open")
        os.chmod(f"{source}/open", 0o644)
        cat = lambda name: process.run(["cat", f"{mounted.path}/{name}"], uid=NOBODY)  # noqa: E731
        self.assertEqual(cat("open").returncode, 0)
        self.assertIn("Permission denied", cat("secret").stderr)
        process.check(["touch", f"{mounted.path}/mine"], uid=NOBODY)
        self.assertEqual(os.stat(f"{source}/mine").st_uid, NOBODY)

    @program.needs_root
    def test_others_reach_a_backing_without_acls(self):
        """A filesystem without ACLs answers EOPNOTSUPP for one, which no open may return."""
        source = self.backing()
        process.check(["mount", "-t", "ramfs", "-o", "mode=755", "vexfs-test", source])
        mounted = self.mount(source, self.directory())
        os.mkdir(f"{source}/dir")
        # The kernel asks for an ACL only where the group has rights.
        os.chmod(f"{source}/dir", 0o775)
        write(f"{source}/dir/file", b"1")
        os.chmod(f"{source}/dir/file", 0o664)
        result = process.run(["cat", f"{mounted.path}/dir/file"], uid=NOBODY)
        self.assertEqual((result.stderr, result.stdout), ("", "1"))

    @program.needs_root
    def test_others_may_read_the_reports(self):
        mounted = self.mount(self.backing(), self.directory())
        for name in ("status", "stack", "metrics"):
            result = process.run(["cat", f"{mounted.path}/.vexfs/{name}"], uid=NOBODY)
            self.assertEqual(result.stderr, "")

    @program.needs_root
    def test_allow_other_needs_leave_for_a_user(self):
        source, point = self.backing(), self.directory(owner=NOBODY)
        result = mount.vexfs("mount", source, point, "-o", "allow_other", uid=NOBODY)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("allow_other", result.stderr)
        self.allow_users_allow_other()
        mounted = self.mount(source, point, ["allow_other"], uid=NOBODY)
        self.assertIn("allow_other", mounted.entry.super_options)
        process.check(["ls", point], uid=OTHER_USER)

    @program.needs_root
    def test_a_users_mount_is_closed_to_others(self):
        mounted = self.user_mount(self.backing())
        self.assertNotIn("allow_other", mounted.entry.super_options)
        process.check(["ls", mounted.path], uid=NOBODY)
        self.assertNotEqual(process.run(["ls", mounted.path], uid=OTHER_USER).returncode, 0)

    @program.needs_root
    def test_default_permissions_of_a_users_mount(self):
        source, point = self.backing(), self.directory(owner=NOBODY)
        write(f"{source}/theirs")
        os.chmod(f"{source}/theirs", 0o600)
        for options in ([], ["default_permissions"]):
            with mount.Mount(source, point, options, uid=NOBODY):
                result = process.run(["cat", f"{point}/theirs"], uid=NOBODY)
                self.assertIn("Permission denied", result.stderr)

    def test_one_thread(self):
        source = self.backing()
        mounted = self.mount(source, self.directory(), ["max_threads=1"])
        errors = []

        def work(number):
            try:
                for round_ in range(50):
                    name = f"{mounted.path}/{number}-{round_}"
                    write(name, b"x" * number)
                    os.rename(name, f"{name}.moved")
                    if read(f"{name}.moved") != b"x" * number:
                        errors.append(name)
            except OSError as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        self.assertEqual(len(os.listdir(source)), 400)

    def test_timeouts(self):
        """With long timeouts a look may show the past; without any, each look is fresh."""
        source = self.backing()
        mounted = self.mount(
            source, self.directory(), ["attr_timeout=0", "entry_timeout=0", "negative_timeout=0"]
        )
        path = f"{mounted.path}/file"
        for size in range(50):
            write(f"{source}/file", b"x" * size)
            self.assertEqual(os.stat(path).st_size, size)
            os.unlink(f"{source}/file")
            self.assertFalse(os.path.exists(path))
        self.assertTrue(mounted.status()["timeouts"])

    def test_timeout_keeps_an_attribute(self):
        source = self.backing()
        mounted = self.mount(source, self.directory(), ["attr_timeout=3600", "entry_timeout=3600"])
        write(f"{source}/file", b"1")
        self.assertEqual(os.stat(f"{mounted.path}/file").st_mode & 0o777, 0o644)
        os.chmod(f"{source}/file", 0o600)
        self.assertEqual(os.stat(f"{mounted.path}/file").st_mode & 0o777, 0o644)

    def test_options_repeated_and_split(self):
        source, point = self.backing(), self.directory()
        result = mount.vexfs("mount", source, point, "-o", "max_threads=2", "-o", "ro,fsname=x")
        self.assertEqual(result.returncode, 0, result.stderr)
        daemon = mount.Background(point)
        self.stack.callback(daemon.end)
        self.assertIn("ro", daemon.entry.options)
        self.assertEqual(daemon.entry.source, "x")


if __name__ == "__main__":
    program.main()
