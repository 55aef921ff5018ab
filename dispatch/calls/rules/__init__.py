"""Triage, and whether two calls are about one event. All pure."""
