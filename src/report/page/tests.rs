//! What holds for every page.

use super::*;
use crate::report::table::tests as made;

fn page(files: &[&str], language: Language) -> String {
    let mut calls: Vec<AuditedCall> = files.iter().map(|file| made::call(file)).collect();
    calls.push(made::refused("broken.wav"));
    render(&Audit { client: Some("Café <b>".into()), calls }, &[], language, &|_| None).unwrap()
}

#[test]
fn a_number_and_its_unit_stay_on_one_line() {
    assert_eq!(unbroken("na 5,0 s; tot 85 % van 3 lijnen"), "na 5,0\u{a0}s; tot 85\u{a0}% van 3 lijnen");
    assert_eq!((unbroken(""), unbroken(" van ")), (String::new(), " van ".into()));
}

#[test]
fn foreign_text_stays_text() {
    let page = page(&["</script><script>alert(1)</script>.wav", "\"><img src=x>.wav"], Language::Nl);
    assert!(!page.contains("<script>alert") && !page.contains("<img") && !page.contains("Café <b>"));
    assert_eq!(page.matches("</script>").count(), 2, "the data's and the script's own");
}

#[test]
fn the_policy_allows_this_script_and_no_other() {
    let page = page(&["a.wav"], Language::En);
    let script = page.rsplit_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
    assert!(
        page.contains(&format!("script-src &#39;sha256-{hash}"))
            || page.contains(&format!("script-src 'sha256-{hash}"))
    );
    let named = page.replace("http://www.w3.org/", "");
    assert!(!named.contains("src=\"http") && !named.contains("href=\"http") && !named.contains("@import"));
}

#[test]
fn every_number_of_the_verdict_leads_to_its_seconds() {
    let mut slow = made::call("a.wav");
    slow.finding.as_mut().unwrap().metrics.total_wait_s.value = Some(125.0);
    let page = render(&Audit { client: None, calls: vec![slow] }, &[], Language::En, &|_| None).unwrap();
    assert!(
        page.contains("href=\"#call-0\" data-call=\"0\" data-at=\"1.00\""),
        "the worst call of a norm that was missed"
    );
}

#[test]
fn a_thousand_calls_stay_small() {
    let files: Vec<String> = (0..1000).map(|i| format!("line/{i}.wav")).collect();
    let page = page(&files.iter().map(String::as_str).collect::<Vec<_>>(), Language::Nl);
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
}

/// A call that was picked up, waited and spoke, and one that gave up, on two lines and for two reasons.
fn two_lines() -> Audit {
    let mut calls: Vec<AuditedCall> =
        ["one/a.wav", "one/b.wav", "one/c.wav", "two/d.wav"].iter().map(|file| made::call(file)).collect();
    for (call, wait_s) in calls.iter_mut().zip([12.0, 47.0, 125.0, 333.0]) {
        call.line = call.file.split('/').next().unwrap().to_owned();
        call.contact_reason = Some(if wait_s < 50.0 { "question" } else { "complaint" }.into());
        let metrics = &mut call.finding.as_mut().unwrap().metrics;
        metrics.total_wait_s.value = Some(wait_s);
        metrics.total_wait_s.from = Some(Interval::new(1.0, 1.0 + wait_s));
        if wait_s > 100.0 {
            metrics.time_to_human_s.value = None;
        }
    }
    calls.push(made::refused("one/broken.wav"));
    Audit { client: None, calls }
}

/// The texts of a part of the page, each with the tags that are open around it.
fn texts(html: &str) -> Vec<(Vec<&str>, &str)> {
    let (mut open, mut texts, mut rest) = (vec![], vec![], html);
    while let Some((text, tag_on)) = rest.split_once('<') {
        if !text.trim().is_empty() {
            texts.push((open.clone(), text.trim()));
        }
        let (tag, after) = tag_on.split_once('>').expect("every tag ends");
        rest = after;
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            open.pop();
        } else if !tag.ends_with('/') && !["wbr", "input", "meta"].contains(&name) {
            open.push(tag);
        }
    }
    texts
}

