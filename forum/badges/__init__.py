"""Badges: the code a person carries and the paper it is printed on."""
