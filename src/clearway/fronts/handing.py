"""Private files in a written configuration: what is sent with them, and what is said where the application sends them.

nginx keeps Content-Type, Content-Disposition, Cache-Control, Expires and Set-Cookie of an answer with X-Accel-Redirect
and drops every other field (documentation of ngx_http_proxy_module, proxy_pass_header, and of X-Accel).
"""

from .site import Private

PASSED_ON = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Robots-Tag",
)
ACCEL, SENDFILE = "x-accel", "x-sendfile"  # roads of the setting


def remark(private: Private, road: str) -> list[str]:
    """What a configuration says that carries private files on `road`; nothing where the application takes that."""
    if private.road == road:
        return []
    if private.road in (ACCEL, SENDFILE):
        header = "X-Accel-Redirect" if private.road == ACCEL else "X-Sendfile"
        return [f'# Private files: the application sends {header}; this server needs the road "{road}".']
    return [f'# Private files: the application sends them itself; with the road "{road}" this server would.']
