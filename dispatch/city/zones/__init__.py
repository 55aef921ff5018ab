"""Areas that somebody drew: events, dangers, station areas."""
