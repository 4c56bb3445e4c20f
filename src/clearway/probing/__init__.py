"""Asks live servers, and keeps what they answer. Only GET is ever sent."""
