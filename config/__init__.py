"""How the platform is configured, started and wired: no medical or dispatch rule lives here.

Read env (what the operator may set) -> settings -> urls, asgi, frames (every route) ->
setup, embedded, supervisor (what `make run` does).
"""
