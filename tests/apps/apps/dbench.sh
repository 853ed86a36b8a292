#!/bin/bash
# dbench replays a file server's load with four clients; it stops at the first wrong answer.
. "$APPS_HARNESS/appkit.sh"

load=/usr/share/dbench/client.txt
seconds=$(by_speed 2 30)

# One run of dbench; some of its errors leave its exit code at 0, so that they are looked for.
replay() {
  local folder="$APPS_DIR/$1"
  shift
  mkdir "$folder" || return 1
  dbench -t "$seconds" -c "$load" -D "$folder" "$@" 4 >"$APPS_SCRATCH/out" 2>&1 || {
    grep -m 1 -i 'error\|fail' "$APPS_SCRATCH/out"
    return 1
  }
  # dbench names a System V semaphore after its process id; if another program has that one, its
  # clients start without waiting for each other, which is no fault of the files.
  sed -i '/barrier semaphore/d' "$APPS_SCRATCH/out"
  tail -n 3 "$APPS_SCRATCH/out"
  ! grep -m 1 -i 'error\|failed' "$APPS_SCRATCH/out" || return 1
  grep -q '^Throughput' "$APPS_SCRATCH/out"
}

check "4 clients" replay plain
check "4 clients with fsync" replay fsync -F
if [ "$APPS_SPEED" = full ]; then
  check "4 clients with xattrs" replay xattr -x
  check "4 clients with O_SYNC" replay osync -s -S
fi
exit 0
