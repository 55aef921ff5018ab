"""12-lead ECGs: the file as it came, and its twelve leads as far as they can be read."""
