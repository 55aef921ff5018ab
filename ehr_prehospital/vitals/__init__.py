"""Numbers and waves from the body: plausible or not, fresh or stale, stored and shown live."""
