#!/usr/bin/env python3
"""Filesystems that are mounted inside the source."""

import errno
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, mountinfo, process, program, wait  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402


@program.needs_root
class Submounts(MountCase):
    def setUp(self):
        super().setUp()
        self.source = self.backing("tmpfs")
        for name in ("one", "two"):
            os.mkdir(f"{self.source}/{name}")
            process.check(["mount", "-t", "tmpfs", "vexfs-test", f"{self.source}/{name}"])
        self.mounted = self.mount(self.source, self.directory())
        self.point = self.mounted.path

    def test_crossing_works(self):
        write(f"{self.point}/one/file", b"1")
        self.assertEqual(read(f"{self.source}/one/file"), b"1")
        os.mkdir(f"{self.point}/two/dir")
        os.rename(f"{self.point}/one/file", f"{self.point}/one/moved")
        os.link(f"{self.point}/one/moved", f"{self.point}/one/link")
        self.assertEqual(os.stat(f"{self.point}/one/link").st_nlink, 2)
        self.assertEqual(os.listdir(f"{self.source}/two"), ["dir"])
        os.unlink(f"{self.point}/one/link")

    def test_rename_and_link_between_filesystems_say_exdev(self):
        write(f"{self.point}/file", b"1")
        for attempt in (os.rename, os.link):
            with self.assertRaises(OSError) as caught:
                attempt(f"{self.point}/file", f"{self.point}/one/file")
            self.assertEqual(caught.exception.errno, errno.EXDEV)
        process.check(["mv", f"{self.point}/file", f"{self.point}/one/file"])
        self.assertEqual(read(f"{self.source}/one/file"), b"1")

    def test_inode_numbers_do_not_collide(self):
        """Fresh tmpfs instances hand out the same numbers; one st_dev must not show them twice."""
        paths = []
        for directory in ("", "one/", "two/"):
            for number in range(100):
                paths.append(f"{self.point}/{directory}{number}")
                write(paths[-1], b"x")
        seen = {}
        for path in paths + [self.point, f"{self.point}/one", f"{self.point}/two"]:
            info = os.stat(path)
            other = seen.setdefault((info.st_dev, info.st_ino), path)
            self.assertEqual(other, path, f"both are inode {info.st_ino}")
        # tar and rsync take equal numbers with nlink > 1 for one file.
        for directory in ("one", "two"):
            os.link(f"{self.point}/{directory}/0", f"{self.point}/{directory}/hard")
        process.check(["cp", "-a", self.point, f"{self.directory()}/copy"])

    def test_directory_entries_show_the_same_numbers(self):
        for directory in ("one", "two"):
            write(f"{self.point}/{directory}/file")
            with os.scandir(f"{self.point}/{directory}") as found:
                for entry in found:
                    self.assertEqual(entry.inode(), os.stat(entry.path).st_ino)

    def test_the_mountpoint_itself_is_busy(self):
        os.listdir(f"{self.point}/one")
        with self.assertRaises(OSError) as caught:
            os.rmdir(f"{self.point}/one")
        self.assertEqual(caught.exception.errno, errno.EBUSY)

    def test_statfs_is_the_submounts(self):
        process.check(["mount", "-o", "remount,size=1m", f"{self.source}/one"])
        inside, behind = os.statvfs(f"{self.point}/one"), os.statvfs(f"{self.source}/one")
        self.assertEqual(
            inside.f_blocks * inside.f_frsize, behind.f_blocks * behind.f_frsize
        )

    def test_unmounting_it_after_access(self):
        self.check_unmounting(["umount"])

    def test_unmounting_it_lazily_after_access(self):
        self.check_unmounting(["umount", "-l"])

    def check_unmounting(self, command):
        write(f"{self.point}/one/file", b"1")
        read(f"{self.point}/one/file")
        os.listdir(f"{self.point}/one")
        process.check(["sync", "-f", f"{self.point}/one"])
        # The daemon lets go of it when it is idle.
        wait.until(lambda: process.run([*command, f"{self.source}/one"]).returncode == 0,
                   what="the unmount")
        # The directory under the mount is seen again.
        wait.until(lambda: not os.listdir(f"{self.point}/one"), what="the directory under it")
        write(f"{self.point}/one/under", b"2")
        self.assertEqual(read(f"{self.source}/one/under"), b"2")

    def test_unmounting_it_lazily_with_a_file_open(self):
        write(f"{self.point}/one/file", b"1")
        with open(f"{self.point}/one/file", "rb") as file:
            process.check(["umount", "-l", f"{self.source}/one"])
            self.assertEqual(file.read(), b"1")
        self.assertEqual(mountinfo.at(f"{self.source}/one"), [])

    def test_mounting_it_later(self):
        os.mkdir(f"{self.point}/three")
        write(f"{self.point}/three/under", b"0")
        process.check(["mount", "-t", "tmpfs", "vexfs-test", f"{self.source}/three"])
        write(f"{self.source}/three/above", b"1")
        # This happens at the latest when the kernel's cached entry of the directory has run out.
        self.mounted.unmount()
        again = self.mount(self.source, self.directory())
        self.assertEqual(read(f"{again.path}/three/above"), b"1")

    def test_bind_mounts_of_one_filesystem(self):
        os.makedirs(f"{self.source}/dir/sub")
        os.mkdir(f"{self.source}/bind")
        process.check(["mount", "--bind", f"{self.source}/dir", f"{self.source}/bind"])
        write(f"{self.point}/bind/file", b"1")
        self.assertEqual(read(f"{self.point}/dir/file"), b"1")
        self.assertEqual(os.listdir(f"{self.point}/bind"), os.listdir(f"{self.point}/dir"))


