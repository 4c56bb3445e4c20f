"""What `clearway init` takes from the command line."""

import argparse


def add_init_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `clearway init`."""
    parser.add_argument("-n", "--diff", "--dry-run", action="store_true", help="show what it would do, and do nothing")
    parser.add_argument("-y", "--yes", "--no-input", "--noinput", action="store_true", help="do not ask before")
    parser.add_argument(
        "--static-from-bucket", action="store_true", help="also where static files are in a bucket; media stay there"
    )
