#!/usr/bin/env python3
"""stress-ng's filesystem stressors, each alone, verified and bounded by operations.

Every stressor is a probe: what passes on the backing filesystem must pass on the mount. At full
speed each also runs as an unprivileged user, whom default_permissions and ownership concern."""

import os
import re

from appkit import BACKING, DIR, QUICK, record, run

# Stressor -> operations at the quick speed; at the full speed FULL_FACTOR times as many.
OPERATIONS = {
    "access": 20, "chattr": 50, "chdir": 200, "chmod": 50, "chown": 200, "close": 200,
    "copy-file": 10, "dentry": 1000, "dir": 300, "dirdeep": 100, "dirmany": 300, "dnotify": 2,
    "dup": 50, "fallocate": 10, "fault": 100, "fcntl": 100, "fiemap": 20, "file-ioctl": 50,
    "filename": 300, "flock": 500, "fpunch": 5, "fsize": 5, "fstat": 100, "getdent": 100,
    "handle": 100, "hdd": 20, "inode-flags": 20, "inotify": 3, "io": 5, "iomix": 50, "ioprio": 10,
    "lease": 100, "link": 50, "locka": 200, "lockf": 100, "lockofd": 200, "mknod": 200,
    "mmap": 5, "msync": 50, "open": 200, "readahead": 50, "rename": 500,
    "revio": 50, "seek": 200, "sendfile": 50, "splice": 50, "symlink": 50, "sync-file": 5,
    "touch": 200, "truncate": 20, "unlink": 50, "utime": 500, "verity": 2, "xattr": 5, "aio": 50,
    "aiol": 20,
}
FULL_FACTOR = 10
# What no FUSE filesystem can do, since the kernel has no request for it.
FUSE_LIMITS = {"fiemap": "the kernel answers FS_IOC_FIEMAP without asking FUSE"}
OPTIONS = {"copy-file": "--copy-file-bytes=128M", "fallocate": "--fallocate-bytes=16M",
           "hdd": "--hdd-bytes=8M", "mmap": "--mmap-bytes=16M --mmap-file",
           "readahead": "--readahead-bytes=8M", "revio": "--revio-bytes=8M",
           "seek": "--seek-size=8M", "iomix": "--iomix-bytes=16M", "fiemap": "--fiemap-bytes=8M",
           "sync-file": "--sync-file-bytes=4M"}
QUICK_S, FULL_S = 1, 8  # stress-ng ends by itself then, at fewer operations and still verified.
HANG_S = 60  # Beyond that it hangs.
NOBODY = 65534


def known():
    """Versions of stress-ng differ in what they have."""
    _, output = run(["stress-ng", "--stressors"], 20)
    return set(output.split())


def verdict(code, output):
    """stress-ng: 0 success, 2 failed, 3 no resource, 4 not implemented; a stressor which finds
    nothing to do may also say that it was skipped and exit with 0."""
    if code in (3, 4) or re.search(r"skipped: [1-9]|skipping stressor|not implemented", output):
        return "skip"
    if code == 0:
        return "pass"
    told = [line for line in output.splitlines() if re.search(r"fail:|error:", line)]
    why = re.sub(r"^stress-ng: |\[\d+\] ", "", told[0]) if told else "(it does not say why)"
    return f"fail: {f'exit {code}' if code is not None else f'hangs, over {HANG_S} s'}: {why}"


def stress(name, operations, user):
    folder = os.path.join(DIR, f"{name}.{user or 'root'}")
    os.mkdir(folder)
    argv = ["stress-ng", f"--{name}", "1", f"--{name}-ops", str(operations), "--verify",
            "--temp-path", folder, "--timeout", f"{QUICK_S if QUICK else FULL_S}s",
            "--no-rand-seed", "--oomable"]
    argv += OPTIONS.get(name, "").split()
    if user:
        os.chown(folder, user, user)
        argv = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--", *argv]
    code, output = run(argv, HANG_S, cwd=folder)
    # chattr and inode-flags are stopped by their time too, between setting a flag and clearing it.
    run(["chattr", "-R", "-f", "-ai", os.path.join(BACKING, os.path.basename(folder))], HANG_S)
    kind = "check" if re.search("unrecognized option|out of range", output) else "probe"
    value = verdict(code, output)
    if value == "skip" and DIR != BACKING and name in FUSE_LIMITS:
        value = f"limit: {FUSE_LIMITS[name]}"
    record(kind, f"{name}{' unprivileged' if user else ''}", value)


def main():
    names = [name for name in OPERATIONS if name in known()]
    for name in names:
        operations = OPERATIONS[name] * (1 if QUICK else FULL_FACTOR)
        stress(name, operations, 0)
        if not QUICK:
            stress(name, operations, NOBODY)


main()