@program.needs_root
class Covered(MountCase):
    """Filesystems to which no path leads, because the mount covers its source."""

    def setUp(self):
        super().setUp()
        self.source = self.backing("tmpfs")
        os.makedirs(f"{self.source}/sub/stick")
        self.stick = f"{self.source}/sub/stick"
        process.check(["mount", "-t", "tmpfs", "vexfs-test", self.stick])
        self.stack.callback(process.run, ["umount", self.stick])
        write(f"{self.stick}/file", b"1")
        self.mounted = self.mount(self.source)

    def test_it_is_unmounted(self):
        self.assertEqual(read(f"{self.stick}/file"), b"1")
        result = mount.vexfs("unmount", self.stick)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(mountinfo.at(self.stick), [])
        wait.until(lambda: not os.listdir(self.stick), what="the directory under it")
        write(f"{self.stick}/under", b"2")
        self.mounted.unmount()
        self.assertEqual(read(f"{self.stick}/under"), b"2")

    def test_one_in_use_stays_or_is_detached(self):
        with open(f"{self.stick}/file", "rb") as file:
            result = mount.vexfs("unmount", self.stick)
            self.assertEqual(result.returncode, 2)
            self.assertIn("busy", result.stderr)
            result = mount.vexfs("unmount", "-l", self.stick)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(file.read(), b"1")
        self.assertEqual(mountinfo.at(self.stick), [])

    def test_after_a_rest_its_files_are_there(self):
        with open(f"{self.stick}/file", "rb"):
            pass
        # Once nothing is asked of it any more, the daemon has no descriptor of the filesystem.
        links = f"/proc/{self.mounted.pid}/fd"
        device = [e.device for e in mountinfo.at(self.stick)][0]
        def holds():
            found = set()
            for number in os.listdir(links):
                try:
                    info = os.stat(f"{links}/{number}")
                except FileNotFoundError:
                    continue
                found.add(f"{os.major(info.st_dev)}:{os.minor(info.st_dev)}")
            return device in found
        wait.until(lambda: not holds(), what="the daemon to let go")
        self.assertEqual(read(f"{self.stick}/file"), b"1")
        self.assertEqual(os.stat(f"{self.stick}/file").st_size, 1)

    def test_what_lies_on_top_of_the_mount_is_left_to_umount(self):
        os.mkdir(f"{self.source}/on-top")
        process.check(["mount", "-t", "tmpfs", "vexfs-test", f"{self.source}/on-top"])
        result = mount.vexfs("unmount", f"{self.source}/on-top")
        self.assertEqual(result.returncode, 2)
        process.check(["umount", f"{self.source}/on-top"])


if __name__ == "__main__":
    program.main()
