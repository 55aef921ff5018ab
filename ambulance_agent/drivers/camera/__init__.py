"""Cameras of the vehicle: V4L2, RTSP or a file, sent live and kept on the disk."""
