"""Say what a briefing is made of: its days, its radars, its account, its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from babel.numbers import format_currency, format_decimal

from academichub.model.briefing import Maker
from academichub.model.taxonomy import archives, category
from academichub.web.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from academichub.model.briefing import Account, Briefing, BriefingOrder, Cost
    from academichub.web.i18n import Catalogue

_LOCALES: Final = {"zh": "zh_CN", "en": "en_GB"}
_SMALL: Final = 0.1  # of money: below it two decimals would say little or nothing
_RADARS_NAMED: Final = 3


class AccountPart(NamedTuple):
    """One figure of the account; `kind` is how it looks, `href` where it is shown in full."""

    words: str
    kind: str = ""
    href: str = ""


def say_days(first: date, last: date, words: Catalogue) -> str:
    """Write the days that a briefing covers: 19 June 2026; 17 Jun – 19 June 2026; 2026年6月17日 – 6月19日."""
    if first == last:
        return words.long_day(last)
    if words.language == "zh":
        return f"{words.long_day(first)} – {words.day_of(last, first.year)}"
    return f"{words.day_of(first, last.year)} – {words.long_day(last)}"


def say_radars(keys: Sequence[str], names: Mapping[str, str], words: Catalogue) -> str:
    """Name the radars of an order; the key of one that is gone."""
    if not keys:
        return words.text("all radars")
    shown = [names.get(key, key) for key in keys[:_RADARS_NAMED]]
    if len(keys) > _RADARS_NAMED:
        shown.append(f"+ {len(keys) - _RADARS_NAMED}")
    return words.text("name separator").join(shown)


def say_writer(order: BriefingOrder, model: str, words: Catalogue) -> str:
    """Say who writes: the authors' own sentences, or which model."""
    if order.writer is Maker.EXTRACTIVE:
        return words.text("writer:extractive")
    return words.text("written by AI: {model}", model=model) if model else words.text("writer:model")


def say_money(amount: float, currency: str, words: Catalogue) -> str:
    """Write an amount of money, small ones to two significant digits."""
    locale = _LOCALES[words.language]
    digits = "0.00" if not amount or amount >= _SMALL else "0.00##"
    if not currency:
        return str(format_decimal(amount, f"#,##{digits}", locale=locale))
    shown = format_currency(amount, currency, f"¤#,##{digits}", locale=locale, currency_digits=False)
    return str(shown)


def say_cost(cost: Cost, words: Catalogue) -> tuple[str, ...]:
    """Say what a model was asked and what it cost; nothing where none was."""
    if not cost.calls:
        return ()
    calls = words.count("{n} call", "{n} calls", cost.calls)
    if cost.cached:
        calls = words.text("{calls}, {cached} from the cache", calls=calls, cached=f"{cost.cached:,}")
    tokens = words.text("{n} tokens", n=f"{cost.tokens_in + cost.tokens_out:,}")
    money = say_money(cost.money, cost.currency, words)
    return (calls, tokens, words.text("cost {money}", money=money))


def say_account(account: Account, words: Catalogue) -> tuple[AccountPart, ...]:
    """Write the account of a briefing, figure by figure; none that is nothing, but for what was removed."""
    parts = [AccountPart(words.count("{n} work read", "{n} works read", account.works), href="#references")]
    parts.append(AccountPart(words.count("{n} sentence", "{n} sentences", account.sentences)))
    parts.append(AccountPart(words.count("{n} citation", "{n} citations", account.citations)))
    if account.quoted:
        said = words.text("{n} quoted, every one verbatim", n=f"{account.quoted:,}")
        parts.append(AccountPart(said, "good"))
    if account.close:
        parts.append(AccountPart(words.text("{n} close paraphrases", n=f"{account.close:,}")))
    if account.loose:
        parts.append(
            AccountPart(words.text("{n} loose paraphrases, wording not checked", n=f"{account.loose:,}"))
        )
    removed = words.text("{n} removed", n=f"{account.removed:,}")
    parts.append(AccountPart(removed, href="#removed" if account.removed else ""))
    return tuple(parts)


def field_title(name: str, words: Catalogue) -> str:
    """Give the full name of a category or an archive of arXiv in the reader's language; else its own."""
    found = category(name) or next((one for one in archives() if one.name == name), None)
    if found is None:
        return name
    return found.title_zh if words.language == "zh" else found.title_en


def other_languages(briefing: Briefing) -> tuple[str, ...]:
    """List the languages that a briefing could also be written in."""
    return tuple(language for language in LANGUAGES if language != briefing.order.language)
