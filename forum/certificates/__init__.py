"""Certificates of attendance, from what the gates saw."""
