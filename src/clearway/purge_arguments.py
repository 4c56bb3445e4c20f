"""The arguments of `clearway purge`."""

from argparse import ArgumentParser


def add_purge_arguments(parser: ArgumentParser) -> None:
    """Those beside `--format`."""
    parser.add_argument("urls", nargs="*", metavar="URL", help="these, such as /robots.txt, instead of what changed")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("-n", "--plan", action="store_true", help="list the URLs and tell nobody (default)")
    what.add_argument("--apply", action="store_true", help='tell the cache that CLEARWAY["publish"]["purge"] names')
    parser.add_argument("--since", metavar="ID", help="what changed since this release (default: the one before)")
    parser.add_argument(
        "--target",
        metavar="TARGET",
        help='what `clearway publish` published to (CLEARWAY["publish"]["target"]; without one, STATIC_ROOT)',
    )
    parser.set_defaults(root=None)
