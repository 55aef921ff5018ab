"""One settings file for every environment: production is what the tests run."""

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from config import env
from config.embedded import channel_url, database_url

ENVIRONMENT = env.read()
BASE_DIR = env.ROOT
STATE_DIR = ENVIRONMENT.state_dir
# Where the set-up puts the fonts of printed pages, one folder a package.
FONTS_DIR = BASE_DIR / "node_modules"
# Limits, delays and escalation: the operator's own table, or ours.
POLICY_FILE = ENVIRONMENT.policy or BASE_DIR / "dispatch/decision/policies/standard.toml"
# The online geocoder that may be asked, None for none: see dispatch/city/geocoders.
GEOCODER = ENVIRONMENT.geocoder
HEALTH_RECORD = ENVIRONMENT.health_record
# The official files that documents are checked against, None where the operator has none.
STANDARDS_DIR = ENVIRONMENT.standards
# The relay for talk-back, None where there is none: voices then need a direct way, or the hub.
RELAY = ENVIRONMENT.relay
# Where pieces of recordings arrive, and where whole ones lie unless an object store is named.
RECORDINGS_DIR = ENVIRONMENT.recordings or STATE_DIR / "recordings"
# So much of that disk stays free: the database may share it.
RECORDINGS_RESERVE_BYTES = ENVIRONMENT.recordings_reserve_mb * 1024 * 1024
# How long each class of recordings is kept: the operator's own table, or ours.
RETENTION_FILE = ENVIRONMENT.retention or BASE_DIR / "ehr_prehospital/recording/retention.toml"
# The hubs of live pictures: how many, where, and which of them this process is.
HUB_PORT = ENVIRONMENT.media_port
HUB_PROCESSES = ENVIRONMENT.media_processes
HUB_URL = ENVIRONMENT.media_url
HUB_SHARD = ENVIRONMENT.media_shard
ALARMS_FILE = ENVIRONMENT.alarms or BASE_DIR / "ehr_prehospital/vitals/alarms/limits.toml"

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.web"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "config",
    "dispatch",
    "ehr_prehospital",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.pages.everywhere",
            ]
        },
    }
]

# --- state --------------------------------------------------------------------

_database = conninfo_to_dict(database_url(ENVIRONMENT))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", "onboard"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": str(_database.pop("port", "")),
        "OPTIONS": {
            **_database,
            # The pool's pauses between two attempts double, for five minutes if it may: it gives
            # up before whoever waits does, whose next call begins with an attempt at once.
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10, "reconnect_timeout": 9},
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # Every consumer holds a connection (the client library's own limit is 100) and
            # waits on it for up to five seconds, as long as that library's own time-out.
            "hosts": [
                {
                    "address": channel_url(ENVIRONMENT),
                    "max_connections": 5000,
                    "socket_timeout": 30,
                }
            ],
            # Messages per channel before the slowest screen loses its own picture.
            "capacity": 500,
            "expiry": 10,
        },
    }
}

# --- people -------------------------------------------------------------------

AUTH_USER_MODEL = "dispatch.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# --- language and time --------------------------------------------------------

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

# --- pages and files ----------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Served straight from the folders: nothing to collect, names stay as the modules import them.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MIMETYPES = {".mjs": "text/javascript"}

_object_store = ENVIRONMENT.object_store
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "recordings": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _object_store.bucket,
            "endpoint_url": _object_store.url or None,
            "region_name": _object_store.region or None,
            "access_key": _object_store.key or None,
            "secret_key": _object_store.secret or None,
            "default_acl": "private",
            "file_overwrite": True,
            "querystring_auth": True,
        },
    }
    if _object_store
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": RECORDINGS_DIR / "kept",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

_https = ENVIRONMENT.public_url.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 13 * 3600  # one shift and its handover
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# --- API ----------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.refusals.as_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Onboard",
    "DESCRIPTION": _("Emergency ambulance dispatch and pre-hospital care"),
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# --- log ----------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.server": {"level": "WARNING"}, "daphne": {"level": "WARNING"}},
}
