"""A satellite receiver: gpsd, a serial line, or a recorded NMEA 0183 file."""
