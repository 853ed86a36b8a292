#!/bin/sh
# Keeps the last seven compressed copies of a log file and starts a new one.
set -eu
log=$1
for n in 6 5 4 3 2 1; do
  if [ -e "$log.$n.gz" ]; then mv "$log.$n.gz" "$log.$((n + 1)).gz"; fi
done
gzip -c "$log" > "$log.1.gz"
: > "$log"
