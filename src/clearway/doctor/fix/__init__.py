"""`clearway doctor --fix`: what is safe is done, after it was shown; the rest is left to people, with the commands."""
