"""Caches in front of a site, told to forget URLs: the interfaces of content delivery networks, and plain PURGE.

Secrets come from whoever makes an adapter, never from here.
"""
