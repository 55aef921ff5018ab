"""The only door to a patient. Every look is logged, the refused ones too."""
