"""A recorded patient of PhysioNet (WFDB waves and numbers) played as if on the monitor."""
