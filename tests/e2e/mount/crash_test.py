#!/usr/bin/env python3
"""kill -9 of the daemon while files are written: what was fsynced is there, and a mount works.

The writer says on its standard output what it has fsynced, after fsync returned. The pipe holds
that even if the writer dies the moment after.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402

ROUNDS = 10
FILES_BEFORE_KILL_MAX = 40
WRITER = Path(__file__).resolve().parent / "fsync_writer.py"


class Crash(MountCase):
    def crash(self, mounted, seed):
        """Kills the daemon after a random number of fsynced files, in the midst of the next ones.

        Returns the lines "NAME SIZE" of what was fsynced.
        """
        writer = subprocess.Popen(
            process.as_caller([sys.executable, WRITER, mounted.path, str(seed)], ends_with_us=True),
            stdout=subprocess.PIPE,
            text=True,
        )
        self.stack.callback(process.end, writer)
        random_ = random.Random(seed)
        acknowledged = random_.randrange(FILES_BEFORE_KILL_MAX)
        lines = [writer.stdout.readline() for _ in range(acknowledged)]
        mounted.kill()
        lines += writer.communicate(timeout=process.COMMAND_SECONDS_MAX)[0].splitlines(True)
        self.assertEqual(writer.returncode, 0, "it must end by the error that a crash gives")
        # Every line has its end, since the writer writes each in one piece.
        return [line.split() for line in lines]

    def check(self, directory, fsynced):
        for name, size in fsynced:
            content = read(f"{directory}/{name}")
            self.assertEqual(content, name.encode() * (int(size) // len(name)), name)

    def rounds(self, kind, over_itself):
        source = self.backing(kind)
        point = source if over_itself else self.directory()
        fsynced, before = [], None
        for seed in range(ROUNDS):
            # Nothing is cleaned up between: the dead mount of the last round is still in place.
            mounted = mount.Mount(source, point).start()
            self.stack.callback(mounted.abort)
            self.check(point, fsynced)
            if before is not None:
                self.assertEqual(os.stat(f"{point}/anchor").st_ino, before)
            write(f"{point}/anchor")
            before = os.stat(f"{point}/anchor").st_ino
            fsynced += self.crash(mounted, seed)
        self.assertGreater(len(fsynced), ROUNDS)
        with mount.Mount(source, point):
            self.check(point, fsynced)
        self.check(source, fsynced)

    def test_a_separate_mountpoint(self):
        self.rounds("directory", over_itself=False)

    def test_over_itself(self):
        self.rounds("directory", over_itself=True)

    def test_over_a_filesystem_of_its_own(self):
        self.rounds("ext4", over_itself=True)

    def test_background_daemon(self):
        source = self.backing()
        for _ in range(3):
            daemon = self.background(source, mountpoint=source)
            write(f"{source}/file", b"1")
            daemon.kill()
            daemon = self.background(source, mountpoint=source)
            self.assertEqual(read(f"{source}/file"), b"1")
            daemon.kill()

    @program.needs_root
    def test_a_dead_users_mount(self):
        source = self.backing()
        first = self.user_mount(source)
        first.kill()
        second = mount.Mount(source, first.path, uid=first.uid)
        with second:
            process.check(["touch", f"{first.path}/file"], uid=first.uid)
        self.assertEqual(os.listdir(source), ["file"])


if __name__ == "__main__":
    program.main()
