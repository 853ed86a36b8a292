#!/usr/bin/env python3
"""fio writes with a checksum in every block and reads all of it back, over engines, block sizes and
orders; then another fio verifies the same blocks with the file opened anew, and past the mount."""

import os
import re

from appkit import BACKING, DIR, QUICK, check, run

SIZE = "4M" if QUICK else "64M"
OSYNC_SIZE = "256k" if QUICK else "4M"  # Each block waits for the disk.
LIMIT_S = 60 if QUICK else 300
ENGINES = {
    "buffered": ["--ioengine=psync", "--fsync=64"],
    "direct": ["--ioengine=psync", "--direct=1"],
    "mmap": ["--ioengine=mmap", "--fsync=64"],
    "libaio-direct": ["--ioengine=libaio", "--direct=1", "--iodepth=8"],
    "osync": ["--ioengine=psync", "--sync=1"],
}
BLOCKS = ("4k", "64k") if QUICK else ("512", "4k", "16k", "64k", "1M")
ODD_BLOCKS = ("3000",)  # Not a multiple of a page; for buffered files only.


def fio(options):
    """None if fio finds nothing wrong, otherwise what it says first."""
    code, output = run(["fio", *options], LIMIT_S)
    told = [line for line in output.splitlines() if re.match(r"fio:|verify:|.*error=", line)]
    bad = re.search(r"err=\s*([1-9]\d*)", output)
    if code == 0 and not told and not bad:
        return None
    return f"exit {code}: {told[0][:300] if told else bad and bad[0]}"


def job(engine, block, order):
    name = f"{engine} {order} {block}"
    path = os.path.join(DIR, name.replace(" ", "."))
    common = ["--name=job", f"--bs={block}", f"--rw={order}",
              f"--size={OSYNC_SIZE if engine == 'osync' else SIZE}", "--verify=crc32c",
              "--verify_fatal=1", "--randseed=7", "--allrandrepeat=1"]
    why = fio(common + [f"--filename={path}", "--do_verify=1"] + ENGINES[engine])
    check(name, why)
    again = common + ["--ioengine=psync", "--verify_only"]
    if not why:
        if not QUICK:
            check(f"{name}, opened again", fio(again + [f"--filename={path}"]))
        # The same blocks past the mount: what was written through it is in the backing file.
        behind = os.path.join(BACKING, os.path.basename(path))
        check(f"{name}, on the backing directory", fio(again + [f"--filename={behind}"]))
    if os.path.exists(path):
        os.unlink(path)


def main():
    for engine in ENGINES:
        for block in BLOCKS + (ODD_BLOCKS if engine == "buffered" else ()):
            if block == "512" and ("direct" in engine or engine == "mmap"):
                continue  # Less than the logical block of some disks, or than a page.
            for order in ("randwrite", "write"):
                job(engine, block, order)
    four = [f"--name=job --directory={DIR} --numjobs=4 --bs=4k --rw=randrw --verify=crc32c".split(),
            f"--size={SIZE} --ioengine=psync --fsync=128 --verify_fatal=1".split()]
    check("four jobs at once", fio([*four[0], *four[1]]))


main()
