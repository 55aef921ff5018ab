"""Scores: tables as data, one engine. A missing input makes a score incomplete, never 0."""
