"""Aborting a FUSE connection through /sys/fs/fuse: the way out when a daemon answers no more."""

import os

from . import mountinfo, process

_CONNECTIONS = "/sys/fs/fuse/connections"


def abort(device):
    """Ends the connection of the mount with this mountinfo device ("0:57"). Needs root.

    Every request that waits for the daemon fails at once. Returns whether it could be done.
    """
    if not mountinfo.at(_CONNECTIONS):
        process.run(["mount", "-t", "fusectl", "fusectl", _CONNECTIONS], timeout=5)
    try:
        with open(os.path.join(_CONNECTIONS, device.split(":")[1], "abort"), "w") as file:
            file.write("1")
        return True
    except OSError:
        return False
