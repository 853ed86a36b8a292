"""The same test programs over every kind of mount; run.py is the program."""
