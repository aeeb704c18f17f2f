"""What publishers' feeds become: one made-up entry in the layout of each."""

from __future__ import annotations

from academichub.model.papers import Kind, LinkRole, Precision
from tests.fakes.records import from_atom, from_rdf, from_rss, people, words

LONG = "We counted made-up things in a made-up place and found more of them than anyone expected. " * 5


def test_acs_gives_the_journal_and_the_doi_and_no_abstract() -> None:
    draft = from_rss(
        "<title>[ASAP] A Made-Up Catalyst</title><link>http://dx.doi.org/10.1021/tests.6c00001</link>"
        "<guid>http://dx.doi.org/10.1021/tests.6c00001</guid><pubDate>Thu, 18 Jun 2026 05:00:19 PDT</pubDate>"
        '<description>&lt;p>&lt;img src="https://pubs.acs.org/x.gif" alt="TOC Graphic" />&lt;/p>'
        "&lt;div>&lt;cite>Journal of Tests&lt;/cite>&lt;/div>&lt;div>DOI: 10.1021/tests.6c00001&lt;/div>"
        "</description>",
        title="J. Tests",
        link="https://pubs.acs.org/action/showFeed?jc=tests",
    )

    assert (draft.title.plain, words(draft), draft.is_teaser) == ("A Made-Up Catalyst", None, False)
    assert (draft.venue, draft.kind) == ("Journal of Tests", Kind.ARTICLE)
    assert (draft.key.place, draft.key.item) == ("pubs.acs.org", "10.1021/tests.6c00001")
    assert [(link.href, link.role) for link in draft.links] == [
        ("https://doi.org/10.1021/tests.6c00001", LinkRole.LANDING)
    ]


def test_rsc_names_the_type_the_day_and_the_people_between_semicolons() -> None:
    draft = from_rss(
        "<title>Made-up rings</title><guid>https://doi.org/10.1039/d6xx00001a</guid>"
        "<link>https://pubs.rsc.org/xx/article/doi/10.1039/D6XX00001A/1234567/Made-up-rings</link>"
        "<description>&lt;p>&lt;strong>Review Article&lt;/strong> — 18 June 2026&lt;/p>"
        "&lt;p>Ada Example; John Z. H. Sample; Li li Specimen&lt;/p>"
        '&lt;p>&lt;a href="https://doi.org/10.1039/D6XX00001A">DOI: 10.1039/D6XX00001A&lt;/a>&lt;/p>'
        "</description>",
    )

    assert people(draft) == ["Ada Example", "John Z. H. Sample", "Li li Specimen"]
    assert (draft.kind, words(draft), draft.identifiers.doi) == (Kind.REVIEW, None, "10.1039/d6xx00001a")
    assert draft.published is not None
    assert str(draft.published.on) == "2026-06-18"


def test_rsc_may_have_a_single_author() -> None:
    draft = from_rss(
        "<title>Made-up rings</title><guid>https://doi.org/10.1039/d6xx00001a</guid>"
        "<description>&lt;p>Edge Article — 18 June 2026&lt;/p>&lt;p>Ada B. Example&lt;/p>"
        "&lt;p>DOI: 10.1039/D6XX00001A&lt;/p></description>",
    )

    assert (people(draft), words(draft)) == (["Ada B. Example"], None)


def test_sciencedirect_gives_authors_and_issue_and_no_abstract() -> None:
    draft = from_rss(
        "<title>Made-up drugs</title>"
        "<link>https://www.sciencedirect.com/science/article/pii/S0000000026000001?dgcid=rss_sd_all</link>"
        "<guid>https://www.sciencedirect.com/science/article/pii/S0000000026000001</guid>"
        "<description>&lt;p>Publication date: Available online 18 June 2026&lt;/p>&lt;p>&lt;b>Source:&lt;/b> "
        "Drug Tests Today, Volume 3, Issue 6&lt;/p>&lt;p>Author(s): A.C. Sample, Bo Example&lt;/p>"
        "</description>",
        title="ScienceDirect Publication: Drug Tests Today",
    )

    assert (draft.kind, draft.venue, words(draft)) == (Kind.ARTICLE, "Drug Tests Today", None)
    assert people(draft) == ["A.C. Sample", "Bo Example"]
    assert draft.links[0].href == "https://www.sciencedirect.com/science/article/pii/S0000000026000001"
    assert draft.published is not None
    assert (str(draft.published.on), draft.published.precision) == ("2026-06-18", Precision.DAY)


