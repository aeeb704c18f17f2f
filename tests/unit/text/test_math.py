"""Formulas: where they are, how they read as one line, what stays TeX."""

from __future__ import annotations

import pytest

from academichub.text import math, mathtex, mathtext
from academichub.text.math import Tex, render, split


def read(tex: str) -> str:
    formula = render(tex)
    assert not formula.is_raw, tex
    return formula.plain


# -- finding formulas -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("order-$k$ terms", ["order-", Tex("k"), " terms"]),
        ("$a$$b$", [Tex("a"), Tex("b")]),
        ("so $$x$$ is", ["so ", Tex("x", is_display=True), " is"]),
        (r"\(x\) and \[y\]", [Tex("x"), " and ", Tex("y", is_display=True)]),
        (r"a \$5 b", [r"a \$5 b"]),
        (r"line \\(not math) \\[2pt]", [r"line \\(not math) \\[2pt]"]),
        ("about $\\sim$5 and $>$3", ["about ", Tex(r"\sim"), "5 and ", Tex(">"), "3"]),
        ("loose $ x^2 $ here", ["loose ", Tex("x^2"), " here"]),
        (r"$\text{if $x$ is $y$}$ then", [Tex(r"\text{if $x$ is $y$}"), " then"]),
        (r"$\text{a}$ and $\text{b$ c", [Tex(r"\text{a}"), " and ", Tex(r"\text{b"), " c"]),
        (
            r"in \begin{align*}a&=b\end{align*} out",
            ["in ", Tex(r"\begin{align*}a&=b\end{align*}", is_display=True), " out"],
        ),
        (r"\begin{math}x\end{math}", [Tex("x")]),
        (r"\begin{displaymath}x\end{displaymath}", [Tex("x", is_display=True)]),
    ],
)
def test_formulas_are_found_where_they_stand(text: str, parts: list[str | Tex]) -> None:
    assert list(split(text)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "from $5 to $10",
        "US$ 5 million and US$ 10 million",
        "$5k and 20$ more",
        "$5-$10 a month, $5/$10",
        "an odd $ sign",
        "the dollar $ and the euro $ rates",
        "$the quick brown$ fox",
        "nothing $ $ here $$ $$ there",
        "a $x\n\ny$ b",
        "open $$x and never closed",
        r"open \(x and \[y, \begin{equation} z",
        r"empty \( \) here",
        "$$a\n\nb$$",
        "between\ufdd0 $x\ufdd00\ufdd1y$",
    ],
)
def test_money_and_stray_signs_are_no_formulas(text: str) -> None:
    assert "".join(part for part in split(text) if isinstance(part, str)) == text


def test_money_does_not_hide_the_formula_after_it() -> None:
    assert list(split("pay $5 for $k$ of US$ 7 and $n=3$.")) == [
        "pay $5 for ",
        Tex("k"),
        " of US$ 7 and ",
        Tex("n=3"),
        ".",
    ]
    assert list(split("odd $$ but $k$")) == ["odd $$ but ", Tex("k")]


