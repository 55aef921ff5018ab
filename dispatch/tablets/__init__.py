"""The crews' tablets: the secrets that open what they keep, when they were seen, wiping one.

Knows a tablet as a device with people's keys; nothing of missions or of what it keeps.
"""
