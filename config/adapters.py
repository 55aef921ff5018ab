"""What sends a delivery, by its kind: the table that the senders are given."""

from __future__ import annotations

from collections.abc import Mapping

from ehr_prehospital.delivery import plain_post
from ehr_prehospital.delivery.rules import Adapter

ADAPTERS: Mapping[str, Adapter] = {
    plain_post.KIND: plain_post.send,
}
