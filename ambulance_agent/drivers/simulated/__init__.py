"""A whole patient, a crew and a drive along the road path of the order.

Read settings → parse (road) → drive → gps → crew → cases → patient → ecg → driver.
Deterministic: same seed, same orders at the same times, same frames.
"""