# -- formulas as one line ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"O(\log k)", "O(log k)"),
        (r"\Omega(1/\mathrm{poly}(n))", "Ω(1/poly(n))"),
        (r"6.5\times", "6.5×"),
        (r"k\le6", "k ≤ 6"),
        ("x^2", "x²"),
        ("_2", "₂"),
        ("10^{-3}", "10⁻³"),
        ("b_1 < b_2", "b₁ < b₂"),
        ("{1}_{x>0}", "1_(x>0)"),
        (r"\frac{a}{b+1}", "a/(b+1)"),
        (r"\sqrt{n}", "√n"),
        (r"\mathbb{R}^d", "ℝᵈ"),
        (r"\hat{x}", "x̂"),
        (r"\bar{e}", "ē"),
        (r"\mathcal{L}(\mathfrak{g}, \mathbf{x}, \boldsymbol{\alpha})", "L(g, x, α)"),
        ("mHp=o(N/\\log\\log N)", "mHp = o(N/log log N)"),
        (r"n\log n", "n log n"),
        (r"\max_x f", "maxₓ f"),
        (r"\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"\lim_{n\to\infty} a_n", "lim_(n→∞) aₙ"),
        ("-1", "−1"),
        ("a-b", "a − b"),
        ("a=-b", "a = −b"),
        (r"\sim 100", "∼100"),
        (r"1,000", "1,000"),
        ("(1,100)", "(1, 100)"),
        ("x,y;z", "x, y; z"),
        (r"x_1,\ldots,x_n", "x₁, …, xₙ"),
        (r"x_1 \cdots x_n", "x₁ ⋯ xₙ"),
        (r"a+\cdots+b", "a + ⋯ + b"),
        (r"f\colon X\to Y", "f: X → Y"),
        (r"\{x \mid y\}", "{x | y}"),
        (r"|\log x| + \|y\|^2", "|log x| + ‖y‖²"),
        ("|-1|", "|−1|"),
        ("P(a|b)", "P(a|b)"),
        (r"45^\circ", "45°"),
        ("f''", "f″"),
        ("x^*", "x*"),
        (r"A^\top", "Aᵀ"),
        (r"n_{\max}", "n_max"),
        (r"W^{1,p}_0", "W₀^(1,p)"),
        (r"L^2_{\mathrm{loc}}", "L²_loc"),
        (r"x_{(a,q)}+x_{(a)(q)}+x_{(a}", "x_(a,q) + x_((a)(q)) + x₍ₐ"),
        (r"x_{[a)+q}", "x_([a)+q)"),
        (r"\frac{1}{2}n", "(1/2)n"),
        (r"s<\frac12", "s < 1/2"),
        (r"\left(\frac ab\right)^2", "(a/b)²"),
        (r"{\frac ab}^2", "(a/b)²"),
        (r"{a+b}^2", "(a+b)²"),
        (r"{ab}^2", "ab²"),
        (r"(x)^2", "(x)²"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"2\binom{n}{k}", "2(n choose k)"),
        (r"\sqrt[3]{x+1}", "∛(x+1)"),
        (r"\sqrt[n]{x}", "ⁿ√x"),
        (r"\sqrt[n+\alpha]{x}", "ⁿ⁺ᵅ√x"),
        (r"{}^{13}\mathrm{C}", "¹³C"),
        (r"\prescript{1}{2}{X}", "₂¹X"),
        (r"\overline{AB}", "A̅B̅"),
        (r"\vec{x}\cdot\vec{y}", "x⃗ ⋅ y⃗"),
        (r"\underline{x}", "x̲"),
        (r"\underbrace{a}_b", "a_b"),
        (r"\overset{d}{=}", "=ᵈ"),
        (r"X \stackrel{d}{=} Y", "X =ᵈ Y"),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "(a, b; c, d)"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a = b; c = d"),
        (r"x\in\Omega\text{ for all }t", "x ∈ Ω for all t"),
        (r"10\,\mathrm{km}", "10 km"),
        (r"a\!b\quad c", "ab c"),
        (r"\phantom{x}y", "y"),
        (r"\textsc{S-Agent}", "S-Agent"),
        (r"\Omega\setminus K", "Ω ∖ K"),
        (r"2\sin x\cos y", "2 sin x cos y"),
        (r"-\log x", "−log x"),
        (r"\sin=1", "sin = 1"),
        (r"\int_0^1 f(x)\,dx", "∫₀¹ f(x) dx"),
        (r"\epsilon\phi", "εφ"),
        ("x_{ij}^{th}", "xᵢⱼᵗʰ"),
        (r"\hat{}", "\u0302"),
        (r"a \not\in B", "a ∉ B"),
        ("a \u2639 b", "a☹b"),
    ],
)
def test_a_formula_reads_as_a_mathematician_types_it(tex: str, line: str) -> None:
    assert read(tex) == line


# -- what authors write that the converter lacks ----------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\mathds{1}_A + \mathbbm{R}", "𝟙_A + ℝ"),
        (r"\nicefrac{1}{2}", "1/2"),
        (r"\mbox{in } \Omega", "in Ω"),
        (r"\text{on $\partial\Omega$, a_b & c^d}", "on ∂Ω, a_b & c^d"),
        (r"\hbox{\rm for}", "for"),
        (r"\ce{H2SO4 -> 2H+ + SO4^2-}", "H₂SO₄ → 2H⁺ + SO₄²⁻"),
        (r"\SI{5.2e3}{\kilo\metre\per\second}", "5.2 × 10³ km/s"),
        (r"\SI{3}{\km}, \si{\micro\meter}, \num{1e5}", "3 km, μm, 1 × 10⁵"),
        (r"\ang{45}, \SIrange{1}{2}{\nm}, \SIrange{1}{2}", "45°, 1–2 nm, 1–2"),
        (r"\substack{a\\b}", "a; b"),
        (r"\ensuremath{x}", "x"),
        (r"5\db", "5 dB"),
        (r"\href{https://e.org/a_b#c}{x}", "x"),
        (r"n_\rm{eff}+n_\rm e+{\bf x}+{\cal L}", "n_eff + nₑ + x + L"),
        (r"x\label{eq:1}\nonumber\tag{1}", "x"),
        (r"\eps\to0, \RR^n, \bbN, \cA, \bx, \frg", "ε → 0, ℝⁿ, ℕ, A, x, frg"),
        (r"\ours+\method{x}", "ours + methodx"),
        (r"\H^d + \c", "Hᵈ + c"),
        (r"\text{é}+\H", "é + H"),
        (r"\text{}\text{a$b$}", "ab"),
        ("Schr\\\"odinger\\'{e}", "Schrödingeré"),
        (r"\unicode{x2014}", "—"),
        (r"\begin{equation}a=b\label{x}\end{equation}", "a = b"),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", "a, =, b"),
        (r"\begin{split}a&=b\end{split}", "a = b"),
        (r"\aligned a&=b \endaligned", "a = b"),
        (r"\cases{a\cr b}", "{a; b"),
        ("{array}{ll} a & b {array}", "a, b"),
        (r"\bigl{x\bigr}", "{x}"),
        (r"\left<x\right>", "⟨x⟩"),
        (r"\alpha*x", "α * x"),
        ("a%b", "ab"),
        (r"#\{x\}", "#{x}"),
        ("x,\\\ny", "x, y"),
        (r"e\sp 2\sb 1", "e₁²"),
        (r"\1x", "1x"),
        ("x}", "x"),
        ("{x", "x"),
        ("v\\ ", "v"),
        ("v\\", "v"),
        ("{in $R$", "inR"),
        (r"x_{\rm}", "x"),
        (r"\å", "å"),
        (r"\boxed{x}\cancel{y}", "xy"),
    ],
)
def test_common_constructs_are_mended(tex: str, line: str) -> None:
    assert read(tex) == line


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        ("x" * (math.MAX_LENGTH + 1), "x" * (math.MAX_LENGTH + 1)),
        ("{" * 101 + "x" + "}" * 101, "x"),
        (r"\left(x & y", "left (x & y"),
        (r"\def\x{\x\x}\x", "def x x x x"),
        (" ".join(f"\\mac{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(60)), None),
        (r"\sqrt" * 399 + " x", None),
        ("\\x" * 1999, None),
        ("a_b_c\\", "a_b_c"),
    ],
)
def test_what_cannot_be_read_stays_as_code_and_loses_its_backslashes_in_plain(
    tex: str, plain: str | None
) -> None:
    formula = render(tex)

    assert formula.is_raw
    assert formula.html.startswith('<code class="tex">')
    assert "\\" not in formula.plain
    assert plain is None or formula.plain == plain


