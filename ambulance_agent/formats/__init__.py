"""File formats that the vehicle and the centre both read: bytes in, values out.

Like the protocol, a part of the agent that the server may import. No I/O, no clock.
"""
