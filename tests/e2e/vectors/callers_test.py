#!/usr/bin/env python3
"""Each caller's results are its own: neither paths, counts nor scores tell of what it may not
read."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import process, program  # noqa: E402
from support_py.case import NOBODY  # noqa: E402
from support_py.vectors import (  # noqa: E402
    EAST, SPACE, VectorCase, ask, ask_as, control, give, paths, search, taken)

ALICE = 1201
BOB = 1202
STAFF = 1300


def numbers(rank):
    """Vectors in order of their nearness to EAST."""
    return (1.0, rank / 100, 0.0, 0.0)


@program.needs_root
class Callers(VectorCase):
    def setUp(self):
        super().setUp()
        self.top = self.mount_with_space()
        os.chmod(self.top, 0o755)

    def own(self, path, uid, gid=None, mode=0o600):
        os.chown(path, uid, uid if gid is None else gid)
        os.chmod(path, mode)

    def seen_by(self, uid, groups=(), k=10, directory=""):
        request = {"vector": list(EAST), "k": k}
        return paths(ask_as(uid, f"{self.top}/{directory}", request, groups))

    def test_two_users_in_turns(self):
        for rank in range(0, 40, 2):
            self.own(self.file(f"{self.top}/alice{rank}", numbers(rank)), ALICE)
            self.own(self.file(f"{self.top}/bob{rank + 1}", numbers(rank + 1)), BOB)
        for _ in range(2):
            self.assertEqual(self.seen_by(ALICE), [f"alice{rank}" for rank in range(0, 20, 2)])
            self.assertEqual(self.seen_by(BOB), [f"bob{rank}" for rank in range(1, 21, 2)])
        self.assertEqual(len(search(self.top, EAST, k=40)), 40)

    def test_k_is_full_although_most_are_hidden(self):
        for rank in range(300):
            path = self.file(f"{self.top}/{rank:03}", numbers(rank))
            self.own(path, ALICE if rank % 50 == 49 else BOB)
        self.assertEqual(self.seen_by(ALICE, k=6), [f"{rank:03}" for rank in range(49, 300, 50)])
        self.assertEqual(self.seen_by(ALICE, k=100), [f"{rank:03}" for rank in range(49, 300, 50)])

    def test_directories_hide_what_is_in_them(self):
        os.makedirs(f"{self.top}/closed/inner")
        self.file(f"{self.top}/closed/inner/file", EAST)
        self.assertEqual(self.seen_by(ALICE), ["closed/inner/file"])
        os.chmod(f"{self.top}/closed", 0o700)
        self.assertEqual(self.seen_by(ALICE), [])
        os.chown(f"{self.top}/closed", ALICE, ALICE)
        self.assertEqual(self.seen_by(ALICE), ["closed/inner/file"])
        self.assertEqual(self.seen_by(BOB), [])

    def test_rights_that_change_show_at_once(self):
        path = self.file(f"{self.top}/file", EAST)
        self.assertEqual(self.seen_by(ALICE), ["file"])
        os.chmod(path, 0o600)
        self.assertEqual(self.seen_by(ALICE), [])
        os.chown(path, ALICE, ALICE)
        self.assertEqual(self.seen_by(ALICE), ["file"])

    def test_groups(self):
        self.own(self.file(f"{self.top}/file", EAST), NOBODY, STAFF, 0o640)
        self.assertEqual(self.seen_by(ALICE), [])
        self.assertEqual(self.seen_by(ALICE, groups=[STAFF]), ["file"])
        self.assertEqual(self.seen_by(ALICE, groups=[STAFF + 1]), [])
        many = list(range(5000, 5200))
        self.assertEqual(self.seen_by(ALICE, groups=[*many, STAFF]), ["file"])

    def test_acls(self):
        path = self.file(f"{self.top}/file", EAST)
        self.own(path, NOBODY)
        if process.run(["setfacl", "-m", f"u:{ALICE}:r", path]).returncode != 0:
            self.skipTest("setfacl does not work here")
        self.assertEqual(self.seen_by(ALICE), ["file"])
        self.assertEqual(self.seen_by(BOB), [])
        process.check(["setfacl", "-x", f"u:{ALICE}", path])
        self.assertEqual(self.seen_by(ALICE), [])

    def test_like_a_file_that_may_not_be_read(self):
        self.own(self.file(f"{self.top}/secret", EAST), BOB)
        self.file(f"{self.top}/open", EAST)
        self.assertEqual(ask_as(ALICE, self.top, {"like": "secret"})["error"]["code"], "EACCES")
        self.assertEqual(paths(ask_as(BOB, self.top, {"like": "secret"})), ["open"])

    def test_administration_is_the_owners(self):
        create = {"create_space": {"name": "theirs", "dim": 2}}
        self.assertIn("error", ask_as(ALICE, self.top, create, file="control"))
        self.assertIn("error", ask_as(ALICE, self.top, {"drop_space": SPACE}, file="control"))
        reply = ask_as(ALICE, self.top, {"spaces": True}, file="control")
        self.assertEqual([space["name"] for space in reply["spaces"]], [SPACE])
        self.file(f"{self.top}/file", EAST)
        self.own(f"{self.top}/file", BOB)
        files = ask_as(ALICE, self.top, {"list": {"space": SPACE}}, file="control")
        self.assertEqual(files["files"], [])
        self.assertEqual(len(control(self.top, list={"space": SPACE})["files"]), 1)


@program.needs_root
class UsersOwnMount(VectorCase):
    """Through fusermount3, by a daemon that may not open by handle."""

    def run_as_user(self, script):
        """Python as the mount's user, with the helpers of the tests at hand."""
        helpers = str(Path(__file__).resolve().parent.parent)
        names = "EAST, NORTH, UP, ask, attribute, control, give, paths, search, taken"
        prelude = (f"import os, sys; sys.path.insert(0, {helpers!r}); top = {self.top!r}\n"
                   f"from support_py.vectors import {names}\n")
        process.check([sys.executable, "-c", prelude + script], uid=NOBODY)

    def setUp(self):
        super().setUp()
        self.source = self.backing()
        os.chown(self.source, NOBODY, NOBODY)
        self.mounted = self.user_mount(self.source)
        self.top = self.mounted.path
        self.run_as_user(
            "reply = control(top, create_space={'name': 'e2e', 'dim': 4})\n"
            "assert 'created' in reply, reply\n")

    def test_files_move_and_are_found(self):
        self.run_as_user("""
os.makedirs(f"{top}/a/b")
for name in ("a/b/file", "other"):
    open(f"{top}/{name}", "w").close()
give(f"{top}/a/b/file", EAST)
give(f"{top}/other", NORTH)
assert search(top, EAST) == ["a/b/file", "other"], search(top, EAST)
os.rename(f"{top}/a/b", f"{top}/c")
assert search(top, EAST) == ["c/file", "other"], search(top, EAST)
assert search(f"{top}/c", EAST) == ["file"]
os.rename(f"{top}/c/file", f"{top}/other")
assert search(top, NORTH) == ["other"], search(top, NORTH)
assert taken(f"{top}/other") == EAST
os.link(f"{top}/other", f"{top}/a/link")
os.unlink(f"{top}/other")
assert search(top, EAST) == ["a/link"], search(top, EAST)
assert os.listdir(f"{top}/.vexfs/similar/") == []
""")
        point = self.mounted.path
        self.mounted.unmount()
        self.mounted = self.mount(self.source, point, uid=NOBODY)
        self.run_as_user("""
assert search(top, EAST) == ["a/link"], search(top, EAST)
assert taken(f"{top}/a/link") == EAST
os.unlink(f"{top}/a/link")
assert search(top, EAST) == [], search(top, EAST)
""")

    def test_results_are_links(self):
        self.run_as_user("""
for name, numbers in (("one", EAST), ("two", EAST)):
    open(f"{top}/{name}", "w").close()
    give(f"{top}/{name}", numbers)
(entry,) = os.listdir(f"{top}/.vexfs/similar/one")
assert entry == "01_1.00_two", entry
assert os.path.samefile(f"{top}/.vexfs/similar/one/{entry}", f"{top}/two")
""")


if __name__ == "__main__":
    program.main()
