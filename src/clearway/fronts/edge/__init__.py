"""Caches of one's own in front of a bucket, or of the application: what a CDN is, on a machine of one's own."""
