"""From the alert to the transfer of care: on board means admitted.

A handover is between one mission and one hospital; a redirect makes another one.
"""
