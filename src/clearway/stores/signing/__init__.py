"""URLs that carry their own permission: signed for object stores and content delivery networks.

Nothing here reads a clock or a setting: whoever signs gives the time and the keys.
"""
