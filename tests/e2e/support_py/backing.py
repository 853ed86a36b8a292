"""Directories to mount over: on each filesystem that the machine can make."""

import contextlib
import os
import shutil
import tempfile

from . import mountinfo, process, sandbox

MIB = 1024 * 1024

# The smallest image that mkfs of each accepts, and some room for the tests.
_LOOP_BYTES = {"ext4": 256 * MIB, "xfs": 400 * MIB, "btrfs": 256 * MIB}
_MKFS = {
    # Blocks as on any real disk: small images would get smaller ones, and small xattrs with them.
    "ext4": ["mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "nodiscard"],
    "xfs": ["mkfs.xfs", "-q", "-f", "-K"],
    "btrfs": ["mkfs.btrfs", "-q", "-f", "-K"],
}
KINDS = ("directory", "tmpfs", *_LOOP_BYTES)


def why_not(kind):
    """Why this machine cannot make such a backing, or None if it can."""
    if kind == "directory":
        return None
    if not sandbox.is_root():
        return f"{kind} needs root"
    with open("/proc/filesystems") as file:
        known = {line.split()[-1] for line in file}
    if kind not in known and process.run(["modprobe", "-q", kind]).returncode != 0:
        return f"this kernel has no {kind}"
    if kind in _MKFS and not shutil.which(_MKFS[kind][0]):
        return f"{_MKFS[kind][0]} is not installed"
    if kind in _LOOP_BYTES and not os.path.exists("/dev/loop-control"):
        return "there are no loop devices"
    return None


@contextlib.contextmanager
def make(kind, size=None, options=()):
    """Yields an empty directory, open to everyone, on a new filesystem of that kind."""
    directory = tempfile.mkdtemp(prefix=f"{kind}-", dir=sandbox.scratch())
    place = os.path.join(directory, "source")
    os.mkdir(place)
    try:
        if kind == "tmpfs":
            chosen = [*options] + ([f"size={size}"] if size else [])
            chosen = ["-o", ",".join(chosen)] if chosen else []
            process.check(["mount", "-t", "tmpfs", *chosen, "vexfs-test", place])
        elif kind != "directory":
            _mount_image(kind, os.path.join(directory, "image"), place, size, options)
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(os.path.join(place, "lost+found"))
        os.chmod(directory, 0o755)
        os.chmod(place, 0o777)
        yield place
    finally:
        _take_down(directory)


def _mount_image(kind, image, place, size, options):
    with open(image, "wb") as file:
        file.truncate(size or _LOOP_BYTES[kind])
    process.check([*_MKFS[kind], image])
    # The kernel lets go of the loop device by itself when the mount goes.
    process.check(["mount", "-t", kind, "-o", ",".join(["loop", *options]), image, place])


def _take_down(directory):
    for entry in mountinfo.below(directory):
        if process.run(["umount", entry.target]).returncode != 0:
            process.run(["umount", "-l", entry.target])
    if not mountinfo.below(directory):
        shutil.rmtree(directory, ignore_errors=True)
