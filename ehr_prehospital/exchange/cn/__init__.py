"""The record as the fields of Chinese pre-hospital forms (WS 542, WS 445). No database."""
