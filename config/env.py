"""The environment, read once into one frozen object; every wrong name or value is told at once.

Knows nothing of Django: settings.py, the supervisor and the tests all read it. Variables may
also stand in a file `.env` beside manage.py; the process environment wins over the file.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent.parent

_PREFIX = "ONBOARD_"
_NAMES = frozenset(
    {
        "ONBOARD_SECRET_KEY",
        "ONBOARD_DEBUG",
        "ONBOARD_STATE_DIR",
        "ONBOARD_HOST",
        "ONBOARD_PORT",
        "ONBOARD_UPLINK_PORT",
        "ONBOARD_UPLINK_PROCESSES",
        "ONBOARD_MEDIA_PORT",
        "ONBOARD_MEDIA_PROCESSES",
        "ONBOARD_MEDIA_URL",
        "ONBOARD_MEDIA_SHARD",
        "ONBOARD_PUBLIC_URL",
        "ONBOARD_ALLOWED_HOSTS",
        "ONBOARD_TIME_ZONE",
        "ONBOARD_CITY",
        "ONBOARD_ALARMS",
        "ONBOARD_POLICY",
        "ONBOARD_GEOCODER",
        "ONBOARD_GEOCODER_URL",
        "ONBOARD_GEOCODER_KEY",
        "ONBOARD_GEOCODER_TIMEOUT_S",
        "ONBOARD_HEALTH_RECORD_URL",
        "ONBOARD_HEALTH_RECORD_TOKEN",
        "ONBOARD_HEALTH_RECORD_TIMEOUT_S",
        "ONBOARD_STANDARDS",
        "ONBOARD_TURN_URLS",
        "ONBOARD_TURN_SECRET",
        "ONBOARD_TURN_ONLY",
        "ONBOARD_RECORDINGS",
        "ONBOARD_RECORDINGS_RESERVE_MB",
        "ONBOARD_RETENTION",
        "ONBOARD_S3_URL",
        "ONBOARD_S3_BUCKET",
        "ONBOARD_S3_REGION",
        "ONBOARD_S3_KEY",
        "ONBOARD_S3_SECRET",
        "ONBOARD_ENV_FILE",
        "ONBOARD_DIE_WITH_PARENT",
    }
)
_GEOCODERS = ("nominatim", "photon", "baidu", "amap")
_NEED_A_KEY = {"baidu", "amap"}
_LONGEST_GEOCODER_S = 10.0
_LONGEST_HEALTH_RECORD_S = 15.0
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_SHORTEST_KEY = 32
_MOST_PROCESSES = 64


class EnvironmentErrors(SystemExit):
    """All that is wrong with the environment, one line each; ends the program when uncaught."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The environment is not usable (see .env.example):\n{lines}")


@dataclass(frozen=True, slots=True)
class GeocoderSetting:
    """The online geocoder that the operator has allowed; none by default."""

    name: str
    url: str
    key: str = field(repr=False)
    timeout_s: float


@dataclass(frozen=True, slots=True)
class HealthRecordSetting:
    """The connected health-record system (FHIR R4) that crews may ask; none by default."""

    url: str
    token: str = field(repr=False)
    timeout_s: float


@dataclass(frozen=True, slots=True)
class RelaySetting:
    """The relay (coturn, `use-auth-secret`) for voices without a direct way; none by default."""

    urls: tuple[str, ...]
    secret: str = field(repr=False)
    # No direct ways at all, where these come and go or addresses are not to be shown.
    only: bool = False


@dataclass(frozen=True, slots=True)
class ObjectStoreSetting:
    """The S3-compatible store that complete recordings are moved to; none by default."""

    url: str
    bucket: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Environment:
    """What the operator decided. `None` for a URL means: the embedded server is used."""

    secret_key: str = field(repr=False)
    debug: bool
    state_dir: Path
    database_url: str | None = field(repr=False)
    channel_url: str | None = field(repr=False)
    host: str
    web_port: int
    uplink_port: int
    uplink_processes: int
    media_port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    time_zone: str
    city: Path | None
    alarms: Path | None = None
    policy: Path | None = None
    geocoder: GeocoderSetting | None = None
    health_record: HealthRecordSetting | None = None
    standards: Path | None = None
    relay: RelaySetting | None = None
    recordings: Path | None = None
    recordings_reserve_mb: int = 1024
    retention: Path | None = None
    object_store: ObjectStoreSetting | None = None
    media_processes: int = 1
    media_url: str = ""
    media_shard: int | None = None

    @property
    def media_ports(self) -> range:
        """One for each hub process."""
        return range(self.media_port, self.media_port + self.media_processes)