def test_mirrors_put_authors_above_the_citation() -> None:
    draft = from_rss(
        "<title>Made-up patterns</title><link>https://doi.org/10.1016/j.tests.2026.1</link>"
        "<guid>10.1016/j.tests.2026.1</guid><category>Pattern Tests</category>"
        '<source url="https://www.sciencedirect.com/">Pattern Tests</source>'
        "<description>Ada Example, Bo C. Sample, et al.&lt;br/>Pattern Tests, pp. 113125&lt;br/>"
        "DOI: 10.1016/j.tests.2026.1</description>",
        link="https://mirror.example/pattern-tests.xml",
    )

    assert (people(draft), words(draft)) == (["Ada Example", "Bo C. Sample"], None)
    assert (draft.venue, draft.categories, draft.key.place) == ("Pattern Tests", (), "mirror.example")


def test_chemrxiv_counts_versions_in_its_addresses_and_cuts_its_abstracts() -> None:
    draft = from_rss(
        "<title>Made-up oxides</title>"
        "<link>https://chemrxiv.org/doi/full/10.26434/chemrxiv.15000001/v2?af=R</link>"
        "<guid>https://chemrxiv.org/doi/full/10.26434/chemrxiv.15000001/v2?af=R</guid>"
        "<description>2 ABSTRACT: Oxides of a kind that nobody has made are described here ...</description>",
        title="ChemRxiv: Latest Preprints",
    )

    assert (draft.kind, draft.version, draft.venue) == (Kind.PREPRINT, 2, "ChemRxiv")
    assert (draft.key.place, draft.key.item, draft.key.version) == (
        "chemrxiv.org",
        "10.26434/chemrxiv.15000001",
        2,
    )
    assert draft.is_teaser
    assert (words(draft) or "").startswith("Oxides of a kind")
    assert draft.links[0].href == "https://chemrxiv.org/doi/full/10.26434/chemrxiv.15000001/v2"


def test_servers_with_a_doi_for_each_version_keep_one_item() -> None:
    first, second = (
        from_rss(
            f"<title>Made up</title><link>https://www.researchsquare.com/article/rs-1/v{version}</link>"
            f"<guid>https://doi.org/10.21203/rs.3.rs-1/v{version}</guid>"
        )
        for version in (1, 2)
    )

    assert (first.key.item, first.key.version) == ("10.21203/rs.3.rs-1", 1)
    assert (second.key.item, second.key.version) == ("10.21203/rs.3.rs-1", 2)
    assert second.identifiers.doi == "10.21203/rs.3.rs-1/v2"


def test_biorxiv_has_all_authors_in_one_element() -> None:
    draft = from_rdf(
        "<title>Made-up neurons</title>"
        "<link>https://www.biorxiv.org/content/10.64898/2026.06.17.123456v3?rss=1</link>"
        f"<description>{LONG}</description><dc:creator>Example, A., Sample, B. C.</dc:creator>"
        "<dc:date>2026-06-18</dc:date><dc:identifier>doi:10.64898/2026.06.17.123456</dc:identifier>"
        "<prism:section>New Results</prism:section><prism:publicationDate>2026-06-18</prism:publicationDate>",
        title="bioRxiv Subject Collection: All",
    )

    assert people(draft) == ["A. Example", "B. C. Sample"]
    assert (draft.kind, draft.version, draft.is_teaser) == (Kind.PREPRINT, 3, False)
    assert (draft.identifiers.doi, draft.venue) == ("10.64898/2026.06.17.123456", "bioRxiv")
    assert (draft.key.item, draft.key.version) == ("10.64898/2026.06.17.123456", 3)


