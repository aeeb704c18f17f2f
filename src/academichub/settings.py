"""One frozen Settings, and the only reader of the environment and the configuration file."""

from __future__ import annotations

import difflib
import math
import os
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from academichub.errors import SettingInvalid, SettingsUnreadable, SettingUnknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX: Final = "ACADEMICHUB_"
# Read by tests and by the configuration itself; not settings.
OTHER_VARIABLES: Final = {"ACADEMICHUB_CONFIG", "ACADEMICHUB_DATA", "ACADEMICHUB_TEST_POSTGRES"}
# The database's address may hold a password.
SECRETS: Final = {
    "database", "embeddings_key", "openalex_key", "semanticscholar_key", "ncbi_key", "openreview_token",
    "core_key", "model_key", "zotero_key",
}  # fmt: skip
LANGUAGES: Final = {"", "zh", "en"}
MODEL_TEXTS: Final = ("none", "summaries", "all")
EMBEDDINGS: Final = ("auto", "english", "multilingual", "endpoint", "none")
MOST_PORTS: Final = 65_535
LEAST_CONTEXT: Final = 2_048  # tokens; below it a briefing's question has no room for a paper
LONGEST_CURRENCY: Final = 8  # characters
POSTGRES: Final = ("postgresql://", "postgres://", "postgresql+psycopg://")
_PASSWORD: Final = re.compile(r"(?<=://)([^:@/]*):[^@/]*@")
# The same where the value is known to be an address with a password: whatever stands before the last "@".
_DATABASE_PASSWORD: Final = re.compile(r"(?<=://)([^:/]*):.*@|(?<=[?&]password=)[^&]*")
_LINE: Final = re.compile(r"\(at line (\d+),")  # how tomllib says where


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. docs/guide.en.md lists each; a test keeps the two in step."""

    home: Path  # where the hub keeps its databases
    database: str = ""  # address of a PostgreSQL database; empty: SQLite in `home`
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""  # how readers reach the pages, where a proxy stands in front
    contact: str = ""  # an e-mail address, or a page, for those we fetch from; sent with every request
    language: str = ""  # "zh", "en", or empty: what the browser asks for
    fetch_replay: str = ""  # a loopback address that answers for the whole web; for tests
    fetch_allow: tuple[str, ...] = ()  # private "host:port" pairs that may be fetched; for tests
    openalex_key: str = ""  # raises OpenAlex's daily allowance
    semanticscholar_key: str = ""  # leaves Semantic Scholar's crowded shared pool
    ncbi_key: str = ""  # ten questions a second to PubMed instead of three
    openreview_token: str = ""  # without it OpenReview answers nothing
    core_key: str = ""  # CORE answers little without one
    zotero_key: str = ""  # lets the hub read a Zotero library
    retention_days: int = 30  # how long finished jobs are kept
    embeddings: str = "auto"  # what turns texts into vectors: the endpoint if set, else English if installed
    embeddings_url: str = ""  # of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1
    embeddings_model: str = ""  # as that server calls it
    embeddings_key: str = ""
    embeddings_dimensions: int = 0  # asked of the server; 0 takes what it gives
    embeddings_query_prefix: str = ""  # "query:" for E5 and its like
    embeddings_document_prefix: str = ""  # "passage:" likewise
    model_url: str = ""  # of an OpenAI-compatible language model, such as http://127.0.0.1:11434/v1
    model: str = ""  # as that server calls it; empty: briefings are written without a model
    model_key: str = ""
    model_context: int = 8_192  # tokens it takes in, question and answer together
    model_thinking_tokens: int = 0  # that it may use up before each answer, if it is one that thinks
    model_timeout_seconds: int = 300  # for one answer
    model_price_input: float = 0.0  # money for a million tokens of question
    model_price_output: float = 0.0  # money for a million tokens of answer
    model_currency: str = ""  # as it is printed: "USD", "¥"
    model_tokens_run: int = 300_000  # most tokens of one briefing; 0: no cap, here and below
    model_tokens_day: int = 1_000_000
    model_tokens_total: int = 0
    model_spend_run: float = 0.0  # the same in money
    model_spend_day: float = 0.0
    model_spend_total: float = 0.0
    model_texts: str = "none"  # what it writes of single papers by itself: "summaries", "all"

    @property
    def database_url(self) -> str:
        """The address of the hub's tables."""
        return self.database or f"sqlite:///{self.home / 'hub.sqlite'}"

    @property
    def jobs_url(self) -> str:
        """The address of the job engine's tables: a file of its own, or the same PostgreSQL."""
        return self.database or f"sqlite:///{self.home / 'jobs.sqlite'}"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting as `academichub config` shows it."""

    name: str
    value: str  # secrets are hidden
    origin: str  # "default", or the variable or file it came from


def load_settings(
    *, environment: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> tuple[Settings, tuple[SettingLine, ...]]:
    """Gather the settings: command line over environment over file over defaults.

    Raises:
        SettingUnknown: A name that is no setting, in the file or the environment.
        SettingInvalid: A value that does not fit.
        SettingsUnreadable: The file, or the file of a secret, cannot be read.
    """
    environment = os.environ if environment is None else environment
    found: dict[str, tuple[Any, str]] = {}
    path = _file_path(environment)
    if path is not None:
        found.update(_from_file(path))
    found.update(_from_environment(environment))
    found.update({name: (value, "command line") for name, value in (overrides or {}).items()})
    hints = get_type_hints(Settings)
    values = {name: _fit(name, value, hints[name], origin) for name, (value, origin) in found.items()}
    values.setdefault("home", default_home(environment))
    settings = Settings(**values)
    _check(settings, {name: origin for name, (_value, origin) in found.items()})
    return settings, _explain(settings, found)


def default_home(environment: Mapping[str, str]) -> Path:
    """Give the folder for data that the platform suggests."""
    if data := environment.get("XDG_DATA_HOME"):
        return Path(data) / "academichub"
    if local := environment.get("LOCALAPPDATA"):
        return Path(local) / "academichub"
    return Path(environment.get("HOME") or Path.home()) / ".local" / "share" / "academichub"


def _file_path(environment: Mapping[str, str]) -> Path | None:
    if named := environment.get("ACADEMICHUB_CONFIG"):
        return Path(named)
    here = Path("academichub.toml")
    return here if here.is_file() else None


def _names() -> list[str]:
    return [field.name for field in fields(Settings)]


def _known(name: str, where: str) -> str:
    if name not in _names():
        near = difflib.get_close_matches(name, _names(), n=1)
        raise SettingUnknown(name=name, where=where, suggestion=near[0] if near else None)
    return name


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise SettingsUnreadable(path=str(path), line=None, reason=error.strerror or str(error)) from error
    except ValueError as error:  # no TOML, or no UTF-8
        found = _LINE.search(str(error))
        line = int(found[1]) if found else None
        raise SettingsUnreadable(path=str(path), line=line, reason=str(error)) from error
    return {_known(name, str(path)): (value, str(path)) for name, value in content.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.endswith("_file") and name.removesuffix("_file") in SECRETS:
            twin = variable.removesuffix("_FILE")
            if twin in environment:
                wanted = f"only one of {twin} and {variable}"
                raise SettingInvalid(name=twin.lower(), where=variable, value="***", wanted=wanted)
            found[name.removesuffix("_file")] = (_secret(Path(value)), variable)
        else:
            found[_known(name, variable)] = (value, variable)
    return found


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsUnreadable(path=str(path), line=None, reason=str(error)) from error


def _fit(name: str, value: Any, wanted: Any, where: str) -> Any:  # noqa: ANN401  # any TOML value in, any field's type out
    shown = "***" if name in SECRETS else str(value)
    if wanted is Path and isinstance(value, str | Path):
        return Path(value).expanduser().absolute()
    if wanted is int and isinstance(value, int | str) and not isinstance(value, bool):
        try:
            return int(value)
        except ValueError as error:
            raise SettingInvalid(name=name, where=where, value=shown, wanted="a whole number") from error
    if wanted is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        return _decimal(name, value, where)
    if wanted is str and isinstance(value, str):
        return value.strip()
    if wanted == tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return tuple(part.strip() for part in parts if part.strip())
    raise SettingInvalid(name=name, where=where, value=shown, wanted="another type of value")


def _decimal(name: str, value: float | str, where: str) -> float:
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise SettingInvalid(name=name, where=where, value=str(value), wanted="a number") from error
    if not math.isfinite(number):
        raise SettingInvalid(name=name, where=where, value=str(value), wanted="a number")
    return number


def _check(settings: Settings, origins: Mapping[str, str]) -> None:
    rules = (
        ("port", 0 <= settings.port <= MOST_PORTS, "a port from 0 to 65535"),
        ("language", settings.language in LANGUAGES, "zh, en or nothing"),
        ("retention_days", settings.retention_days >= 1, "one day or more"),
        ("embeddings", settings.embeddings in EMBEDDINGS, ", ".join(EMBEDDINGS)),
        (
            "embeddings_url",
            settings.embeddings != "endpoint" or bool(settings.embeddings_url),
            "the address of an embeddings server",
        ),
        ("embeddings_dimensions", settings.embeddings_dimensions >= 0, "a whole number from 0"),
        (
            "contact",
            not settings.contact or ("@" in settings.contact or "://" in settings.contact),
            "an e-mail address, or the address of a page",
        ),
        (
            "database",
            not settings.database or settings.database.startswith(POSTGRES),
            "a postgresql:// address, or nothing for SQLite",
        ),
        *_rules_of_the_model(settings),
    )
    for name, is_fine, wanted in rules:
        if not is_fine:
            value = "***" if name in SECRETS else str(getattr(settings, name))
            raise SettingInvalid(name=name, where=origins.get(name, "default"), value=value, wanted=wanted)


def _rules_of_the_model(settings: Settings) -> Iterator[tuple[str, bool, str]]:
    has_url = bool(settings.model_url)
    yield "model", bool(settings.model) or not has_url, "the name of a model at that address"
    yield "model_url", has_url or not settings.model, "the address of that model"
    has_scheme = settings.model_url.lower().startswith(("http://", "https://"))
    yield "model_url", has_scheme or not has_url, "an http:// or https:// address"
    left = settings.model_context - settings.model_thinking_tokens
    wanted = f"{LEAST_CONTEXT} tokens or more, beside model_thinking_tokens"
    yield "model_context", left >= LEAST_CONTEXT, wanted
    yield "model_timeout_seconds", settings.model_timeout_seconds >= 1, "one second or more"
    for name in ("thinking_tokens", "tokens_run", "tokens_day", "tokens_total"):
        yield f"model_{name}", getattr(settings, f"model_{name}") >= 0, "a whole number from 0"
    for name in ("price_input", "price_output", "spend_run", "spend_day", "spend_total"):
        yield f"model_{name}", getattr(settings, f"model_{name}") >= 0, "a number from 0"
    yield "model_texts", settings.model_texts in MODEL_TEXTS, ", ".join(MODEL_TEXTS)
    is_priced = bool(settings.model_price_input or settings.model_price_output)
    has_currency = 0 < len(settings.model_currency) <= LONGEST_CURRENCY
    yield "model_currency", has_currency or not is_priced, "what the prices are in, such as USD"
    for name in ("spend_run", "spend_day", "spend_total"):
        wanted = "0, or else prices (model_price_input, model_price_output)"
        yield f"model_{name}", is_priced or not getattr(settings, f"model_{name}"), wanted


def _explain(settings: Settings, found: Mapping[str, tuple[Any, str]]) -> tuple[SettingLine, ...]:
    lines = []
    for name in _names():
        value = getattr(settings, name)
        shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        origin = found[name][1] if name in found else "default"
        lines.append(SettingLine(name, _hidden(name, shown), origin))
    return tuple(lines)


def _hidden(name: str, shown: str) -> str:
    """Put stars in the place of a password."""
    if name not in SECRETS:
        return _PASSWORD.sub(r"\1:***@", shown)
    if name != "database":
        return "***" if shown else ""
    return _DATABASE_PASSWORD.sub(
        lambda found: f"{found[1]}:***@" if found[0].endswith("@") else "***", shown
    )
