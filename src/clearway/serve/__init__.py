"""From a request to bytes on the wire: WSGI and ASGI, short adapters over one answer."""