def test_nature_research_keeps_its_standfirst_as_a_teaser() -> None:
    draft = from_rdf(
        "<title>Made-up S&lt;sub>N&lt;/sub>2</title>"
        "<link>https://www.nature.com/articles/s41586-026-00001-4</link>"
        "<content:encoded>&lt;p>Nature, Published online: 18 June 2026; "
        '&lt;a href="https://www.nature.com/articles/s41586-026-00001-4">doi:10.1038/s41586-026-00001-4&lt;/a>&lt;/p>'
        "A standfirst of one sentence.</content:encoded><dc:creator>Ada Example</dc:creator>"
        "<dc:creator>Bo Sample</dc:creator><dc:identifier>doi:10.1038/s41586-026-00001-4</dc:identifier>"
        "<dc:date>2026-06-18</dc:date><prism:publicationName>Nature</prism:publicationName>",
    )

    assert (words(draft), draft.is_teaser) == ("A standfirst of one sentence.", True)
    assert (people(draft), draft.kind) == (["Ada Example", "Bo Sample"], Kind.ARTICLE)
    assert draft.published is not None
    assert draft.published.precision is Precision.DAY


def test_nature_magazine_is_news_also_where_only_the_address_says_it() -> None:
    draft = from_rss(
        "<title>A made-up essay</title><link>https://www.nature.com/articles/d41586-026-00001-w</link>"
    )

    assert (draft.kind, draft.identifiers.doi) == (Kind.NEWS, "10.1038/d41586-026-00001-w")


def test_a_correction_keeps_its_prefix() -> None:
    draft = from_rss(
        "<title>Author Correction: A made-up paper</title>"
        "<link>https://www.nature.com/articles/s41586-026-00002-1</link>"
    )

    assert (draft.kind, draft.title.plain) == (Kind.CORRECTION, "Author Correction: A made-up paper")


def test_science_gives_a_citation_instead_of_an_abstract() -> None:
    draft = from_rdf(
        "<title>Made-up quakes</title><link>https://www.science.org/doi/abs/10.1126/science.aaa0001?af=R</link>"
        "<description>Science, Volume 392, Issue 6800, Page 123-128, June 2026.</description>"
        "<dc:type>Research Article</dc:type><dc:creator>Ada Example</dc:creator>",
        title="AAAS: Science: Table of Contents",
    )

    assert (words(draft), draft.venue, draft.kind) == (None, "Science", Kind.ARTICLE)
    assert draft.identifiers.doi == "10.1126/science.aaa0001"
    assert draft.links[0].href == "https://www.science.org/doi/abs/10.1126/science.aaa0001"


def test_a_citation_before_the_text_is_taken_off() -> None:
    draft = from_rdf(
        "<title>Made-up quakes</title><link>https://www.pnas.org/doi/abs/10.1073/pnas.260001?af=R</link>"
        f"<description>Proceedings of Tests, Volume 123, Issue 24, June 2026. {LONG}</description>",
    )

    assert (words(draft) or "").startswith("We counted")
    assert (draft.venue, draft.is_teaser) == ("Proceedings of Tests", False)


def test_wiley_has_the_abstract_in_the_content() -> None:
    draft = from_rss(
        "<title>Made-up polymers</title><link>https://onlinelibrary.wiley.com/doi/10.1002/tests.1?af=R</link>"
        "<dc:identifier>10.1002/tests.1</dc:identifier><description>Advanced Tests, EarlyView. </description>"
        f"<content:encoded>&lt;h3>ABSTRACT&lt;/h3>&lt;p>{LONG}&lt;/p></content:encoded>",
        title="Wiley: Advanced Tests: Table of Contents",
    )

    assert (words(draft) or "").startswith("We counted")
    assert (draft.venue, draft.is_teaser) == ("Advanced Tests", False)


def test_plos_writes_the_byline_into_the_content() -> None:
    draft = from_atom(
        "<title>Made-up mice</title><id>10.1371/journal.ptst.0000001</id>"
        '<link href="https://journals.plos.org/plostests/article?id=10.1371/journal.ptst.0000001"/>'
        "<author><name>Ada M. Example</name></author><author><name>Bo Sample</name></author>"
        '<published>2026-06-18T14:00:00Z</published><content type="html">'
        "&lt;p>by Ada M. Example, Bo Sample&lt;/p>"
        f"{LONG}</content>",
        title="PLOS Tests",
    )

    assert (words(draft) or "").startswith("We counted")
    assert people(draft) == ["Ada M. Example", "Bo Sample"]
    assert draft.identifiers.doi == "10.1371/journal.ptst.0000001"


