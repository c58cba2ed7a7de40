"""How the service is run: from `NEURAL_LAB_*`, from `[serve]` in `settings.toml`, or as usual."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from hashlib import blake2b
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from neural_lab.api.secret_file import FILE, LENGTH, kept_secret
from neural_lab.api.settled import Hosts, Networks, Pages, Rate
from neural_lab.errors import InvalidRequest
from neural_lab.settings import home, serve_table

PUBLIC = (
    "The host can be reached from other computers: set NEURAL_LAB_ACCOUNTS=1, so that users log in, or "
    "serve on 127.0.0.1."
)
PAGES = (
    "NEURAL_LAB_CORS_ORIGINS=* would let every page on the web read what you keep: name the pages, or set "
    "NEURAL_LAB_ACCOUNTS=1."
)


class ServeConfig(BaseSettings):
    """Every setting with its environment variable is listed in docs/serving.md."""

    model_config = SettingsConfigDict(env_prefix="NEURAL_LAB_", extra="ignore", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address to listen at.")
    port: int = Field(8000, ge=0, le=65_535, description="Port; 0: one that is free.")
    workers: int = Field(1, ge=1, le=64, description="Processes.")
    threads: int = Field(
        0, ge=0, le=256, description="Windows and passages read side by side; 0: as many as fit."
    )
    accounts: bool = Field(
        False, description="Users log in; without, whoever reaches the port is the only user."
    )
    sign_up: bool = Field(False, description="Anybody may make an account.")
    allowed_hosts: Hosts = Field(
        default_factory=list, description="Names under which the service is reached."
    )
    cors_origins: Pages = Field(
        default_factory=list, description="Pages elsewhere that may call the service."
    )
    trusted_proxies: Networks = Field(
        default_factory=list, description="Networks whose forwarding headers count."
    )
    secure_cookies: bool = Field(
        False, description="Cookies go over HTTPS alone, as they do anyway where others can reach it."
    )
    secret: SecretStr | None = Field(
        None, description="Shared by all instances; else a file in the data folder."
    )
    redis: SecretStr | None = Field(None, description="redis://… for cache and limits; else in this process.")
    when_redis_is_away: Literal["allow", "refuse"] = Field(
        "allow", description="What becomes of requests that cannot be counted."
    )
    detect_rate: Rate = Field("100/60", description="Requests to /detect, a client.")
    rate: Rate = Field("600/60", description="Requests to everything else, a client.")
    character_rate: Rate = Field("3000000/60", description="Characters to be scored or searched, a client.")
    login_rate: Rate = Field("10/300", description="Attempts to log in, a name and an address.")
    most_waiting: int = Field(2_000_000, ge=10_000, description="Characters that may wait for the detector.")
    batch_characters: int = Field(20_000, ge=1, description="Characters read in one go.")
    most_body_mb: int = Field(32, ge=1, le=1_024, description="MiB of a request.")
    request_seconds: float = Field(120, gt=0, le=3_600, description="For scoring, then 503.")
    drain_seconds: float = Field(
        15, gt=0, le=600, description="For requests that run when the service is stopped, then 503."
    )
    most_requests: int = Field(512, ge=1, description="Requests at once, in one worker.")
    cache_mb: int = Field(64, ge=0, le=65_536, description="MiB of cache in each process.")
    cache_seconds: int = Field(3_600, ge=1, description="How long the cache in Redis remembers.")
    memory_mb: int = Field(0, ge=0, description="Resident memory above which new work is refused; 0: none.")
    job_seconds: int = Field(7 * 86_400, ge=60, description="How long the results of jobs are kept.")
    detector_seconds: float = Field(
        5, ge=0, le=3_600, description="Between two looks at which detector is the champion; 0: none."
    )
    shadow: float = Field(
        0, ge=0, le=1, description="Share of documents that the challenger reads as well, unseen; 0: none."
    )
    event_days: int = Field(
        90, ge=0, description="How long counts and scores of requests are kept; 0: not at all."
    )

    drift_minutes: float = Field(
        60, ge=0, le=10_080, description="Between two looks at whether the texts have changed; 0: none."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[Any, ...]:
        del settings_cls, dotenv_settings, file_secret_settings
        return init_settings, env_settings, serve_table

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the service."""
        return is_local(self.host)

    @property
    def secure(self) -> bool:
        """Whether cookies go over HTTPS alone: as told, and wherever the service has a public name."""
        public = not self.loopback or not all(map(is_local, self.allowed_hosts))
        return self.secure_cookies or public

    def key(self) -> bytes:
        """The secret behind cache keys and digests: as given, or made once and kept in the data folder."""
        if self.secret:
            return blake2b(self.secret.get_secret_value().encode("utf-8", "surrogatepass")).digest()
        return kept_secret(home() / FILE)

    def checked(self) -> ServeConfig:
        """Raises `InvalidRequest` for what would put somebody at risk."""
        if not self.loopback and not self.accounts:
            raise InvalidRequest("public_without_accounts", PUBLIC)
        if "*" in self.cors_origins and not self.accounts:
            raise InvalidRequest("pages_without_accounts", PAGES)
        if self.secret and len(self.secret) < LENGTH:
            raise InvalidRequest("short_secret", f"NEURAL_LAB_SECRET needs {LENGTH} characters or more.")
        return self


def is_local(host: str) -> bool:
    """Whether a name or address always means the computer itself."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def read_config(**given: Any) -> ServeConfig:
    """Raises `InvalidRequest` that names the setting and repeats no value."""
    for name in serve_table():
        if name not in ServeConfig.model_fields:
            raise InvalidRequest("settings", f"[serve] has no setting {name}: see docs/serving.md.")
    try:
        return ServeConfig(**{name: value for name, value in given.items() if value is not None}).checked()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        said = first["msg"].removeprefix("Value error, ")
        message = f"The setting {name} (NEURAL_LAB_{name.upper()}) is wrong: {said}."
        raise InvalidRequest("settings", message) from None
