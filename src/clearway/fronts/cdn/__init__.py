"""Configurations for content delivery networks, written from the settings: pure functions from a `Cdn`."""
