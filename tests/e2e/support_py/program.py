"""How each test file runs: `program.main()` at its end."""

import faulthandler
import os
import sys
import threading
import unittest

from . import mount, process, sandbox

# Seconds for one test. Sanitizer builds on two busy cores stay far below it.
TEST_SECONDS_MAX = 300
# Seconds to unwind after the mounts were aborted.
UNWIND_SECONDS_MAX = 30


class _Watchdog(unittest.TextTestResult):
    """Ends a test that hangs: aborts its mounts, so that whatever waits in them gets an error."""

    def startTest(self, test):
        super().startTest(test)
        self._timer = threading.Timer(TEST_SECONDS_MAX, self._abort, [str(test)])
        self._timer.daemon = True
        self._timer.start()

    def stopTest(self, test):
        self._timer.cancel()
        super().stopTest(test)

    @staticmethod
    def _abort(name):
        print(f"{name} hangs; aborting its mounts", file=sys.stderr, flush=True)
        faulthandler.dump_traceback()
        mount.abort_all()
        timer = threading.Timer(UNWIND_SECONDS_MAX, os._exit, [3])
        timer.daemon = True
        timer.start()


def needs_root(item):
    """Decorator for a test or a class of tests."""
    return unittest.skipUnless(sandbox.is_root(), "needs root")(item)


def main():
    """Enters the sandbox, runs the tests of the calling file, and exits for ctest to read."""
    if not os.access(mount.program(), os.X_OK):
        sys.exit(f"no program at {mount.program()}; build it or set VEXFS_BIN")
    if not os.path.exists("/dev/fuse") or not _has("fusermount3") or not _has("setpriv"):
        print("skipped: needs /dev/fuse, fusermount3 and setpriv")
        sys.exit(sandbox.SKIPPED)
    sandbox.enter()
    runner = unittest.TextTestRunner(verbosity=2, resultclass=_Watchdog)
    result = unittest.main(exit=False, testRunner=runner).result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.testsRun and len(result.skipped) >= result.testsRun:
        sys.exit(sandbox.SKIPPED)


def _has(command):
    return process.run(["which", command]).returncode == 0
