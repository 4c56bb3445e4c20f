"""Where published files and records lie: a small transport, and the records read through it."""
