#!/usr/bin/env python3
"""From one daemon to the next: who has the store, who waits for it, and whose mount is whose."""

import fcntl
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, mountinfo, process, program, wait  # noqa: E402
from support_py.case import NOBODY, MountCase, read, write  # noqa: E402

VECTOR = "user.vexfs.vector.s"


class Handover(MountCase):
    def source_with_a_vector(self):
        """A source whose `file` has a vector, unmounted."""
        source = self.backing()
        write(f"{source}/file")
        self.check("space", "create", "s", "--dim", "2", source)
        self.check("vector", "set", f"{source}/file", "--space", "s", "--values", "1,2")
        return source

    def check(self, *arguments):
        result = mount.vexfs(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)

    def has_vector(self, path):
        return os.getxattr(f"{path}/file", VECTOR) == struct.pack("<2f", 1, 2)

    def lock(self, source):
        """The store's lock, as another process has it; its file names this one."""
        file = open(f"{source}/.vexfs/lock", "r+")
        self.addCleanup(file.close)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        return file

    def assert_names(self, said, pid, source):
        self.assertIn(f"process {pid} (", said)
        self.assertIn(f"still has the store of {source}", said)

    def test_a_mount_is_refused_while_another_has_the_store(self):
        source, point = self.source_with_a_vector(), self.directory()
        with self.lock(source):
            for extra in ((), ("-f",)):
                result = mount.vexfs("mount", source, point, "-o", "store_wait=0", *extra)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assert_names(result.stderr, os.getpid(), source)
                self.assertEqual(mountinfo.at(point), [])

    def test_a_mount_waits_for_the_store(self):
        source, point = self.source_with_a_vector(), self.directory()
        lock = self.lock(source)
        argv = [mount.program(), "mount", source, point]
        with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as child:
            self.assert_names(child.stderr.readline(), os.getpid(), source)
            self.assertEqual(mountinfo.at(point), [])
            lock.close()
            self.assertEqual(child.wait(process.COMMAND_SECONDS_MAX), 0)
        daemon = mount.Background(point)
        self.stack.callback(daemon.end)
        self.assertTrue(self.has_vector(point))

    def test_a_mount_that_waits_can_be_interrupted(self):
        source, point = self.source_with_a_vector(), self.directory()
        with self.lock(source):
            argv = [mount.program(), "mount", source, point, "-f"]
            with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as child:
                child.stderr.readline()
                child.send_signal(signal.SIGINT)
                self.assertEqual(child.wait(process.COMMAND_SECONDS_MAX), 2)
        self.assertEqual(mountinfo.at(point), [])

    def test_a_second_mount_of_a_source_is_refused(self):
        source, other = self.source_with_a_vector(), self.directory()
        first = self.mount(source, self.directory())
        result = mount.vexfs("mount", source, other, "-o", "store_wait=0")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assert_names(result.stderr, first.pid, source)
        self.assertTrue(self.has_vector(first.path))

    def test_unmount_waits_for_a_daemon_that_does_not_end(self):
        source = self.source_with_a_vector()
        mounted = self.mount(source, self.directory())
        mounted.signal(signal.SIGSTOP)
        result = mount.vexfs("unmount", "--wait", "0", mounted.path)
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assert_names(result.stderr, f"{mounted.pid}", source)
        self.assertIn("which is stopped", result.stderr)
        self.assertEqual(mountinfo.at(mounted.path), [])
        refused = mount.vexfs("mount", source, mounted.path, "-o", "store_wait=0")
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assert_names(refused.stderr, f"{mounted.pid}", source)
        mounted.signal(signal.SIGCONT)
        mounted.wait_for_end()
        again = self.mount(source, mounted.path)
        self.assertTrue(self.has_vector(again.path))

    def test_unmount_and_mount_again_keeps_the_vectors(self):
        source = self.source_with_a_vector()
        for _ in range(20):
            daemon = self.background(source, mountpoint=source)
            self.assertTrue(self.has_vector(source))
            os.setxattr(f"{source}/file", VECTOR, struct.pack("<2f", 1, 2))
            self.check("unmount", source)
            daemon.wait_for_end()

    @program.needs_root
    def test_a_mount_waits_for_what_umount_has_left(self):
        source = self.source_with_a_vector()
        for _ in range(10):
            daemon = self.background(source, mountpoint=source)
            self.assertTrue(self.has_vector(source))
            process.check(["umount", source])
            self.stack.callback(daemon.wait_for_end)