def test_aps_puts_authors_abstract_and_citation_into_the_description() -> None:
    draft = from_rdf(
        "<title>Made-up qubits</title><link>http://link.aps.org/doi/10.1103/tests.136.123456</link>"
        f"<description>Author(s): Ada Example, Bo Sample, and Cy Specimen&lt;br/>&lt;p>{LONG}&lt;/p>"
        "[Phys. Rev. Tests 136, 123456] Published Thu Jun 18, 2026</description>",
        title="Recent Articles in Phys. Rev. Tests",
    )

    assert people(draft) == ["Ada Example", "Bo Sample", "Cy Specimen"]
    assert (words(draft) or "").endswith("than anyone expected.")
    assert (draft.venue, draft.identifiers.doi) == ("Phys. Rev. Tests", "10.1103/tests.136.123456")
    assert draft.published is not None
    assert str(draft.published.on) == "2026-06-18"


def test_elife_has_its_doi_in_its_address() -> None:
    draft = from_rss(
        "<title>Made-up flies</title><link>https://elifesciences.org/articles/99999</link>"
        f"<description>{LONG}</description><category>Research Article</category><category>Insight</category>",
        title="eLife: latest articles",
    )

    assert (draft.identifiers.doi, draft.venue) == ("10.7554/elife.99999", "eLife")
    assert draft.kind is Kind.NEWS  # an Insight is eLife's News & Views


def test_oup_labels_the_abstract_inside_a_span() -> None:
    draft = from_rss(
        "<title>Made-up genes</title>"
        "<link>https://academic.oup.com/tests/article/doi/10.1093/tests/btag001/7654321?rss=1</link>"
        '<description>&lt;span class="paragraphSection">&lt;div class="boxTitle">Abstract&lt;/div>'
        f"{LONG}&lt;/span></description>",
        title="Tests Advance Access",
    )

    assert (words(draft) or "").startswith("We counted")
    assert (draft.identifiers.doi, draft.venue) == ("10.1093/tests/btag001", "Tests")


def test_springer_labels_the_abstract_in_a_heading() -> None:
    draft = from_rss(
        "<title>Made-up sums</title><link>https://link.springer.com/article/10.1007/s00000-026-00001-1</link>"
        f'<description>&lt;h3 class="a-plus-plus">Abstract&lt;/h3>&lt;p class="a-plus-plus">{LONG}&lt;/p>'
        "</description>",
        title="Latest Results for Journal of Sums",
    )

    assert (words(draft) or "").startswith("We counted")
    assert (draft.identifiers.doi, draft.venue) == ("10.1007/s00000-026-00001-1", "Journal of Sums")


def test_jama_gives_a_sentence_and_no_doi() -> None:
    draft = from_rss(
        "<title>Made-up trials</title><link>https://jamanetwork.com/journals/jama/fullarticle/2800001</link>"
        "<description>This made-up trial examines nothing.</description>",
        title="JAMA Current Issue",
    )

    assert (draft.kind, draft.venue, draft.is_teaser) == (Kind.ARTICLE, "JAMA", True)


def test_pubmed_gives_the_citation_around_the_abstract() -> None:
    draft = from_rss(
        "<title>Made-up cohorts</title>"
        "<link>https://pubmed.ncbi.nlm.nih.gov/42000001/?utm_source=x&amp;fc=1</link>"
        "<guid>pubmed:42000001</guid>"
        "<description>ABSTRACT&lt;p>BACKGROUND: Nothing ...&lt;/p></description>"
        "<content:encoded>&lt;div>&lt;p>Ann Tests. 2026 Jun 18;12(3):45-67. doi: 10.5555/tests.1. "
        f"Online ahead of print.&lt;/p>&lt;p>&lt;b>ABSTRACT&lt;/b>&lt;/p>&lt;p>{LONG}&lt;/p>"
        "&lt;p>PMID:&lt;a>42000001&lt;/a> | DOI:&lt;a>10.5555/tests.1&lt;/a>&lt;/p>&lt;/div>"
        "</content:encoded>"
        "<dc:creator>Ada Example</dc:creator>"
        "<dc:identifier>pmid:42000001, doi:10.5555/tests.1</dc:identifier>",
        title="pubmed: made-up",
    )

    assert (draft.identifiers.doi, draft.identifiers.pmid) == ("10.5555/tests.1", "42000001")
    assert (words(draft) or "").startswith("We counted")
    assert (words(draft) or "").endswith("expected.")
    assert (draft.venue, draft.kind, draft.is_teaser) == ("Ann Tests", Kind.ARTICLE, False)


