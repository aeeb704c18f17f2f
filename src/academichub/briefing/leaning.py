"""Tell whether a sentence can be read alone, or leans on what was said before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.briefing.trimming import shown
from academichub.text.cutting import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD: Final = re.compile(r"[a-z][a-z-]*|[;:]")
_OWN_WORDS: Final = """
paper work article letter study note thesis report survey review manuscript chapter contribution
research communication proceedings talk tutorial monograph dissertation series year decade century day
week month investigation project
"""
_OWN: Final = frozenset(_OWN_WORDS.split())
# Nouns that stand for what the sentence itself has introduced: "we propose X and show that this method".
_GENERAL_WORDS: Final = """
approach method framework model technique algorithm system strategy scheme procedure formulation
architecture pipeline design dataset benchmark theory result phenomenon effect problem task class
process property quantity behavior behaviour structure tool mechanism representation
"""
_GENERAL: Final = frozenset(_GENERAL_WORDS.split())
_POINTERS: Final = frozenset(("this", "these", "those", "such"))
_AFTER_SUCH: Final = frozenset(("as", "that", "a", "an"))  # "such as", "such that"
_THEM: Final = frozenset(("it", "they", "them", "its", "their", "itself", "themselves"))
_OPENERS_WORDS: Final = """
this these those they it its their such he she his her both another other others either neither each and
but or so nor then also
"""
_OPENERS: Final = frozenset(_OPENERS_WORDS.split())
_CONTINUING: Final = frozenset(("then", "next", "also", "further", "furthermore", "additionally"))
_EXPLETIVE: Final = re.compile(
    r"\bit (?:is|was|has been|can be|will be|may be|becomes|turns out|remains|follows|appears|seems)\b"
    r"[^.;]{0,60}?\b(?:that|to|whether|how|why)\b|\b(?:makes?|making|made|find|found|renders?) it\b"
    r"|\bit turns out\b",
    re.IGNORECASE,
)
_GONE: Final = re.compile(
    r"\b(?:companion|forthcoming) (?:paper|work|article|study)\b|"
    r"\bour (?:previous|prior|earlier|last|recent) (?:papers?|works?|article|letter|study|studies)\b|"
    r"\bpaper (?:[ivx]{1,4}|[0-9])\b|"
    r"\b(?:aforementioned|above-mentioned|abovementioned|mentioned above|as above|as before|the above|"
    r"described above|the same (?:approach|method|framework|setting|model)|the foregoing|these findings|"
    r"to this end|to that end|(?:in|by) doing so|do so|in this (?:way|setting|context|regime|case|regard|"
    r"respect|limit|direction|sense|area|field|domain)|for this (?:purpose|reason|problem|task|setting)|"
    r"in such (?:cases|settings|situations)|(?:in|for) (?:both|all|either|these)(?: the)? cases?|"
    r"in the (?:latter|former)|"
    r"the (?:two|three|four|five|six) (?:methods|approaches|models|cases|settings|regimes|problems|"
    r"questions)|"
    r"the observed (?:correlations?|trends?|relations?|differences?|effects?|behaviou?rs?|patterns?))\b"
    r"|\bwe \w+ the (?:comparison|problems?|tasks?|issues?|settings?|questions?|gaps?|challenges?|scenarios?|"
    r"limitations?|phenomen(?:on|a)|shortcomings?|bottlenecks?)"
    r"(?! (?:of|for|that|to|between|in(?! terms)|where|which|when|from|with|on|posed|faced|associated))\b"
    r"|\bwe \w+ the (?:paradigm|idea|concept|principle|framework|approach|method|pipeline)s?\b"
    r"(?! (?:of|for|that|in which|where|proposed|by|from))",
    re.IGNORECASE,
)
# "through the same coupling"; "the same coupling as" says which.
_SAME: Final = re.compile(r"\bthe same\b(?![^.;]*\bas\b)", re.IGNORECASE)
_LATTER: Final = re.compile(r"\bthe (?:latter|former)\b", re.IGNORECASE)
# "on both models", "with the best setting": which, the sentence has not said.
_BOTH: Final = re.compile(r"\bboth [a-z]+s\b(?! of\b)(?! and\b)(?!(?: [\w-]+){1,6} and\b)")
_THAT: Final = re.compile(
    r"\b(?:extends?|extending|follows?|following|apply|applies|applying|generali[sz]es?|builds? on|uses?|"
    r"using) that [a-z]+\b"
)
_CHOSEN: Final = re.compile(
    r"\bthe (?:best|optimal|worst|default|strongest|best-performing) (?:setting|configuration|variant|setup|"
    r"version)\b(?! (?:of|for|in which|among))",
    re.IGNORECASE,
)
# "the PIE module": a part that has a name nobody was told.
_PART: Final = re.compile(
    r"\bthe (?P<name>[A-Z]{2,6}) (?:module|block|layer|stage|branch|component|head|unit|term|step)\b"
)
# Known to who has read what is proposed, and to nobody else.
_OPENS_GIVEN: Final = re.compile(
    r"the (?:proposed|resulting|first|final|new|developed|derived|obtained|presented|suggested|introduced|"
    r"key|core|main)\b"
    r"|the (?:method|approach|framework|model|algorithm|system|technique|architecture|dataset|benchmark|"
    r"results?|analysis|paper's|findings|theorem|proofs?|construction|idea|effect|simulations?|pipeline|"
    r"protocol|network|module|sample|design|scheme|procedure|strategy|policy|codes?|probe|[a-z]+-trained)\b"
    r"|our (?!(?:main )?(?:results?|findings?|analys[ei]s|works?|study|paper|review|survey|experiments?|"
    r"simulations?|measurements?|observations?|evaluations?|contributions?|goals?|aims?|focus)\b)"
    r"|(?:a|an|one|the) (?:key|central)\b"
    # "The region is rich": which one? There is but one sun.
    r"|the (?!(?:universe|sun|moon|earth|brain|internet|web|authors?|papers?|work|article|study|survey|"
    r"review|aims?|goals?|objectives?|purpose)\b)[a-z]+ "
    r"(?:is|are|was|were|will|has|have|had|can|could|may|would)\b",
    re.IGNORECASE,
)
# Means something else, whatever is known of the paper.
_OPENS_OTHER: Final = re.compile(
    r"(?:the|our) (?:same|second|third|other|two|three|corresponding|remaining|latter|former|apparent|"
    r"required)\b"
    r"|(?:a|an|one) (?:second|third|additional|further|other|alternative)\b"
    r"|(?:all|most|none|some) (?:of (?:them|these|the)|methods|models|approaches|variants|systems|cases)\b"
    r"|we \w+ (?:a|the) (?:second|third|other|alternative|additional) ",
    re.IGNORECASE,
)
_OPENS_NUMBERED: Final = re.compile(r"\(?(?:[ivx]{1,4}|[0-9]|[a-e])[).]\s")
_HAN_OPENING: Final = re.compile(
    r"其(?!中)|这|该(?!文|研究)|此(?!外)|它|他们|她|上述|前者|后者|以上|两者|二者|并|而|还|也|即|"
    r"[（(]?\d[)）]"
)
_HAN_GIVEN: Final = re.compile(
    r"(?:该|所提|所设计|所建)[^，。]{0,8}(?:方法|模型|算法|系统|框架)|结果|实验|仿真|研究表明"
)
_JOINTS: Final = frozenset(("and", ";", ":", "that", "where", "while", "when", "how", "for"))
_INSIDE: Final = 9  # words before a pointer that may hold what it points to
_BEFORE_THEM: Final = 4  # the same for "it" and "they", which follow a noun closely
_NEAR_OPENING: Final = 4  # words after which "we also" is inside


def leans(sentence: str, *, beside: bool = False) -> bool:
    """Tell whether a sentence, as it would be shown, leans on text that is not there.

    Args:
        sentence: Perhaps with its opening connective; that alone is no leaning, `shown` takes it off.
        beside: It is read below a sentence that says what is proposed, so that "the proposed method" and
            "our approach" are known.
    """
    text = shown(sentence)
    if _HAN_OPENING.match(text) or _OPENS_NUMBERED.match(text) or _OPENS_OTHER.match(text):
        return True
    if not beside and (_OPENS_GIVEN.match(text) or _HAN_GIVEN.match(text)):
        return True
    words = _WORD.findall(text.lower())
    bare = _EXPLETIVE.sub(" ", text)
    return (
        _opens_leaning(words, _WORD.findall(bare.lower()))
        or _GONE.search(text) is not None
        or _has_latter(text)
        or _is_same(text)
        or _is_untold(text)
        or _continues(words)
        or _points_out(words)
        or _means_others(_WORD.findall(bare.lower()))
    )


def _opens_leaning(words: Sequence[str], bare: Sequence[str]) -> bool:
    """Tell whether a sentence opens with a word for something else; "it is shown that" is none."""
    if not words or words[0] not in _OPENERS:
        return False
    if words[0] == "it":
        return bare[:1] == ["it"]
    if words[0] == "both":
        return "and" not in words[1:8]
    return not (words[0] in _POINTERS and not _OWN.isdisjoint(words[1:4]))


def _has_latter(text: str) -> bool:
    found = _LATTER.search(text)
    return found is not None and " and " not in text[: found.start()] and " or " not in text[: found.start()]


def _is_same(text: str) -> bool:
    """Tell whether "the same" comes too early to mean something of this sentence."""
    found = _SAME.search(text)
    return found is not None and len(_WORD.findall(text[: found.start()].lower())) < _INSIDE


def _is_untold(text: str) -> bool:
    """Tell whether a sentence means both models, the best setting or a named part it has not told."""
    both = _BOTH.search(text)
    if both is not None and " and " not in text[: both.start()] and ":" not in text[both.end() :]:
        return True
    part = _PART.search(text)
    if part is not None and text.count(part["name"]) == 1:
        return True
    return _CHOSEN.search(text) is not None or _THAT.search(text) is not None


def _continues(words: Sequence[str]) -> bool:
    """Tell whether the authors go on with something: "we then use", "we also show"."""
    opening = words[:_NEAR_OPENING]
    return "we" in opening and not _CONTINUING.isdisjoint(words[opening.index("we") + 1 :][:2])


def _points_out(words: Sequence[str]) -> bool:
    """Tell whether "this" or "such" points to something the sentence has not said itself."""
    for at, word in enumerate(words):
        is_example = word == "such" and not _AFTER_SUCH.isdisjoint(words[at + 1 : at + 2])
        if word not in _POINTERS or is_example:
            continue
        follows = [one for one in words[at + 1 : at + 4] if one not in ";:"]
        if not _OWN.isdisjoint(follows):
            continue
        if not _is_inside(words[:at], follows, is_such=word == "such"):
            return True
    return False


def _is_inside(before: Sequence[str], follows: Sequence[str], *, is_such: bool) -> bool:
    """Tell whether what a pointer points to stands before it in the sentence."""
    said = {stem(one) for one in before}
    if any(stem(one) in said for one in follows[:3] if len(one) > 3):  # noqa: PLR2004 - no small words
        return True
    is_late = len(before) >= _INSIDE and not is_such
    is_general = not _GENERAL.isdisjoint(one.removesuffix("s") for one in follows[:2])
    return is_late and (is_general or before[-1] in _JOINTS)


def _means_others(words: Sequence[str]) -> bool:
    """Tell whether "it" or "they" comes before anything it could mean."""
    at = next((place for place, word in enumerate(words) if word in _THEM), None)
    return at is not None and at < _BEFORE_THEM