class WhoseMount(MountCase):
    """A daemon takes its own mount away and no other."""

    @program.needs_root
    def test_what_is_mounted_above_stays(self):
        for over_itself in (False, True):
            with self.subTest(over_itself=over_itself):
                source = self.backing()
                first = self.mount(source, None if over_itself else self.directory())
                process.check(["mount", "-t", "tmpfs", "vexfs-test", first.path])
                self.stack.callback(process.run, ["umount", first.path])
                first.signal(signal.SIGTERM)
                first.wait_for_end()
                self.assertEqual(mountinfo.at(first.path)[-1].fstype, "tmpfs")
                process.check(["umount", first.path])
                # Now the dead mount is on top, and the next mount removes it.
                again = self.mount(source, first.path)
                self.assertEqual([e.mount_id for e in mountinfo.at(first.path)
                                  if e.fstype == "fuse.vexfs"], [again.entry.mount_id])

    def test_a_second_vexfs_at_the_path_stays(self):
        point = self.directory()
        first = self.mount(self.backing(), point)
        source = self.backing()
        write(f"{source}/second", b"2")
        with open(f"{point}/file", "wb", buffering=0) as file:
            self.assertEqual(mount.vexfs("unmount", "-l", point).returncode, 0)
            second = self.mount(source, point)
            file.write(b"1")
            first.signal(signal.SIGTERM)
            first.wait_for_end()
        self.assertEqual(mountinfo.at(point), [second.entry])
        self.assertEqual(read(f"{point}/second"), b"2")

    @program.needs_root
    def test_a_mount_that_was_moved_is_found(self):
        point, elsewhere = self.directory(), self.directory()
        mounted = self.mount(self.backing(), point)
        process.check(["mount", "--move", point, elsewhere])
        mounted.signal(signal.SIGTERM)
        mounted.wait_for_end()
        self.assertEqual(mountinfo.at(elsewhere), [])


class WithoutVectors(MountCase):
    """A mount that will lack vectors says so at once, in one line."""

    def said_by_mount(self, *arguments, mountpoint):
        result = mount.vexfs("mount", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        daemon = mount.Background(mountpoint)
        self.stack.callback(daemon.end)
        said = result.stderr.strip()
        self.assertEqual(len(said.split("\n")), 1, said)
        return said

    def test_a_source_that_can_have_a_store_needs_no_words(self):
        source = self.backing()
        self.assertEqual(self.said_by_mount(source, mountpoint=source), "")

    def test_a_damaged_store(self):
        source = self.backing()
        self.assertEqual(mount.vexfs("space", "create", "s", "--dim", "2", source).returncode, 0)
        write(f"{source}/.vexfs/catalog.sqlite", b"damaged" * 1000)
        write(f"{source}/file", b"1")
        said = self.said_by_mount(source, mountpoint=source)
        self.assertIn(f"mounted without vectors and search: {source}/.vexfs: ", said)
        self.assertIn(f"vexfs check {source}", said)
        self.assertEqual(read(f"{source}/file"), b"1")

    def test_a_directory_of_a_mount(self):
        source = self.backing()
        os.mkdir(f"{source}/sub")
        mounted = self.mount(source)
        said = self.said_by_mount(f"{mounted.path}/sub", mountpoint=f"{mounted.path}/sub")
        self.assertIn("lies in a VexFS that is mounted already", said)

    def test_a_file_in_the_stores_place(self):
        source = self.backing()
        write(f"{source}/.vexfs", b"mine")
        said = self.said_by_mount(source, mountpoint=source)
        self.assertIn(f"{source}/.vexfs is not a directory", said)

    @program.needs_root
    def test_a_source_that_the_user_may_not_write(self):
        source, point = self.backing(), self.directory(owner=NOBODY)
        os.chown(source, 0, 0)
        os.chmod(source, 0o755)
        mounted = self.mount(source, point, uid=NOBODY)
        wait.until(lambda: "Permission denied" in mounted.output(), what="the line")
        self.assertIn(f"the store {source}/.vexfs cannot be made", mounted.output())

    @program.needs_root
    def test_a_read_only_filesystem_serves_the_vectors_that_it_has(self):
        source = self.backing("tmpfs")
        write(f"{source}/file")
        for arguments in (
            ("space", "create", "s", "--dim", "2", source),
            ("vector", "set", f"{source}/file", "--space", "s", "--values", "1,2"),
        ):
            self.assertEqual(mount.vexfs(*arguments).returncode, 0)
        process.check(["mount", "-o", "remount,ro", source])
        point = self.directory()
        self.assertEqual(self.said_by_mount(source, point, mountpoint=point), "")
        self.assertEqual(os.getxattr(f"{point}/file", VECTOR), struct.pack("<2f", 1, 2))


if __name__ == "__main__":
    program.main()
