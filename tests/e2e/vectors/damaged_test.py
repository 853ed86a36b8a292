#!/usr/bin/env python3
"""Files of the store that are gone, or cut off under the mount: an error for what needs them, no
end of the daemon, no wrong answer; and once they are back, everything is."""

import errno
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import program  # noqa: E402
from support_py.case import read  # noqa: E402
from support_py.vectors import (  # noqa: E402
    EAST, SPACE, VectorCase, ask, attribute, control, give, search, taken)

_FILES = 300


class Damaged(VectorCase):
    def setUp(self):
        super().setUp()
        self.source = self.backing()
        self.top = self.directory()
        self.mount_again()
        self.make_space(self.top)
        self.rows = f"{self.source}/.vexfs/spaces/{SPACE}/vectors"
        for i in range(_FILES):
            self.file(f"{self.top}/f{i}", (1.0, i, 0.5, i % 7))
        self.assertEqual(control(self.top, sync=True).get("synced"), True)

    def mount_again(self):
        """Beside the source, whose store stays in reach."""
        self.mounted = self.mount(self.source, self.top)

    def assert_only_vectors_fail(self):
        for exact in (True, False):
            reply = ask(self.top, vector=list(EAST), k=3, exact=exact)
            self.assertIn(reply["error"]["code"], ("EIO", "EUCLEAN"), reply)
        self.assertTrue(read(f"{self.top}/f0"))
        self.assertIn("f1", os.listdir(self.top))

    def test_rows_that_are_missing_are_not_made_anew(self):
        before = search(self.top, EAST, k=5)
        self.mounted.unmount()
        os.rename(self.rows, self.rows + ".away")
        self.mount_again()
        self.assert_only_vectors_fail()
        self.assert_errno(errno.EUCLEAN, os.getxattr, f"{self.top}/f1", attribute())
        self.assertFalse(os.path.exists(self.rows))
        self.mounted.unmount()
        os.rename(self.rows + ".away", self.rows)
        self.mount_again()
        self.assertEqual(search(self.top, EAST, k=5), before)
        self.assertEqual(taken(f"{self.top}/f9"), (1.0, 9.0, 0.5, 2.0))

    def test_rows_cut_off_under_the_mount(self):
        os.truncate(self.rows, 4096)
        self.assert_only_vectors_fail()
        self.assert_errno(errno.EIO, os.getxattr, f"{self.top}/f200", attribute())
        self.assert_errno(errno.EIO, give, f"{self.top}/f2", EAST)

    def test_the_log_s_index_cut_off_under_the_mount(self):
        os.truncate(f"{self.source}/.vexfs/catalog.sqlite-shm", 0)
        try:
            give(f"{self.top}/f2", EAST)
        except OSError as error:
            self.assertEqual(error.errno, errno.EIO)
        self.assertTrue(read(f"{self.top}/f0"))
        self.mounted.unmount()
        self.mount_again()
        self.assertEqual(taken(f"{self.top}/f9"), (1.0, 9.0, 0.5, 2.0))
        self.assertEqual(len(search(self.top, EAST, k=_FILES)), _FILES)


if __name__ == "__main__":
    program.main()
