"""Text-mode TeX as authors write it in abstracts, titles and names."""

from __future__ import annotations

import pytest

from academichub.model.papers import Form
from academichub.text import latex, prose


def html(raw: str) -> str:
    return prose.render_title(raw, Form.PLAIN).html


def plain(raw: str) -> str:
    return prose.render(raw, Form.PLAIN).plain


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (r"\'Arp\'ad B\'enyi", "Árpád Bényi"),
        (r"{\'E}cole", "École"),
        (r"Schr\"odinger", "Schrödinger"),
        (r"Schr{\"{o}}dinger", "Schrödinger"),
        (r"\v{C}ech, \v Saric", "Čech, Šaric"),
        (r"Fran\c cois, Fran\c{c}ois", "François, François"),
        (r"Erd\H os, Erd\H{o}s", "Erdős, Erdős"),
        (r"S\o ren, S{\o}ren, Malm\o", "Søren, Søren, Malmø"),
        (r"\O rsted, \AA ngstr\"om, \aa, \AE, \oe", "Ørsted, Å ngström, å, Æ, œ"),
        (r"\L ukasz, Wa\l{}\k{e}sa", "Łukasz, Wałęsa"),
        (r"Stra\ss e, Stra{\ss}e", "Straße, Straße"),
        (r"Garc\'{\i}a, Garc\'\i a, na\"\i ve", "García, García, naïve"),
        (r"\~n \=a \.z \u{g} \r{a} \`e \^o \d{t} \b{d}", "ñ ā ż ğ å è ô ṭ ḏ"),
        (r"\t{oo}", "o͡o"),
        (r"M\"uller~A.", "Müller A."),
        (r"J.~R. Smith--Jones", "J. R. Smith–Jones"),
        (r"Smith \& Sons, {IEEE} Trans.", "Smith & Sons, IEEE Trans."),
        ("Plain  Name", "Plain Name"),
        ("O&#39;Brien", "O'Brien"),
        ("don\\'t, say \\\"hi\\\" \\'", "don't, say \"hi\" '"),
        (r"$n$-body", "n-body"),
        ("\\", "\\"),
        (r"\'{}x \^{} \~{}", "x ^ ~"),
        (r"\'{\emph{a}}", "a"),
        (r"it\'s Le\'sniak\'s", "it's Leśniak's"),
        (r"\'{$x$}", "x"),
        (r"\'\alpha", "'α"),
        (r"\.", "."),
    ],
)
def test_names_lose_their_tex_and_keep_their_accents(raw: str, name: str) -> None:
    assert latex.to_plain(raw) == name


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"\emph{a} \textit{b} \textbf{c}", "<em>a</em> <em>b</em> <strong>c</strong>"),
        (r"\textsc{S-Agent}", '<span class="sc">S-Agent</span>'),
        (r"\texttt{x\_y} \underline{u}", '<code>x_y</code> <span class="u">u</span>'),
        (r"{\em a} {\bf b} {\it c\/} {\tt d} {\sc e} {\rm f}",
         '<em>a</em> <strong>b</strong> <em>c</em> <code>d</code> <span class="sc">e</span> f'),
        (r"\it a b", "a b"),
        (r"\textbf{a $k$ \emph{b}}", "<strong>a <math><mi>k</mi></math> <em>b</em></strong>"),
        (r"\textbf {x}", "<strong>x</strong>"),
        (r"\textbf{open", "<strong>open</strong>"),
        (r"x\textsuperscript{2} H\textsubscript{2}O", "x<sup>2</sup> H<sub>2</sub>O"),
        (r"\textcolor[rgb]{1,0,0}{red} {\color{blue} x}", "red x"),
        (r"\enquote{q}", "“q”"),
        (r"\verb|a_b| \verb", "<code>a_b</code>"),
        (r"x^{2} in \emph{CO}_{2} and 10^{-3}", "x<sup>2</sup> in <em>CO</em>_2 and 10<sup>-3</sup>"),
        ("CO_{2} at 10^{-3}", "CO<sub>2</sub> at 10<sup>-3</sup>"),
        ("a _{b} x_{long with spaces}", "a _{b} x_{long with spaces}"),
    ],
)  # fmt: skip
def test_emphasis_becomes_inline_tags(raw: str, expected: str) -> None:
    assert html(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"50\% of \$5 \& \#1 \{a\} x\_y", "50% of $5 & #1 {a} x_y"),
        (r"50% of a", "50% of a"),
        (r"set {a, b}", "set {a, b}"),
        (r"{BERT} and \emph{x} }", "BERT and x"),
        (r"\ldots \textmu m 5\textdegree \textregistered", "… µ m 5° ®"),
        (r"3 \times 4 \pm 1, \alpha-helix, \Omega", "3 × 4 ± 1, α-helix, Ω"),
        (r"a \\ b \newline c\\[2pt]d", "a b c d"),
        (r"5\,km\ a\;b\!c\-d", "5 km a bcd"),
        (r"\ours achieves, \method{} wins, \model\ too", "ours achieves, method wins, model too"),
        (r"\name{BERT} \rev{really} \foo{a}{b} \foo{}{}", "BERT really a b foo"),
        (r"\eg cats, \ie dogs, \etal. \etc", "e.g. cats, i.e. dogs, et al. etc."),
        (r"\ion{C}{iv} \ion{H}", "C IV H"),
        (r"\SI{5}{\kilo\metre} of \ce{H2O}, $x$ in \mathbb{R}^n_{+}", "5 km of H₂O, x in ℝ₊ⁿ"),
        (r"\begin{itemize}\item[a] one \item two\end{itemize}", "[a] one two"),
        (r"\noindent\vspace{2mm} Text \label{x}end", "Text end"),
        (r"a\footnote{see \emph{b}}. c\footnote{}", "a (see b). c"),
        (r"C:\temp \1", "C:temp 1"),
        ("end \\", "end \\"),
    ],
)
def test_the_rest_of_text_mode_tex_reads_as_plain_words(raw: str, expected: str) -> None:
    assert plain(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"The same as in~\cite{a}.", "The same."),
        (r"The bound \citep[p.~3]{a,b} holds \cite{c}, too.", "The bound holds, too."),
        (r"results (see \cite{a}, \cite{b}) and [\cite{c}] end", "results and end"),
        (r"shown in \cite{a} and \cite{b}.", "shown."),
        (r"by \citet{x} to \cite {y}", "to"),
        (r"\ref{a} starts", "starts"),
        (r"\cite{unclosed", "unclosed"),
    ],
)
def test_citations_go_without_a_trace(raw: str, expected: str) -> None:
    assert plain(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("``a b'' and `c'", "“a b” and ‘c’"),
        ('``a" b', "“a” b"),
        ("the dogs' ``open", "the dogs' “open"),
        ("code `x` stays, it's", "code `x` stays, it's"),
        ("Kazhdan--Lusztig -- a---b ---- c", "Kazhdan–Lusztig – a—b ---- c"),
        ("use --verbose (--quiet)", "use --verbose (--quiet)"),
        ("order~2, Fig.~3, ~5 kg, 3~5 m, a ~ b, x~", "order 2, Fig. 3, ~5 kg, 3~5 m, a ~ b, x~"),
        (r"\emph{x} 3~km, ~5, ~\cite{a} a~ b", "x 3 km, ~5, a b"),
    ],
)
def test_quotes_dashes_and_ties_are_set_as_typed_text_means_them(raw: str, expected: str) -> None:
    assert plain(raw) == expected


