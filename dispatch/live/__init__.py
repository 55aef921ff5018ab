"""The boards: snapshot + rows since == fresh snapshot. State comes by doorbell."""
