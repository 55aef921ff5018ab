"""The platform itself: start, set-up, environment, embedded servers, supervision."""
