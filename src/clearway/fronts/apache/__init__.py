"""Apache httpd: its configuration read, a request routed through it, and a configuration written."""
