"""What is attached to a record: photographs and papers, byte for byte, and who looked at them."""
