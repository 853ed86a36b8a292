#!/bin/bash
# Sourced by the applications that are written in bash: how they record what they
# saw (see record.py).
set -u
: "$APPS_DIR" "$APPS_BACKING" "$APPS_SCRATCH" "$APPS_RECORD" "$APPS_SPEED"

# by_speed QUICK FULL: the amount for the speed of this run.
by_speed() {
  if [ "$APPS_SPEED" = quick ]; then echo "$1"; else echo "$2"; fi
}

# check NAME COMMAND...: COMMAND must exit with 0; the last line of its output says why it did not.
check() {
  local name=$1 output code
  shift
  output=$("$@" 2>&1) && code=0 || code=$?
  printf '%s\n' "+ $*" "$output"
  if [ "$code" = 0 ]; then
    printf 'check\t%s\tpass\n' "$name" >>"$APPS_RECORD"
  else
    printf 'check\t%s\tfail: exit %s: %s\n' "$name" "$code" \
      "$(printf '%s' "$output" | tail -n 1 | tr '\t' ' ')" >>"$APPS_RECORD"
  fi
  return "$code"
}

# same NAME VALUE: VALUE must be equal in both places.
same() {
  printf 'same\t%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\t\n' '  ')" >>"$APPS_RECORD"
}
