"""nginx before an application and a bucket, with what the documentation says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.helpers.bucket import BucketServer
from tests.system.documents import blocks
from tests.system.fronts import opened
from tests.system.real_nginx import complaints, nginx, written
from tests.system.servers import free_port

PAGE = "docs/howto/private-files-bucket.md"
HOST = "uploads.s3.eu-central-1.amazonaws.com"


@contextmanager
def before(behind: int, bucket: BucketServer) -> Iterator[int]:
    """nginx with what the documentation says, for a bucket on this machine, which has no certificate."""
    upstream, location = blocks(PAGE, "nginx")
    near = f"127.0.0.1:{bucket.port}"
    text = re.sub(r"^ *proxy_ssl_.*\n", "", location.replace("https://", "http://"), flags=re.MULTILINE)
    text = text.replace(f"Host {HOST};", f"Host {near};")
    port = free_port()
    told = f"proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $host; proxy_buffer_size 8k;"
    application = f"location / {{ {told} }}"
    site = f"{upstream.replace(f'{HOST}:443', near)}\nserver {{ listen 127.0.0.1:{port};\n{text}\n{application} }}\n"
    with opened() as home:
        main = written(home, site)
        assert complaints(main) == ""
        with nginx(main, port):
            yield port
