"""The controlled drugs of each vehicle: what came, went and was counted, and by whom."""
