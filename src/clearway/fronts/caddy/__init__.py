"""Caddy: read a Caddyfile, follow a request through it, write one."""
