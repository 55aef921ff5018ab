"""The official code lists and enumerations: loaded from the operator's copy, offered as picks."""
