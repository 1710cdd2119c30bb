//! The review as one HTML page: no script, nothing loaded from elsewhere, every word from a file escaped.

use std::fmt::Write;

use super::data::*;
use super::inert::escape;
use super::prose::{self, Row};
use crate::features::markup;

/// The style sheet, which is part of the page.
const STYLE: &str = include_str!("page.css");

/// What the page may load or run: nothing but its own style sheet. It would hold even if something of a source
/// were not escaped.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The review as a page.
#[must_use]
pub fn page(report: &Report) -> String {
    let size: usize = report.briefs.iter().map(|brief| brief.text.len() * 2).sum();
    let mut out = String::with_capacity(size + 64 * 1024);
    let title = match report.briefs.as_slice() {
        [brief] => format!("Review of “{}”", brief.title),
        briefs => format!("Review of {} briefs", briefs.len()),
    };
    let title = escape(&title);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#brief\">Skip to the brief</a>\n\
         <header>\n<h1>{title}</h1>\n<p class=\"meta\">{made} · {program} · {sources}</p>\n",
        made = escape(&report.made),
        program = escape(&report.program),
        sources = markup::counted(report.sources.len(), "cited source"),
    );
    contents(&mut out);
    out.push_str("</header>\n<main>\n");
    summary(report, &mut out);
    out.push_str("<section id=\"brief\" aria-labelledby=\"brief-title\">\n");
    if let [brief] = report.briefs.as_slice() {
        let _ = writeln!(
            out,
            "<h2 id=\"brief-title\">Brief and sources</h2>\n<p class=\"meta\">{}</p>",
            escape(&brief.path)
        );
    } else {
        out.push_str("<h2 id=\"brief-title\">Briefs and sources</h2>\n");
    }
    for (at, brief) in report.briefs.iter().enumerate() {
        self::brief(report, at, brief, &mut out);
    }
    out.push_str("</section>\n");
    matrix(report, &mut out);
    single(report, &mut out);
    timeline(report, &mut out);
    gaps(report, &mut out);
    signature(report, &mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// The mark before a verdict, for readers who do not see colours.
fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Verified => "✓",
        Standing::Doubtful => "!",
        Standing::Wrong => "✗",
        Standing::Unchecked => "–",
    }
}

