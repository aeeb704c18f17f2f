"""The documents keep step with the code: every error has its line, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from academichub import errors

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ("docs/guide.en.md", "docs/guide.zh.md")
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"))
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"```.*?```", re.DOTALL)


def concrete_errors() -> set[str]:
    """List the codes that can be raised: those of classes nothing is derived from."""
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    return {
        each.code
        for each in classes
        if issubclass(each, errors.AcademicHubError) and not each.__subclasses__()
    }


def anchor(heading: str) -> str:
    """Give a heading's anchor as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_error_a_reader_can_meet_is_explained(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")

    assert {code for code in concrete_errors() if f"`{code}`" not in text} == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_no_guide_explains_an_error_that_is_gone(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    families = {code.partition(".")[0] for code in concrete_errors()}

    named = {code for code in re.findall(r"`([a-z]+\.[a-z_]+)`", text) if code.partition(".")[0] in families}

    assert named - concrete_errors() == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(document: str) -> None:
    here = ROOT / document
    text = CODE_BLOCK.sub("", here.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://")):
            continue
        name, _, fragment = target.partition("#")
        file = (here.parent / name).resolve() if name else here
        if not file.is_file():
            broken.append(target)
        elif fragment:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            if fragment not in {anchor(heading) for heading in headings}:
                broken.append(target)

    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`(?:academichub/)?([a-z_]+(?:/[a-z_]+)*\.py)`", text)

    places = [name for name in named if "/" in name]

    assert [name for name in places if not (ROOT / "src" / "academichub" / name).is_file()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_document_names_a_folder_of_one_persons_machine(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")

    assert re.findall(r"(?<![\w.])/(?:home|root|Users|work|tmp)/", text) == []
