"""Live pictures: the media hub (who sends, who watches), its streams, and who may do what.

The pictures themselves are never stored here and never touch a database or a channel layer.
"""
