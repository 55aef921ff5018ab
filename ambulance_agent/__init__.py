"""The vehicle: devices in, numbered frames out, nothing lost on the way.

Read protocol → drivers → outbox → uplink → agent. Knows nothing of the
server but the words of `protocol`, and never imports Django.
"""

VERSION = "1.0.0"
