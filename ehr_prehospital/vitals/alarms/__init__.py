"""Alarms on the live stream: raised, acknowledged by a name, escalated when nobody reacts."""