/// The words around numbers that were not measured: headings, what a step is, when a clock runs, the norms themselves.
fn is_told(open: &[&str]) -> bool {
    let plain = ["th", "dt", "h2", "h3", "figcaption", "svg", "option", "legend"];
    let described = ["class=\"note", "class=\"ruled\"", "<span>"];
    open.iter().any(|tag| plain.contains(&tag.split(' ').next().unwrap_or_default()) && !tag.contains("norm-"))
        || open.iter().any(|tag| described.iter().any(|class| tag.contains(class)) || *tag == "span")
}

#[test]
fn every_number_leads_to_calls_that_are_there() {
    let audit = two_lines();
    for language in Language::ALL {
        let page = render(&audit, profiles(), language, &|_| None).unwrap();
        let clock = page_words::page(language).clock;
        let (body, data) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
        let data: serde_json::Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
        let mut links = 0;
        for section in ["verdict", "scorecard", "journey", "calls", "missing"] {
            let from = body.find(&format!("<section id=\"{section}\"")).unwrap();
            let html = &body[from..from + body[from..].find("</section>").unwrap()];
            for (open, text) in texts(html) {
                let link = open.iter().find_map(|tag| tag.strip_prefix("a "));
                let numeric = text.replace("&#39;", "'").contains(|c: char| c.is_ascii_digit());
                let of_clock = open.iter().any(|tag| tag.contains(&format!("data-l=\"{clock}\"")));
                let name = ["one/", "two/"].iter().any(|line| text.contains(line)) || text.ends_with(".wav");
                let when = open.iter().any(|tag| tag.contains(page_words::page(language).when));
                if numeric && link.is_none() && !is_told(&open) && !of_clock && !name && !when {
                    panic!("{section}: “{text}” leads nowhere: {open:?}");
                }
                let Some(link) = link else { continue };
                links += 1;
                let value = |name: &str| Some(link.split_once(&format!("{name}=\""))?.1.split_once('"')?.0);
                let target = value("href").unwrap().strip_prefix('#').expect("within the page");
                assert!(page.contains(&format!("id=\"{target}\"")), "no {target}");
                if let Some(call) = value("data-call") {
                    assert!(call.parse::<usize>().unwrap() < audit.calls.len());
                }
                if let Some(basis) = value("data-b") {
                    let basis = data["bases"][basis.parse::<usize>().unwrap()].as_array().unwrap();
                    assert!(basis.len() > 1 && basis.iter().all(|p| p[0].as_u64().unwrap() < audit.calls.len() as u64));
                }
            }
        }
        assert!(links > 60, "{links} numbers and places");
    }
}

#[test]
fn a_median_leads_to_its_middle_call_and_a_share_to_all_that_were_counted() {
    let page = render(&two_lines(), &[], Language::En, &|_| None).unwrap();
    let (body, data) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    let data: serde_json::Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let tiles = body.split_once("class=\"tiles\"").unwrap().1.split_once("</ul>").unwrap().0;
    let tiles: Vec<&str> = tiles.split("<li>").skip(1).collect();
    assert!(tiles[0].contains("2 of 5"), "{}", tiles[0]);
    let basis: usize = tiles[0].split_once("data-b=\"").unwrap().1.split_once('"').unwrap().0.parse().unwrap();
    let counted: Vec<u64> = data["bases"][basis].as_array().unwrap().iter().map(|p| p[0].as_u64().unwrap()).collect();
    assert_eq!(counted, [0, 1], "the two who spoke to a person");
    // half of four reach a person by 47 s: the second call, whose wait begins after 1 s
    assert!(tiles[1].contains("href=\"#call-1\" data-call=\"1\" data-at=\"1.00\">0:47 min"), "{}", tiles[1]);
    assert!(tiles[2].contains('–') && !tiles[2].contains("class=\"num\""), "nine in ten never get there: {}", tiles[2]);
}