def test_chinese_feeds_write_journal_rank_and_day_above_the_text() -> None:
    draft = from_rss(
        "<title>虚构的供应链研究</title><link>https://kan.example/CN/10.5555/x.2026.01</link>"
        "<description>期刊：虚构学报&lt;br/>等级：A3&lt;br/>日期：2026-06-18&lt;br/>"
        "1. 虚构的供应链研究 甲明, 乙小红 DOI: 10.5555/x.2026.01 录用日期: 2026-06-18</description>",
        title="中文综合源",
    )

    assert (people(draft), words(draft)) == (["甲明", "乙小红"], None)
    assert (draft.venue, draft.identifiers.doi, draft.kind) == ("虚构学报", "10.5555/x.2026.01", Kind.ARTICLE)
    assert (draft.language, draft.published is not None) == ("zh", True)


def test_magtech_puts_everything_into_one_line() -> None:
    text = "本文虚构了一种方法,并说明它没有用处。" * 9
    draft = from_rss(
        "<title>虚构的方法</title><link>http://kan.example/CN/abstract/abstract1.shtml</link>"
        "<description>期刊：虚构研究&lt;br/>虚构的方法 甲明, 乙小红 虚构研究. 2026, ( 6 ): 57-75. "
        f"摘要 ( 190 ) 正文 (1028KB) ( 232 ) 补充材料 {text}</description>",
    )

    assert (people(draft), draft.venue) == (["甲明", "乙小红"], "虚构研究")
    assert (words(draft), draft.is_teaser) == (text, False)


def test_chinese_names_behind_the_title_are_authors_and_clicks_are_nothing() -> None:
    named = from_rss(
        "<title>虚构的企业激励</title><link>https://kan.example/1</link>"
        "<description>期刊：虚构经济&lt;br/>虚构的企业激励 甲明，乙小红</description>"
    )
    counted = from_rss(
        "<title>虚构的企业激励机制</title><link>https://kan.example/2</link>"
        "<description>期刊：虚构经济&lt;br/>虚构的企业激... (2279)</description>"
    )
    dated = from_rss(
        "<title>虚构的通知</title><link>https://kan.example/3</link>"
        "<description>期刊：虚构经济&lt;br/>虚构的通知 2026-06-18</description>"
    )

    assert (people(named), words(named)) == (["甲明", "乙小红"], None)
    assert (people(counted), words(counted)) == ([], None)
    assert (words(dated), str(dated.published and dated.published.on)) == (None, "2026-06-18")


def test_a_blog_keeps_its_summary_and_loses_its_machinery() -> None:
    draft = from_rss(
        "<title>A made-up trip</title><link>https://www.blog.example/trip?utm_source=rss#top</link>"
        "<guid isPermaLink='false'>https://blog.example/?p=7</guid><category>Review</category>"
        "<description>&lt;p>We went nowhere.&lt;/p>"
        "&lt;p>The post A made-up trip first appeared on Blog.&lt;/p>"
        f"</description><content:encoded>{LONG}</content:encoded>",
        title="Blog — RSS",
        link="https://blog.example",
    )

    assert (draft.kind, words(draft), draft.is_teaser) == (Kind.POST, "We went nowhere.", False)
    assert (draft.links[0].href, draft.key.item) == (
        "https://www.blog.example/trip",
        "https://blog.example/?p=7",
    )
    assert (draft.venue, draft.categories) == ("Blog", ("Review",))


def test_a_blog_that_links_to_arxiv_has_the_identifier_and_its_own_place() -> None:
    draft = from_rss(
        "<title>Worth reading</title><link>https://arxiv.org/abs/2606.00001v2</link><guid>https://blog.example/8</guid>",
        link="https://www.blog.example/",
    )

    assert (draft.identifiers.arxiv, draft.key.place) == ("2606.00001", "blog.example")
    assert (draft.kind, draft.venue) == (Kind.PREPRINT, "A Journal")
