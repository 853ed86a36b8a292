"""ask.py FILE REQUEST: one request to a query file, and its reply; run as the user who asks."""

import os
import sys

with os.fdopen(os.open(sys.argv[1], os.O_RDWR), "r+b", buffering=0) as stream:
    stream.write(sys.argv[2].encode())
    sys.stdout.buffer.write(stream.read())
