#!/bin/bash
# find and du give one answer through the mount and on the backing directory.
. "$APPS_HARNESS/appkit.sh"

fill() {
  cp -a /usr/include/linux "$APPS_DIR/linux" || return 1
  mkdir "$APPS_DIR/wide" "$APPS_DIR/empty" || return 1
  (cd "$APPS_DIR/wide" && seq -f 'name %05.0f' "$(by_speed 3000 50000)" | xargs -d '\n' touch) ||
    return 1
  truncate -s 100M "$APPS_DIR/sparse" || return 1
  head -c 3000000 /dev/zero >"$APPS_DIR/full" || return 1
  sync -f "$APPS_BACKING"  # Blocks are counted when they are allocated.
}
agree() { # COMMAND...: prints the same when run in either directory
  local through behind
  through=$(cd "$APPS_DIR" && "$@") || { echo "${through##*$'\n'}"; return 1; }
  behind=$(cd "$APPS_BACKING" && "$@") || return 1
  [ -n "$through" ] || { echo "no output"; return 1; }
  [ "$through" = "$behind" ] && return
  diff <(echo "$through") <(echo "$behind") | sed -n 2p
  return 1
}
listed() { find . -printf '%P\t%y %m %U %G %n %T@ %b %l\n' | sort; }
sizes() { find . -type f -printf '%P\t%s\n' | sort; }
distinct_inodes() { find . -printf '%i\n' | sort -u | wc -l; }
readdir_types() { find . -type d | sort | head -n 200; }
grepped() { grep -rlc include linux | sort; }

check "fill" fill
check "find" agree listed
check "sizes" agree sizes
check "inode numbers are distinct" agree distinct_inodes
check "directories" agree readdir_types
check "du" agree du -s .
check "du --apparent-size of files" agree du -b --max-depth=0 linux/fs.h sparse full
check "du --inodes" agree du -s --inodes .
check "grep -r" agree grepped
check "ls -lR" agree ls -lR linux
check "df" agree df --output=size,itotal,iused .
check "walk again" agree listed
same "files" "$(find "$APPS_DIR" | wc -l)"
check "rm -r" rm -r "$APPS_DIR/wide"
check "gone" test ! -e "$APPS_DIR/wide"
exit 0
