"""What a recording is judged by: is it whole, where are its key frames, how long is it kept."""
