"""The site over WSGI behind the wrapper of the chosen stack."""

import os

os.environ["BENCH_WRAPPED"] = "1"
from benchmarks.site.wsgi import application as django_application

if os.environ["BENCH_STACK"] == "clearway":
    from clearway.wsgi import Clearway

    application = Clearway(django_application)
else:
    import re

    from whitenoise import WhiteNoise

    application = WhiteNoise(
        django_application,
        root=os.environ["BENCH_ROOT"],
        prefix="static/",
        immutable_file_test=lambda path, url: bool(re.search(r"\.[0-9a-f]{12}\.", url)),
    )
