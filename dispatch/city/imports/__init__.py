"""Brings a city in: read everything, build everything, then switch in one transaction."""
