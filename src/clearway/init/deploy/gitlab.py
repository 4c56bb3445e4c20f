"""GitLab CI: the same as for GitHub."""

from .site import Deployed

_PIPELINE = """\
release:
  image: python:{python}-slim
  variables:
    CLEARWAY_CACHE: $CI_PROJECT_DIR/.clearway-cache
    DJANGO_SETTINGS_MODULE: {settings}
    PIP_CACHE_DIR: $CI_PROJECT_DIR/.pip-cache
  cache:
    key: clearway
    paths:
      - .clearway-cache
      - .pip-cache
  script:
    - {install}
    # A reference to a file that is not there ends it here.
    - {collect}
    - {verify}
    # What is yours: tests, an image, the copy to the servers.
"""


def files(site: Deployed) -> dict[str, str]:
    """One pipeline."""
    text = _PIPELINE.format(
        python=site.python, settings=site.settings, install=site.install, collect=site.collect, verify=site.verify
    )
    return {".gitlab-ci.yml": text}
