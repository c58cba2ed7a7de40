"""How the service is run: from `NEURAL_LAB_*`, from `[serve]` in `settings.toml`, or as usual."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from neural_lab.errors import InvalidRequest
from neural_lab.settings import home, serve_table

SECRET_FILE, SECRET_BYTES = "secret.key", 32


def _rate(text: str) -> str:
    if not re.fullmatch(r"[1-9]\d{0,8}/[1-9]\d{0,5}", text):
        raise ValueError("has to be HITS/SECONDS, as 100/60")
    return text


def _network(text: str) -> str:
    ipaddress.ip_network(text, strict=False)
    return text


def _words(value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


Rate = Annotated[str, AfterValidator(_rate)]
Words = Annotated[list[str], NoDecode, BeforeValidator(_words)]
Networks = Annotated[list[Annotated[str, AfterValidator(_network)]], NoDecode, BeforeValidator(_words)]


class ServeConfig(BaseSettings):
    """Every setting with its environment variable is listed in docs/serving.md."""

    model_config = SettingsConfigDict(env_prefix="NEURAL_LAB_", extra="ignore", env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    workers: int = Field(1, ge=1, le=64)
    threads: int = Field(
        0, ge=0, le=256, description="Windows and passages read side by side; 0: as many as fit."
    )
    accounts: bool = Field(
        False, description="Users log in; without, whoever reaches the port is the only user."
    )
    sign_up: bool = Field(False, description="Anybody may make an account.")
    allowed_hosts: Words = Field(
        default_factory=list, description="Names under which the service is reached."
    )
    cors_origins: Words = Field(
        default_factory=list, description="Pages elsewhere that may call the service."
    )
    trusted_proxies: Networks = Field(
        default_factory=list, description="Networks whose forwarding headers count."
    )
    secure_cookies: bool = Field(False, description="Send session cookies over HTTPS alone.")
    secret: SecretStr | None = Field(
        None, description="Shared by all instances; else a file in the data folder."
    )
    redis: SecretStr | None = Field(None, description="redis://… for cache and limits; else in this process.")
    when_redis_is_away: Literal["allow", "refuse"] = "allow"
    detect_rate: Rate = Field("100/60", description="Requests to /detect, a client.")
    rate: Rate = Field("600/60", description="Requests to everything else, a client.")
    character_rate: Rate = Field("3000000/60", description="Characters to be scored or searched, a client.")
    login_rate: Rate = Field("10/300", description="Attempts to log in, a name and an address.")
    most_waiting: int = Field(2_000_000, ge=10_000, description="Characters that may wait for the detector.")
    batch_characters: int = Field(20_000, ge=1)
    most_body_mb: int = Field(32, ge=1, le=1_024)
    request_seconds: float = Field(120, gt=0, le=3_600)
    drain_seconds: float = Field(15, gt=0, le=600)
    most_requests: int = Field(512, ge=1, description="Requests at once, in one worker.")
    cache_mb: int = Field(64, ge=0, le=65_536)
    cache_seconds: int = Field(3_600, ge=1)
    memory_mb: int = Field(0, ge=0, description="Resident memory above which new work is refused; 0: none.")
    job_seconds: int = Field(7 * 86_400, ge=60, description="How long the results of jobs are kept.")
    event_days: int = Field(
        90, ge=0, description="How long counts and scores of requests are kept; 0: not at all."
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
        if self.host == "localhost":
            return True
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False

    def key(self) -> bytes:
        """The secret behind cache keys and digests: as given, or made once and kept in the data folder."""
        given = self.secret.get_secret_value().encode() if self.secret else b""
        return given or kept_secret(home() / SECRET_FILE)

    def checked(self) -> ServeConfig:
        """Raises `InvalidRequest` for what would put somebody at risk."""
        if not self.loopback and not self.accounts:
            message = (
                f"{self.host} can be reached from other computers: set NEURAL_LAB_ACCOUNTS=1, so that users "
                "log in, or serve on 127.0.0.1."
            )
            raise InvalidRequest("public_without_accounts", message)
        if self.secret and len(self.secret.get_secret_value()) < SECRET_BYTES:
            raise InvalidRequest(
                "short_secret", f"NEURAL_LAB_SECRET needs {SECRET_BYTES} characters or more."
            )
        return self


def read_config(**given: Any) -> ServeConfig:
    """Raises `InvalidRequest` that names the setting and repeats no value."""
    try:
        return ServeConfig(**{name: value for name, value in given.items() if value is not None}).checked()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        message = f"The setting {name} (NEURAL_LAB_{name.upper()}) is wrong: {first['msg']}."
        raise InvalidRequest("settings", message) from None


def kept_secret(path: Path) -> bytes:
    """The secret in a file that only its owner may read; made when there is none, by one process alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
        try:
            os.link(draft, path)
        finally:
            draft.unlink()
    return path.read_bytes()
