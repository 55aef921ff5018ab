"""The table of processes that make up a running platform, in the order in which they start."""

from __future__ import annotations

import sys
from dataclasses import replace

from config.env import ROOT, Environment
from config.supervisor import Part


def server_parts(environment: Environment) -> list[Part]:
    """Return the socket servers and the two watchers.

    The servers are the same code with different entry points, apart so that a flood of video
    or of vital signs never delays a dispatcher's key.
    """
    return [
        _served("web", environment.host, environment.web_port),
        *_uplinks(environment),
        *_hubs(environment),
        Part("watch", _manage("watch")),
        # Apart from it: an alarm does not wait for a route.
        Part("patients", _manage("watch_patients")),
        # Apart from both: a partner that does not answer holds up nobody here.
        Part("deliver", _manage("deliver")),
        # Reads long files: beside everybody.
        Part("recordings", _manage("tend_recordings")),
    ]


def demonstration_parts(environment: Environment, *, callers: bool = True) -> list[Part]:
    """Return what stands in for the world: forty ambulances and the people who ring."""
    vehicles = sorted(str(path) for path in (environment.state_dir / "fleet").glob("*.toml"))
    agent = (sys.executable, "-m", "ambulance_agent", "--log", "WARNING", *vehicles)
    return [
        *([Part("vehicles", agent, is_a_client=True)] if vehicles else []),
        *([Part("callers", _manage("demo_traffic"), is_a_client=True)] if callers else []),
    ]


def _uplinks(environment: Environment) -> list[Part]:
    """Several processes on one port: the vehicles are spread over them."""
    host, port = environment.host, environment.uplink_port
    listen = ("config.shared_port", host, str(port))
    count = environment.uplink_processes
    names = ["uplink"] if count == 1 else [f"uplink-{number + 1}" for number in range(count)]
    return [_part(name, (*listen, *_daphne("uplink")), host, port) for name in names]


def _hubs(environment: Environment) -> list[Part]:
    """One port each: all cameras and viewers of an incident meet in one process.

    After a restart all of them come at once, each to be asked who it is: they may wait for that.
    """
    ports = environment.media_ports
    return [
        replace(
            _served("media", environment.host, port, "--websocket_connect_timeout", "20"),
            name="media" if len(ports) == 1 else f"media-{shard + 1}",
            environment={"ONBOARD_MEDIA_SHARD": str(shard)},
        )
        for shard, port in enumerate(ports)
    ]


def _served(name: str, host: str, port: int, *more: str) -> Part:
    listen = ("daphne", "--bind", host, "--port", str(port), *more)
    return _part(name, (*listen, *_daphne(name)), host, port)


def _daphne(application: str) -> tuple[str, ...]:
    return (
        *("--verbosity", "0"),
        *("--application-close-timeout", "2"),
        "--no-server-name",
        f"config.asgi:{application}",
    )


def _part(name: str, module: tuple[str, ...], host: str, port: int) -> Part:
    # 0.0.0.0 is where to listen, not where to knock
    knock_at = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return Part(name, (sys.executable, "-m", *module), host=knock_at, port=port)


def _manage(command: str) -> tuple[str, ...]:
    # `up` has run the checks once for all
    return (sys.executable, str(ROOT / "manage.py"), command, "--skip-checks")