def test_a_tie_is_a_no_break_space_on_the_page() -> None:
    assert html("order~2") == "order&nbsp;2"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"\href{https://e.org/a\_b}{here \url{https://f.org}}", ("https://e.org/a_b", "here https://f.org")),
        (r"\url{https://e.org/~x}", ("https://e.org/~x", "https://e.org/~x")),
        (r"\href{https://e.org}{}", ("https://e.org", "https://e.org")),
        (r"\href{https://e.org}", ("https://e.org", "https://e.org")),
        (r"https://e.org/a\_b", ("https://e.org/a_b", "https://e.org/a_b")),
    ],
)
def test_links_in_tex_become_links(raw: str, expected: tuple[str, str]) -> None:
    href, text = expected

    assert prose.render(raw, Form.PLAIN).html == (
        f'<p><a href="{href}" rel="nofollow noopener noreferrer">{text}</a></p>'
    )
    assert prose.render_title(raw, Form.PLAIN).html == text


def test_addresses_that_are_not_of_the_web_stay_text() -> None:
    rendered = prose.render(
        r"\href{ftp://e.org}{a} \url{file:///etc} \href{https://e.org/\x00}{b}", Form.PLAIN
    )

    assert rendered.html.count("<a ") == 1  # \x00 is four characters here, and harmless
    assert prose.render(r"\href{https://e.org/a b}{c}", Form.PLAIN).html == "<p>c</p>"


def test_braces_nested_beyond_reason_are_skipped_not_followed() -> None:
    assert plain("\\emph{a} " + "{" * 500 + "x" + "}" * 500) == "a x"
    assert plain("\\emph{" * 100 + "x") == "x"


def test_scripts_of_html_follow_the_formulas() -> None:
    raw = (
        "<p>T<sub>c</sub>, T<sub>a b</sub>, <sup>13</sup>C, Ca<sup>2+</sup>, X<sup>®</sup>, 2<sup>q</sup></p>"
    )

    assert prose.render(raw).plain == "Tc, T_(a b), ¹³C, Ca²⁺, X®, 2^q"


def test_the_seed_page_comes_out_clean(data) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - the shared fixture
    page = data("seed/academichub-page.txt").read_text(encoding="utf-8")

    texts = [prose.render(block, Form.PLAIN) for block in page.split("\n\n")]
    whole = "\n".join(text.plain for text in texts)

    assert not any(sign in whole for sign in ("\\", "$", "~", "{"))
    assert "We introduce S-Agent, a spatial" in whole
    assert "training data S-300K" in whole or "trajectories S-300K yields S-Agent-8B," in whole
    assert "satisfying mHp = o(N/log log N) cannot" in whole
    assert "circuit depth O(log k) (O(k) two-qubit gates)" in whole
    assert "gradient variance is Ω(1/poly(n)) (no barren plateau)" in whole
    assert "at a 6.5× smaller" in whole
    assert "every order k ≤ 6 from" in whole
    assert "past order 2; consistent" in whole
    assert "for parameters b₁ < b₂, this" in whole
    assert "condition 1_(x>0) is" in whole
    assert "Kazhdan–Lusztig R-polynomials" in whole
    assert any('<a href="https://github.com/Artalmaz31/DifFRACT"' in text.html for text in texts)
