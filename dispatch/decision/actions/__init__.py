"""Make recommendations, act on them, keep roads, hospitals and estimates up to date."""
