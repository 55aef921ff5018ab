"""Addresses and places: from a few typed letters to a point, and back.

Two levels: find the name among thousands first, then the number on that street.
"""