def read(environ: Mapping[str, str] | None = None) -> Environment:
    """Read `environ` (default: the process and the .env file) or raise `EnvironmentErrors`.

    Makes the state folder and, where no secret key is set, a key inside it.
    """
    return _Reader(_with_file(os.environ) if environ is None else environ).environment()


class _Reader:
    """Collects problems while it reads, so that the operator sees all of them in one go."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems = [
            f"{name} is not a known setting"
            for name in sorted(environ)
            if name.startswith(_PREFIX) and name not in _NAMES
        ]

    def environment(self) -> Environment:
        state_dir = Path(self._text("ONBOARD_STATE_DIR") or ROOT / ".state").absolute()
        debug = self._flag("ONBOARD_DEBUG")
        host = self._text("ONBOARD_HOST") or "127.0.0.1"
        web_port = self._port("ONBOARD_PORT", 8000)
        uplink_port = self._port("ONBOARD_UPLINK_PORT", web_port + 1)
        media_port = self._port("ONBOARD_MEDIA_PORT", web_port + 2)
        media_processes = self._media_processes()
        media_ports = range(media_port, media_port + media_processes)
        if web_port == uplink_port or web_port in media_ports or uplink_port in media_ports:
            self._problems.append(
                "ONBOARD_PORT, ONBOARD_UPLINK_PORT and ONBOARD_MEDIA_PORT must differ"
                + (f" (the media processes use {media_processes} ports)" * (media_processes > 1))
            )
        public_url = self._public_url(web_port)
        allowed_hosts = self._allowed_hosts(host, public_url)
        environment = Environment(
            secret_key=self._given_key(),
            debug=debug,
            state_dir=state_dir,
            database_url=self._url("DATABASE_URL", {"postgres", "postgresql"}),
            channel_url=self._url("CHANNEL_URL", {"redis", "rediss", "valkey", "valkeys", "unix"}),
            host=host,
            web_port=web_port,
            uplink_port=uplink_port,
            uplink_processes=self._processes("ONBOARD_UPLINK_PROCESSES"),
            media_port=media_port,
            public_url=public_url,
            allowed_hosts=allowed_hosts,
            time_zone=self._time_zone(),
            city=self._file("ONBOARD_CITY"),
            alarms=self._file("ONBOARD_ALARMS"),
            policy=self._file("ONBOARD_POLICY"),
            geocoder=self._geocoder(),
            health_record=self._health_record(),
            standards=self._folder("ONBOARD_STANDARDS"),
            relay=self._relay(),
            recordings=self._folder("ONBOARD_RECORDINGS"),
            recordings_reserve_mb=self._megabytes("ONBOARD_RECORDINGS_RESERVE_MB", 1024),
            retention=self._file("ONBOARD_RETENTION"),
            object_store=self._object_store(),
            media_processes=media_processes,
            media_url=self._media_url(media_processes),
            media_shard=self._media_shard(media_processes),
        )
        if self._problems:
            raise EnvironmentErrors(self._problems)
        return _with_key(environment)

    def _geocoder(self) -> GeocoderSetting | None:
        name, url = self._text("ONBOARD_GEOCODER").lower(), self._text("ONBOARD_GEOCODER_URL")
        key = self._text("ONBOARD_GEOCODER_KEY")
        if not name:
            return None
        if name not in _GEOCODERS:
            self._problems.append(f"ONBOARD_GEOCODER must be one of {', '.join(_GEOCODERS)}")
        if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
            self._problems.append("ONBOARD_GEOCODER_URL must look like https://photon.example")
        if name in _NEED_A_KEY and not key:
            self._problems.append(f"ONBOARD_GEOCODER_KEY is missing: {name} answers only with one")
        return GeocoderSetting(
            name, url, key, self._seconds("ONBOARD_GEOCODER_TIMEOUT_S", 2, _LONGEST_GEOCODER_S)
        )

    def _health_record(self) -> HealthRecordSetting | None:
        name = "ONBOARD_HEALTH_RECORD_URL"
        url, token = self._text(name), self._text("ONBOARD_HEALTH_RECORD_TOKEN")
        wait = self._seconds("ONBOARD_HEALTH_RECORD_TIMEOUT_S", 5, _LONGEST_HEALTH_RECORD_S)
        if not url:
            return None
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            self._problems.append(f"{name} must look like https://records.example/fhir")
        return HealthRecordSetting(url.rstrip("/"), token, wait)

    def _relay(self) -> RelaySetting | None:
        text = self._text("ONBOARD_TURN_URLS")
        urls = tuple(part.strip() for part in text.split(",") if part.strip())
        secret = self._text("ONBOARD_TURN_SECRET")
        if not urls:
            return None
        if not all(url.startswith(("turn:", "turns:")) for url in urls):
            self._problems.append("ONBOARD_TURN_URLS must look like turn:relay.example:3478")
        if not secret:
            self._problems.append("ONBOARD_TURN_SECRET is missing: the relay's static-auth-secret")
        return RelaySetting(urls, secret, self._flag("ONBOARD_TURN_ONLY"))

    def _object_store(self) -> ObjectStoreSetting | None:
        bucket, url = self._text("ONBOARD_S3_BUCKET"), self._text("ONBOARD_S3_URL")
        key, secret = self._text("ONBOARD_S3_KEY"), self._text("ONBOARD_S3_SECRET")
        if not bucket:
            if url or key or secret:
                self._problems.append("ONBOARD_S3_BUCKET is missing: nothing is kept there without")
            return None
        if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
            self._problems.append("ONBOARD_S3_URL must look like https://objects.example")
        if bool(key) != bool(secret):
            self._problems.append("ONBOARD_S3_KEY and ONBOARD_S3_SECRET belong together")
        return ObjectStoreSetting(url, bucket, self._text("ONBOARD_S3_REGION"), key, secret)

    def _megabytes(self, name: str, default: int) -> int:
        text = self._text(name) or str(default)
        if not text.isdigit():
            self._problems.append(f"{name} must be a number of megabytes, not {text!r}")
            return default
        return int(text)

    def _seconds(self, name: str, default: float, longest: float) -> float:
        try:
            seconds = float(self._text(name) or default)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= longest:
            self._problems.append(f"{name} must be seconds, at most {longest:g}")
        return seconds

    def _processes(self, name: str) -> int:
        """Not said: one a core, at most four. One takes some 1,000 vehicles at 1 Hz at its best."""
        text = self._text(name)
        if not text:
            return min(4, os.cpu_count() or 1)
        if not text.isdigit() or not 1 <= int(text) <= _MOST_PROCESSES:
            self._problems.append(f"{name} is not a number from 1 to {_MOST_PROCESSES}: {text!r}")
            return 1
        return int(text)

    def _media_processes(self) -> int:
        """Not said: one, which carries some forty cameras with ten viewers each on one core."""
        named = self._text("ONBOARD_MEDIA_PROCESSES")
        return self._processes("ONBOARD_MEDIA_PROCESSES") if named else 1

    def _media_url(self, processes: int) -> str:
        """Where browsers reach the hubs behind a proxy; `{shard}` stands for a hub's number."""
        url = self._text("ONBOARD_MEDIA_URL").rstrip("/")
        if url and (urlsplit(url).scheme not in {"ws", "wss"} or not urlsplit(url).netloc):
            self._problems.append("ONBOARD_MEDIA_URL must look like wss://media{shard}.example")
        elif url and processes > 1 and "{shard}" not in url:
            self._problems.append(
                "ONBOARD_MEDIA_URL must hold {shard} where there are several media processes"
            )
        return url

    def _media_shard(self, processes: int) -> int | None:
        """Set by the supervisor for each hub; by the operator where each runs by itself."""
        text = self._text("ONBOARD_MEDIA_SHARD")
        if not text:
            return None
        if not text.isdecimal() or int(text) >= processes:
            self._problems.append(f"ONBOARD_MEDIA_SHARD must be below {processes}, not {text!r}")
            return None
        return int(text)

    def _text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def _flag(self, name: str) -> bool:
        text = self._text(name).lower()
        if text not in {"", "0", "1", "true", "false"}:
            self._problems.append(f"{name} must be 0 or 1, not {text!r}")
        return text in {"1", "true"}

    def _port(self, name: str, default: int) -> int:
        text = self._text(name)
        if not text:
            return default
        if not text.isdecimal() or not 0 < int(text) < 65534:
            self._problems.append(f"{name} must be a port number from 1 to 65533, not {text!r}")
            return default
        return int(text)

    def _url(self, name: str, schemes: set[str]) -> str | None:
        text = self._text(name)
        if text and urlsplit(text).scheme not in schemes:
            # The value is not repeated: it may hold a password.
            self._problems.append(f"{name} must begin with {' or '.join(sorted(schemes))}://")
        return text or None

    def _public_url(self, web_port: int) -> str:
        text = self._text("ONBOARD_PUBLIC_URL")
        if not text:
            return f"http://127.0.0.1:{web_port}"
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            self._problems.append(
                f"ONBOARD_PUBLIC_URL must look like https://dispatch.example, not {text!r}"
            )
        return text.rstrip("/")

    def _allowed_hosts(self, host: str, public_url: str) -> tuple[str, ...]:
        named = tuple(part for part in self._text("ONBOARD_ALLOWED_HOSTS").split(",") if part)
        public = urlsplit(public_url).hostname
        if not named and not self._text("ONBOARD_PUBLIC_URL") and not _is_loopback(host):
            self._problems.append(
                "ONBOARD_ALLOWED_HOSTS (or ONBOARD_PUBLIC_URL) is missing: "
                f"ONBOARD_HOST={host} can be reached from outside this machine"
            )
        hosts = (*_LOOPBACK, *(part.strip() for part in named), *((public,) if public else ()))
        return tuple(dict.fromkeys(hosts))

    def _given_key(self) -> str:
        key = self._text("ONBOARD_SECRET_KEY")
        if key and len(key) < _SHORTEST_KEY:
            self._problems.append(f"ONBOARD_SECRET_KEY is shorter than {_SHORTEST_KEY} characters")
        return key

    def _time_zone(self) -> str:
        name = self._text("ONBOARD_TIME_ZONE") or "Asia/Shanghai"
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._problems.append(f"ONBOARD_TIME_ZONE is not a known time zone: {name!r}")
        return name

    def _file(self, name: str) -> Path | None:
        text = self._text(name)
        if text and not Path(text).is_file():
            self._problems.append(f"{name} is not a file: {text}")
        return Path(text).absolute() if text else None

    def _folder(self, name: str) -> Path | None:
        text = self._text(name)
        if text and not Path(text).is_dir():
            self._problems.append(f"{name} is not a folder: {text}")
        return Path(text).absolute() if text else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _with_file(environ: Mapping[str, str]) -> dict[str, str]:
    """Add the lines `NAME=value` of the .env file; quotes around a value are dropped."""
    path = environ.get("ONBOARD_ENV_FILE", str(ROOT / ".env"))
    merged: dict[str, str] = {}
    if path and Path(path).is_file():
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith("#"):
                merged[name.strip().removeprefix("export ")] = value.strip().strip("'\"")
    return {**merged, **environ}


def _with_key(environment: Environment) -> Environment:
    environment.state_dir.mkdir(parents=True, exist_ok=True)
    if environment.secret_key:
        return environment
    return replace(environment, secret_key=_kept_key(environment.state_dir / "secret_key"))


def _kept_key(path: Path) -> str:
    """Read the key, made on first use. Several processes may get here at once: link() decides."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
