#!/usr/bin/env python3
"""-o remote_locks: locks reach the backing filesystem, and a process that waits can be killed."""

import os
import signal
import struct
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import locks, mount, process, program, wait  # noqa: E402
from support_py.case import NOBODY, MountCase, write  # noqa: E402
from support_py.locks import Holder, is_free  # noqa: E402

OPTION = ["remote_locks"]


class RemoteLocks(MountCase):
    def setUp(self):
        super().setUp()
        self.source = self.backing()
        write(f"{self.source}/file")
        self.one = self.mount(self.source, self.directory(), OPTION)
        self.file = f"{self.one.path}/file"

    def waiting(self):
        return self.one.status()["locks"]["waiting"]

    def a_waiter(self, kind):
        """Starts a process that waits for a lock in the daemon."""
        before = self.waiting()
        waiter = self.stack.enter_context(Holder(kind, self.file, wait=True))
        wait.until(lambda: self.waiting() == before + 1, what="the waiter")
        return waiter

    def test_two_mounts_and_the_directory_itself(self):
        two = self.mount(self.source, self.directory(), OPTION)
        places = (self.file, f"{two.path}/file", f"{self.source}/file")
        for kind in locks.KINDS:
            for place in places:
                with self.subTest(kind=kind, place=place), Holder(kind, place) as holder:
                    self.assertEqual(holder.said, "locked")
                    for other in places:
                        self.assertFalse(is_free(other, kind), other)
            for place in places:
                wait.until(lambda: is_free(place, kind), what=f"{kind} at {place}")

    def test_without_it_locks_stay_in_the_mount(self):
        plain = self.mount(self.source, self.directory())
        self.assertEqual(plain.status()["locks"], {"remote": False})
        for kind in locks.KINDS:
            with Holder(kind, f"{plain.path}/file") as holder:
                self.assertEqual(holder.said, "locked")
                self.assertFalse(is_free(f"{plain.path}/file", kind))
                self.assertTrue(is_free(f"{self.source}/file", kind))

    def test_a_waiter_gets_what_is_given_back(self):
        for kind in locks.KINDS:
            for place in (self.file, f"{self.source}/file"):
                with self.subTest(kind=kind, place=place):
                    holder = self.stack.enter_context(Holder(kind, place))
                    self.assertEqual(holder.said, "locked")
                    waiter = self.a_waiter(kind)
                    holder.end()
                    self.assertEqual(waiter.said, "locked")
                    self.assertFalse(is_free(f"{self.source}/file", kind))
                    waiter.end()

    def test_a_killed_waiter_dies_and_takes_nothing(self):
        for kind in locks.KINDS:
            with self.subTest(kind=kind), Holder(kind, f"{self.source}/file") as holder:
                self.assertEqual(holder.said, "locked")
                waiter = self.a_waiter(kind)
                waiter.kill()
                self.assertEqual(waiter.child.wait(wait.WAIT_SECONDS_MAX), -signal.SIGKILL)
                self.assertEqual(self.waiting(), 0)
                holder.end()
                wait.until(lambda: is_free(self.file, kind), what=kind)

    def test_a_signal_ends_the_wait(self):
        for kind in locks.KINDS:
            with self.subTest(kind=kind), Holder(kind, self.file) as holder:
                self.assertEqual(holder.said, "locked")
                waiter = self.a_waiter(kind)
                os.kill(waiter.pid, signal.SIGUSR1)
                self.assertEqual(waiter.said, "EINTR")

    def test_a_killed_holder_lets_go(self):
        for kind in locks.KINDS:
            with self.subTest(kind=kind), Holder(kind, self.file) as holder:
                self.assertEqual(holder.said, "locked")
                holder.kill()
                wait.until(lambda: is_free(f"{self.source}/file", kind), what=kind)

    def test_a_killed_daemon_lets_go(self):
        daemon = mount.Mount(self.source, self.directory(), OPTION).start()
        self.stack.callback(daemon.abort)
        kinds = ("flock", "record")
        for kind in kinds:
            holder = self.stack.enter_context(Holder(kind, f"{daemon.path}/file"))
            self.assertEqual(holder.said, "locked")
        daemon.kill()
        for kind in kinds:
            wait.until(lambda: is_free(self.file, kind), what=kind)

    def test_nothing_is_left_behind(self):
        none = {"remote": True, "owners": 0, "ranges": 0, "waiting": 0}
        self.assertEqual(self.one.status()["locks"], none)
        before = self.one.descriptors()
        for _ in range(20):
            holders = [self.stack.enter_context(Holder(kind, self.file)) for kind in locks.KINDS]
            self.assertEqual(sum(holder.said == "locked" for holder in holders), 2)
            for holder in holders:
                holder.end()
        wait.until(lambda: self.one.status()["locks"] == none, what="the owners' end")
        wait.until(lambda: self.one.descriptors() <= before, what="the descriptors' end")

    def test_many_who_count_lose_nothing(self):
        """Processes on two mounts and on the directory raise one number, each under the lock."""
        two = self.mount(self.source, self.directory(), OPTION)
        places = (self.file, f"{two.path}/file", f"{self.source}/file")
        write(f"{self.source}/file", struct.pack("<q", 0))
        rounds = 20

        def count(place, kind):
            for _ in range(rounds):
                fd = os.open(place, os.O_RDWR)
                try:
                    locks.lock(fd, kind, wait=True)
                    # What other mounts wrote is on the disk: caches are not tested here.
                    real = os.open(f"{self.source}/file", os.O_RDWR)
                    number = struct.unpack("<q", os.pread(real, 8, 0))[0]
                    os.pwrite(real, struct.pack("<q", number + 1), 0)
                    os.close(real)
                finally:
                    os.close(fd)

        for total, kind in enumerate(("flock", "description"), 1):
            threads = [threading.Thread(target=count, args=(place, kind))
                       for place in places for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            with open(f"{self.source}/file", "rb") as file:
                number = struct.unpack("<q", file.read(8))[0]
            self.assertEqual(number, total * rounds * len(threads), kind)

    def test_who_has_the_lock_sees_what_others_wrote(self):
        """This holds also where the kernel keeps pages, and attributes for a day."""
        options = [*OPTION, "passthrough=off", "attr_timeout=86400"]
        mounted = self.mount(self.source, self.directory(), options)
        for kind in locks.KINDS:
            write(f"{self.source}/{kind}", b"old")
            fd = os.open(f"{mounted.path}/{kind}", os.O_RDONLY)
            self.addCleanup(os.close, fd)
            self.assertEqual(os.pread(fd, 10, 0), b"old")
            write(f"{self.source}/{kind}", b"newer")
            locks.lock(fd, kind, exclusive=False)
            self.assertEqual(os.pread(fd, 10, 0), b"newer", kind)

    def test_a_file_without_a_name(self):
        """A file's locks end when their process closes it, even if others have it open."""
        fd = os.open(self.one.path, os.O_TMPFILE | os.O_RDWR, 0o600)
        self.addCleanup(os.close, fd)
        child = os.fork()
        if child == 0:
            try:
                locks.lock(fd, "record")
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        locks.lock(fd, "record")

    @program.needs_root
    def test_a_file_that_can_only_grow(self):
        source = self.backing("ext4")
        write(f"{source}/log")
        process.check(["chattr", "+a", f"{source}/log"])
        mounted = self.mount(source, self.directory(), OPTION)
        for kind in locks.KINDS:
            fd = os.open(f"{mounted.path}/log", os.O_WRONLY | os.O_APPEND)
            try:
                locks.lock(fd, kind)
            finally:
                os.close(fd)

    def test_the_end_of_the_mount_answers_those_who_wait(self):
        mounted = mount.Mount(self.source, self.directory(), OPTION).start()
        self.stack.callback(mounted.abort)
        with Holder("record", self.file) as holder:
            self.assertEqual(holder.said, "locked")
            waiter = self.stack.enter_context(Holder("record", f"{mounted.path}/file", wait=True))
            wait.until(lambda: mounted.status()["locks"]["waiting"] == 1, what="the waiter")
            os.kill(mounted.pid, signal.SIGTERM)
            self.assertIn(waiter.said, ("ENOTCONN", "ECONNABORTED"))

    def test_read_only(self):
        mounted = self.mount(self.source, self.directory(), ["ro", *OPTION])
        fd = os.open(f"{mounted.path}/file", os.O_RDONLY)
        self.addCleanup(os.close, fd)
        locks.lock(fd, "record", exclusive=False)
        self.assertFalse(is_free(f"{self.source}/file", "record"))
        locks.lock(fd, "flock")
        self.assertFalse(is_free(f"{self.source}/file", "flock"))

    def test_a_users_mount(self):
        os.chmod(self.source, 0o777)
        os.chmod(f"{self.source}/file", 0o666)
        mounted = self.user_mount(self.source, OPTION)
        for kind in locks.KINDS:
            lock = [sys.executable, locks.__file__, kind, f"{mounted.path}/file"]
            self.assertEqual(process.check(lock, uid=NOBODY).stdout, "locked\n")
            with Holder(kind, f"{self.source}/file") as holder:
                self.assertEqual(holder.said, "locked")
                self.assertEqual(process.check(lock, uid=NOBODY).stdout, "EAGAIN\n")


if __name__ == "__main__":
    program.main()
