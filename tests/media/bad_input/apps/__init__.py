"""The project behind real servers. BAD_INPUT_HOME names the tree.

ROAD and GATE are what private files and uploads pass, BUCKET describes the bucket of private files, and LINKS is the
database of share links: each where there is one.
"""
