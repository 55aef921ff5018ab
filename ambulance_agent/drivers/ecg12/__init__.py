"""12-lead ECGs that a monitor exports as files into a folder."""