/// `label` with a capital.
fn capital(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn contents(out: &mut String) {
    const PARTS: [(&str, &str); 7] = [
        ("summary", "Summary"),
        ("brief", "Brief and sources"),
        ("matrix", "Sections by sources"),
        ("single", "Single-source sections"),
        ("timeline", "Timeline"),
        ("gaps", "Not checked"),
        ("signature", "Signature"),
    ];
    out.push_str("<nav aria-label=\"Parts of this page\"><ul>\n");
    for (id, name) in PARTS {
        let _ = writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>");
    }
    out.push_str("</ul></nav>\n");
}

fn summary(report: &Report, out: &mut String) {
    let all: Vec<&Quotation> = report.briefs.iter().flat_map(|brief| &brief.quotations).collect();
    out.push_str(
        "<section id=\"summary\" aria-labelledby=\"summary-title\">\n<h2 id=\"summary-title\">Summary</h2>\n",
    );
    let others: usize = report.briefs.iter().map(|brief| brief.findings.len()).sum();
    let others = match others {
        0 => String::new(),
        _ => format!(
            "<p>Outside quotations: <a href=\"#f1\">{}</a>.</p>\n",
            markup::counted(others, "finding")
        ),
    };
    if all.is_empty() {
        let _ = writeln!(out, "<p class=\"lead\">There are no quotations.</p>\n{others}</section>");
        return;
    }
    let looks = |one: &&&Quotation| {
        matches!(one.standing, Standing::Wrong | Standing::Doubtful) || !one.findings.is_empty()
    };
    let look: Vec<&Quotation> = all.iter().filter(looks).copied().collect();
    let of = markup::counted(all.len(), "quotation");
    let _ = match look.len() {
        0 => writeln!(out, "<p class=\"lead\">None of {of} needs a look.</p>"),
        1 => writeln!(out, "<p class=\"lead\">1 of {of} needs a look: {}.</p>", numbers(&look)),
        count => writeln!(out, "<p class=\"lead\">{count} of {of} need a look: {}.</p>", numbers(&look)),
    };
    out.push_str(&others);
    out.push_str("<table class=\"counts\">\n<caption>Quotations by verdict</caption>\n<thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">Quotations</th></tr></thead>\n<tbody>\n");
    for count in &report.verdicts {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><span class=\"sign {}\" aria-hidden=\"true\">{}</span> {}</th><td>{}</td></tr>",
            count.standing.name(),
            sign(count.standing),
            capital(count.label),
            count.count
        );
    }
    let _ = writeln!(
        out,
        "</tbody>\n<tfoot><tr><th scope=\"row\">All</th><td>{}</td></tr></tfoot>\n</table>",
        all.len()
    );
    out.push_str("</section>\n");
}

/// Links to `quotations`, separated by commas.
fn numbers(quotations: &[&Quotation]) -> String {
    let link = |one: &&Quotation| format!("<a href=\"#p{0}\">{0}</a>", one.number);
    quotations.iter().map(link).collect::<Vec<_>>().join(", ")
}

fn brief(report: &Report, at: usize, brief: &Brief, out: &mut String) {
    if report.briefs.len() > 1 {
        let _ = writeln!(
            out,
            "<p class=\"file\"><strong>{}</strong> {}</p>",
            escape(&brief.title),
            escape(&brief.path)
        );
    }
    let sections = report.sections.iter().enumerate().filter(|(_, section)| section.brief == at);
    let sections: Vec<(usize, String)> = sections
        .filter(|(_, section)| !section.heading.is_empty())
        .map(|(at, section)| (section.start, format!("s{}", at + 1)))
        .collect();
    let language = brief.language.as_deref().filter(|tag| is_tag(tag));
    let language = language.map(|tag| format!(" lang=\"{tag}\"")).unwrap_or_default();
    let mut rest = brief.quotations.iter().peekable();
    for Row { html, end } in prose::rows(brief, &sections) {
        let _ = write!(out, "<div class=\"row\"><div class=\"text\"{language}>{html}</div>");
        let mut opened = false;
        while let Some(quotation) = rest.next_if(|one| prose::end_of(one) <= end) {
            if !std::mem::replace(&mut opened, true) {
                out.push_str("<div class=\"cards\">\n");
            }
            card(report, quotation, out);
        }
        out.push_str(if opened { "</div></div>\n" } else { "</div>\n" });
    }
    if !brief.findings.is_empty() {
        let first = !report.briefs[..at].iter().any(|before| !before.findings.is_empty());
        let id = if first { " id=\"f1\"" } else { "" };
        let _ =
            writeln!(out, "<div class=\"findings\"{id}><p><strong>Findings outside quotations</strong></p>");
        findings(&brief.findings, out);
        out.push_str("</div>\n");
    }
}

/// Whether `tag` looks like a language tag (RFC 5646).
fn is_tag(tag: &str) -> bool {
    tag.split('-')
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// A quotation and its passage.
fn card(report: &Report, quotation: &Quotation, out: &mut String) {
    let Quotation { number, standing, label, .. } = quotation;
    let (class, label) = (standing.name(), capital(label));
    let _ = write!(
        out,
        "<article class=\"card {class}\" id=\"p{number}\" aria-labelledby=\"v{number}\">\n\
         <p class=\"verdict\" id=\"v{number}\"><a class=\"number {class}\" href=\"#q{number}\" aria-label=\"Quotation {number}: back to the brief\">{number}</a> \
         <span class=\"sign {class}\" aria-hidden=\"true\">{}</span> {label}</p>\n",
        sign(*standing)
    );
    if let Some(place) = &quotation.place {
        let detail =
            report.sources.iter().find(|source| source.key == place.key).map(|source| &source.detail);
        let detail = detail.map(|detail| format!("{} · ", escape(detail))).unwrap_or_default();
        let _ = writeln!(
            out,
            "<p class=\"source\">{detail}<code>@{}</code>, {}</p>",
            escape(&place.key),
            escape(&place.at)
        );
    }
    if *standing != Standing::Verified || !quotation.edits.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", escape(&quotation.says));
    }
    let mut items: Vec<String> = quotation.differences.iter().filter_map(difference).collect();
    items.extend(quotation.edits.iter().map(|edit| escape(&capital(edit))));
    if !items.is_empty() {
        let _ = writeln!(out, "<ul class=\"differences\"><li>{}</li></ul>", items.join("</li>\n<li>"));
    }
    if let Some(place) = &quotation.place {
        let _ = writeln!(out, "<blockquote dir=\"auto\">{}</blockquote>", passage(place));
        if let Some(speaker) = &place.speaker {
            let _ = writeln!(out, "<p>There, the source quotes {}.</p>", escape(speaker));
        }
    }
    findings(&quotation.findings, out);
    let _ = writeln!(
        out,
        "<p class=\"tick\"><label><input type=\"checkbox\"> Quotation {number} compared with its source</label></p>\n</article>"
    );
}

/// A difference in words; `None` if there is nothing to show on either side.
fn difference(difference: &Difference) -> Option<String> {
    let (mine, theirs) = (escape(&difference.brief), escape(&difference.source));
    match (mine.is_empty(), theirs.is_empty()) {
        (true, true) => None,
        (false, false) => Some(format!("Brief: <del>{mine}</del><br>Source: <ins>{theirs}</ins>")),
        (true, false) => Some(format!("Missing in the brief: <ins>{theirs}</ins>")),
        (false, true) => Some(format!("Not in the source: <del>{mine}</del>")),
    }
}

/// The passage with the words marked, and underlined where the brief differs.
fn passage(place: &Place) -> String {
    let text = place.passage.as_str();
    let piece = |start: usize, end: usize| escape(text.get(start..end).unwrap_or_default());
    let [start, end] = place.words;
    let mut out = String::with_capacity(text.len() + 64);
    out.push_str(if place.cut[0] { "… " } else { "" });
    out.push_str(&piece(0, start));
    out.push_str("<mark>");
    let mut at = start;
    for [from, to] in place.differing.iter().filter(|[from, to]| start <= *from && *to <= end) {
        if *from < at {
            continue;
        }
        let _ = write!(out, "{}<u>{}</u>", piece(at, *from), piece(*from, *to));
        at = *to;
    }
    out.push_str(&piece(at, end));
    out.push_str("</mark>");
    out.push_str(&piece(end, text.len()));
    out.push_str(if place.cut[1] { " …" } else { "" });
    out
}

fn findings(findings: &[Finding], out: &mut String) {
    if findings.is_empty() {
        return;
    }
    out.push_str("<ul class=\"found\">\n");
    for finding in findings {
        let (level, message) = (capital(finding.level), escape(&finding.message));
        let _ = writeln!(
            out,
            "<li><strong>{level}</strong>, line {}: {message} <code>{}</code></li>",
            finding.line, finding.code
        );
    }
    out.push_str("</ul>\n");
}

/// The sources down, the sections across.
fn matrix(report: &Report, out: &mut String) {
    out.push_str("<section id=\"matrix\" aria-labelledby=\"matrix-title\">\n<h2 id=\"matrix-title\">Sections by sources</h2>\n");
    if report.sections.is_empty() {
        out.push_str("<p>No section cites a known source.</p>\n</section>\n");
        return;
    }
    out.push_str("<p>How often each section cites each source.</p>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"matrix-title\">\n<table class=\"matrix\">\n<thead><tr><th scope=\"col\">Source</th>");
    for (at, section) in report.sections.iter().enumerate() {
        let _ = write!(
            out,
            "<th scope=\"col\" class=\"upright\"><span>{}</span></th>",
            heading(report, at, section)
        );
    }
    out.push_str("<th scope=\"col\">Citations</th><th scope=\"col\">Quotations</th></tr></thead>\n<tbody>\n");
    for (index, source) in report.sources.iter().enumerate() {
        let key = escape(&source.key);
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><code>@{key}</code><br><span class=\"detail\">{}</span></th>",
            escape(&source.detail)
        );
        for section in &report.sections {
            let cites =
                section.cites.iter().find(|cites| cites.source == index).map_or(0, |cites| cites.citations);
            let _ = match cites {
                0 => write!(out, "<td></td>"),
                _ => write!(out, "<td class=\"cites\">{cites}</td>"),
            };
        }
        let _ = writeln!(out, "<td>{}</td><td>{}</td></tr>", source.citations, source.quotations);
    }
    out.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

/// The heading of section `at`, as a link if it has one.
fn heading(report: &Report, at: usize, section: &Section) -> String {
    if section.heading.is_empty() {
        let title = match report.briefs.len() {
            1 => "Before the first heading".to_owned(),
            _ => format!("{}, before the first heading", report.briefs[section.brief].title),
        };
        return escape(&title);
    }
    format!("<a href=\"#s{}\">{}</a>", at + 1, escape(&section.heading))
}

/// The sections that rely on one source.
fn single(report: &Report, out: &mut String) {
    out.push_str("<section id=\"single\" aria-labelledby=\"single-title\">\n<h2 id=\"single-title\">Single-source sections</h2>\n");
    let sections = report.sections.iter().enumerate();
    let mut single = sections.filter(|(_, section)| section.cites.len() == 1).peekable();
    if single.peek().is_none() {
        out.push_str("<p>No section relies on a single source.</p>\n</section>\n");
        return;
    }
    out.push_str("<ul>\n");
    for (at, section) in single {
        let cites = &section.cites[0];
        let source = &report.sources[cites.source];
        let _ = writeln!(
            out,
            "<li>{}: only <code>@{}</code> ({})</li>",
            heading(report, at, section),
            escape(&source.key),
            markup::counted(cites.citations, "citation")
        );
    }
    out.push_str("</ul>\n</section>\n");
}

fn timeline(report: &Report, out: &mut String) {
    out.push_str("<section id=\"timeline\" aria-labelledby=\"timeline-title\">\n<h2 id=\"timeline-title\">Dates of the sources</h2>\n");
    if report.timeline.is_empty() {
        out.push_str("<p>No date of a cited source is known.</p>\n");
    } else {
        out.push_str("<ol class=\"timeline\">\n");
        for dated in &report.timeline {
            let stated = if dated.from_document { " (from the document)" } else { "" };
            let _ = writeln!(
                out,
                "<li><b>{}</b>{stated} {}</li>",
                escape(&dated.date),
                named(report, &dated.key)
            );
        }
        out.push_str("</ol>\n");
    }
    if !report.undated.is_empty() {
        out.push_str("<h3>Date unknown</h3>\n<ul>\n");
        for key in &report.undated {
            let _ = writeln!(out, "<li>{}</li>", named(report, key));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</section>\n");
}

/// A source with its title, which links to its address.
fn named(report: &Report, key: &str) -> String {
    let source = report.sources.iter().find(|source| source.key == key);
    let title = source.and_then(|source| source.title.as_deref()).map(escape);
    let title = match (title, source.and_then(|source| source.url.as_deref())) {
        (Some(title), Some(url)) => format!(" <a href=\"{}\" rel=\"noreferrer\">{title}</a>", escape(url)),
        (Some(title), None) => format!(" {title}"),
        (None, _) => String::new(),
    };
    format!("<code>@{}</code>{title}", escape(key))
}

fn gaps(report: &Report, out: &mut String) {
    out.push_str("<section id=\"gaps\" aria-labelledby=\"gaps-title\">\n<h2 id=\"gaps-title\">What was not checked, and why</h2>\n<dl>\n");
    for gap in &report.gaps {
        let _ = write!(out, "<dt>{}</dt><dd>{}", escape(&gap.what), escape(&gap.why));
        if !gap.quotations.is_empty() {
            let link = |number: &usize| format!("<a href=\"#p{number}\">{number}</a>");
            let links: Vec<String> = gap.quotations.iter().map(link).collect();
            let _ = write!(out, " Quotations: {}.", links.join(", "));
        }
        if !gap.names.is_empty() {
            let names: Vec<String> = gap.names.iter().map(|name| escape(name)).collect();
            let _ = write!(out, "<ul><li>{}</li></ul>", names.join("</li><li>"));
        }
        out.push_str("</dd>\n");
    }
    out.push_str("</dl>\n</section>\n");
}

fn signature(report: &Report, out: &mut String) {
    let all = report.briefs.iter().map(|brief| brief.quotations.len()).sum();
    let _ = write!(
        out,
        "<section id=\"signature\" aria-labelledby=\"signature-title\">\n<h2 id=\"signature-title\">Signature</h2>\n\
         <p>{} in this review; those with a tick were compared with the source by the reader who signs.</p>\n\
         <div class=\"lines\"><p>Name</p><p>Date</p><p>Signature</p></div>\n</section>\n",
        markup::counted(all, "quotation")
    );
}