def test_many_braces_side_by_side_are_no_depth() -> None:
    assert not render("{x}" * 150).is_raw


def test_no_style_attribute_is_left_and_alignment_becomes_a_class() -> None:
    html = render(r"\begin{align}a&=b\end{align}", is_display=True).html

    assert html.startswith('<math display="block">')
    assert " style=" not in html
    assert '<mtd class="tex-right">' in html
    assert '<mtd class="tex-left">' in html
    assert "(1)" not in html
    assert (
        render(r"\textsc{a}\textrm{b}").html
        == '<math><mtext><span class="sc">a</span></mtext><mtext><span>b</span></mtext></math>'
    )
    assert (
        render(r"\color{red}{x} \textcolor{red}{y}").html == "<math><mi>x</mi><mrow><mi>y</mi></mrow></math>"
    )


def test_a_bare_command_is_a_symbol_or_nothing() -> None:
    assert math.symbol("alpha") == "α"
    assert math.symbol("log") == "log"
    assert math.symbol("quad") is None
    assert math.symbol("ourmethod") is None


# -- MathML of publishers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mathml", "line"),
    [
        ("<math><mi>k</mi><mo>≤</mo><mn>6</mn></math>", "k ≤ 6"),
        ("<math><mo>-</mo><mn>6</mn></math>", "-6"),
        ("<math><mfrac><mn>1</mn></mfrac><msup></msup><mo>=</mo><msub><mi>x</mi></msub></math>", "1/ = x"),
        (("<math><mmultiscripts><mi>C</mi><mn>6</mn><mn>2</mn><mprescripts></mprescripts><none></none>"
         "<mn>14</mn></mmultiscripts><mmultiscripts></mmultiscripts></math>"), "¹⁴C₆²"),
        ("<math><munder><mi>x</mi><mo>_</mo></munder><mover><mi>y</mi><mo>→</mo></mover></math>", "x̲y⃗"),
        ("<math><mover><mi>z</mi><mo>⏞</mo></mover><munder><mo>→</mo><mi>n</mi></munder></math>", "z→ₙ"),
        ("<math><mn>1</mn><mn>2</mn><mspace width='0.05em'/><mspace></mspace><mi></mi></math>", "1 2"),
        ("<math><mstyle><mi>a</mi><mo>&#x2062;</mo><mi>b</mi></mstyle></math>", "ab"),
        ("<math><mtable><mtr><mtd><mi>a</mi></mtd><mtd></mtd></mtr><mtr></mtr></mtable></math>", "a"),
        ("<math><semantics><mi>a</mi><mi>b</mi></semantics></math>", "ab"),
        ("<math><mn>2</mn><mo>√</mo><mo>)</mo><mo>(</mo><mi>x</mi></math>", "2√)(x"),
        ("<math><mo>(</mo><mo>&lt;</mo><mn>5</mn><mo>)</mo></math>", "(<5)"),
        ("<math><mn>5</mn><mo>…</mo><mn>7</mn><mo>&#x27F9;</mo><mn>8</mn></math>", "5 … 7 ⟹ 8"),
    ],
)  # fmt: skip
def test_mathml_from_outside_is_written_by_the_same_rules(mathml: str, line: str) -> None:
    assert math.foreign(mathml).plain == line


def test_linear_text_of_semantics_is_its_presentation() -> None:
    assert mathtext.linear("<math><semantics><mi>a</mi><mi>b</mi></semantics></math>") == "a"


def test_braces_are_paired_and_escaped_ones_are_none() -> None:
    assert mathtex.pairs(r"{a\{}{b}}{") == {0: 4, 5: 7}
