"""GitHub Actions: tests and static files at each push; what was encoded is kept from run to run."""

from .site import Deployed

_WORKFLOW = """\
name: deploy
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
jobs:
  release:
    runs-on: ubuntu-latest
    env:
      CLEARWAY_CACHE: ${{{{ github.workspace }}}}/.clearway-cache
      DJANGO_SETTINGS_MODULE: {settings}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
          cache: pip
{lists}      - uses: actions/cache@v4
        with:
          path: .clearway-cache
          key: clearway-${{{{ github.sha }}}}
          restore-keys: clearway-
      - run: {install}
      # A reference to a file that is not there ends it here.
      - run: {collect}
      - run: {verify}
      # What is yours: tests, an image, the copy to the servers.
"""


def files(site: Deployed) -> dict[str, str]:
    """One workflow."""
    text = _WORKFLOW.format(
        settings=site.settings,
        python=site.python,
        lists=f"          cache-dependency-path: {site.requirements or 'pyproject.toml'}\n",
        install=site.install,
        collect=site.collect,
        verify=site.verify,
    )
    return {".github/workflows/deploy.yml": text}
