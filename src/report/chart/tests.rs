//! What holds for every picture, and a way to look at them all.

use std::{collections::HashMap, fs, path::Path};

use resvg::usvg::{Group, Node, Rect};

use super::{menu_samples, raster::parse, samples, *};
use crate::{
    analysis::CallAnalysis,
    audit::{Audit, AuditedCall},
    compare::{self, tests as compare_samples},
    menu::{
        analysis::{Analysis, listening::Recordings},
        graph::Flow,
    },
    norms::profiles,
    report::words::{Language, compare::Panel},
    trend::{Period, Question, Trend, samples::Measure},
};

/// A tone that climbs over faint noise.
fn sweep(seconds: f64) -> Spectrogram {
    let (hop_s, bins) = (0.016, 129);
    let rows = (seconds / hop_s) as usize;
    let level = |row: usize, bin: usize| {
        let noise = 30 + ((row * 7919 + bin * 104_729) % 61) as u8 / 3;
        let tone = (row * 3 / 10) % bins;
        if bin.abs_diff(tone) < 2 { 220 } else { noise }
    };
    let values = (0..rows).flat_map(|row| (0..bins).map(move |bin| level(row, bin))).collect();
    Spectrogram { hop_s, hz_per_bin: 31.25, bins, values }
}

fn drawn(call: &CallAnalysis, language: Language) -> Vec<(&'static str, String)> {
    vec![
        ("ribbon", ribbon("klantenservice/gesprek.wav", call, language)),
        ("spectrogram", spectrogram("gesprek.wav", &sweep(call.line().duration()), call.line(), language)),
    ]
}

fn summary(audit: &Audit, language: Language) -> Vec<(String, String)> {
    let pages = stacked(audit, language).into_iter().enumerate();
    let mut pictures: Vec<_> = pages.map(|(i, svg)| (format!("stacked-{i}"), svg)).collect();
    pictures.push(("curve".into(), curve(audit, language)));
    pictures.push(("make-up".into(), make_up_by_line(audit, language)));
    pictures.extend(make_up_by_call(audit, language).map(|svg| ("make-up-calls".into(), svg)));
    let lines = messages(audit, language).into_iter().enumerate();
    pictures.extend(lines.map(|(i, (_, svg))| (format!("messages-{i}"), svg)));
    if let Some((a, b)) = most_telling_pair(audit) {
        let [a, b] = [a, b].map(|i| &audit.calls[i]);
        let call = |call: &'_ AuditedCall| call.finding.clone().expect("only calls with a wait make a pair");
        pictures.push(("pair".into(), two_calls((&a.file, &call(a)), (&b.file, &call(b)), language)));
    }
    pictures
}

/// The pictures of menus.
fn menus(language: Language) -> Vec<(String, String)> {
    let mut pictures = vec![];
    let nothing = Flow { name: "leeg".into(), ..Flow::default() };
    let flows = [("shop", menu_samples::shop()), ("sixty", menu_samples::large(60)), ("empty", nothing)];
    for (name, flow) in &flows {
        let analysis = Analysis::new(flow, &Recordings::default());
        let mut add = |kind: &str, pages: Vec<String>| {
            let page = |(i, svg)| (format!("{kind}-{name}-{i}-{language}"), svg);
            pictures.extend(pages.into_iter().enumerate().map(page));
        };
        add("menu", menu_tree(&analysis, None, language).expect("not too many"));
        let traffic = menu_samples::traffic(flow);
        add("walked", menu_tree(&analysis, Some(&traffic), language).expect("not too many"));
        add("listening", listening(&analysis, &analysis.costs(), language).into_iter().collect());
    }
    pictures
}

/// The pictures of histories.
fn months(language: Language) -> Vec<(String, String)> {
    let question = |by, norm: Option<&crate::norms::Norm>| Question {
        period: by,
        measures: [Measure::Wait, Measure::Reached]
            .into_iter()
            .chain(norm.map(|norm| Measure::Norm(Box::new(norm.clone()))))
            .chain(Measure::figure("rings"))
            .collect(),
        open: ["ma-vr 8:30-17", "storing=ma-zo 9-12"].into_iter().map(|told| told.parse().expect("hours")).collect(),
        ..Question::default()
    };
    let some = [
        ("three", samples::months(3, 16, 2), question(Period::Month, None)),
        ("seven", samples::months(7, 11, 1), question(Period::Month, crate::norms::profiles().first())),
        ("weeks", samples::months(2, 24, 2), question(Period::Week, None)),
        ("one", samples::months(2, 1, 2), Question { open: Default::default(), ..question(Period::Month, None) }),
    ];
    let mut pictures = vec![];
    for (name, calls, question) in some {
        let answer = Trend::of(calls, question).expect("there are calls with a time");
        let all = trend(&answer, language).into_iter();
        pictures.extend(all.map(|(kind, svg)| (format!("months-{kind}-{name}-{language}"), svg)));
    }
    pictures
}

/// Every picture of every sample, by name.
fn gallery() -> Vec<(String, String)> {
    let singles: Vec<(&str, CallAnalysis)> = vec![
        ("queue", samples::queue(3, 5, 1)),
        ("queue-stereo", samples::queue(2, 2, 2)),
        ("straight", samples::straight(2)),
        ("abandoned", samples::abandoned(3)),
        ("busy", samples::busy()),
        ("voicemail", samples::voicemail()),
        ("starts-late", samples::starts_late()),
        ("no-answer", samples::no_answer()),
        ("unobtainable", samples::unobtainable()),
        ("undecided", samples::undecided()),
        ("silent", samples::silent()),
        ("empty", samples::empty()),
    ];
    let only = |call: AuditedCall| Audit { client: None, calls: vec![call] };
    let audits = vec![
        ("dozen", samples::dozen()),
        ("forty", samples::many(40)),
        ("hundreds", samples::many(300)),
        ("one", only(samples::audited("receptie", "gesprek.wav", samples::straight(3)))),
        ("refused", only(samples::refused("receptie", "gesprek.amr"))),
        ("silent", only(samples::audited("receptie", "stil.wav", samples::silent()))),
        ("empty", only(samples::audited("receptie", "leeg.wav", samples::empty()))),
        ("none", Audit::default()),
    ];
    let mut pictures = vec![];
    for language in Language::ALL {
        for (name, call) in &singles {
            pictures.extend(
                drawn(call, language).into_iter().map(|(kind, svg)| (format!("{kind}-{name}-{language}"), svg)),
            );
        }
        for (name, audit) in &audits {
            let all = summary(audit, language).into_iter();
            pictures.extend(all.map(|(kind, svg)| (format!("{kind}-{name}-{language}"), svg)));
        }
        pictures.extend(menus(language));
        pictures.extend(comparisons(language));
        pictures.extend(months(language));
    }
    pictures
}

/// The pictures of before and after.
fn comparisons(language: Language) -> Vec<(String, String)> {
    let norms: Vec<_> = profiles().to_vec();
    let made = compare_samples::audit;
    let pairs = [
        ("better", made(2, 40, 80.0, 1), made(3, 40, 32.0, 2)),
        ("alike", made(2, 40, 60.0, 3), made(3, 40, 60.0, 4)),
        ("few", made(2, 6, 60.0, 5), made(3, 4, 20.0, 6)),
        ("never", made(2, 12, 900.0, 7), made(3, 12, 170.0, 8)),
        ("unlike", samples::dozen(), samples::many(60)),
        ("nothing", Audit::default(), samples::dozen()),
    ];
    let mut pictures = vec![];
    for (name, before, after) in &pairs {
        let comparison = compare::compare(before, after, &norms, None);
        let mut add = |kind: &str, svg| pictures.push((format!("{kind}-{name}-{language}"), svg));
        add("waits", two_curves(&comparison, language));
        typical_calls(&comparison.whole, language).into_iter().for_each(|svg| add("typical", svg));
        for (kind, panel) in [("steps", Panel::Steps), ("counts", Panel::Counts), ("shares", Panel::Shares)] {
            changes(&comparison.whole, panel, language).into_iter().for_each(|svg| add(kind, svg));
        }
    }
    pictures
}

/// The boxes of all texts of a picture, with the texts.
fn texts(group: &Group, found: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(inner) => texts(inner, found),
            Node::Text(text) => {
                let content = text.chunks().iter().map(|chunk| chunk.text()).collect();
                found.push((content, text.abs_bounding_box()));
            }
            _ => {}
        }
    }
}

#[test]
fn texts_of_every_picture_stay_on_the_page_and_off_each_other() {
    /// Boxes hold the whole line height, so boxes that touch are not yet letters that touch.
    const SLACK_PX: f32 = 3.0;
    let mut faults = vec![];
    for (name, svg) in gallery() {
        let tree = parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut found = vec![];
        texts(tree.root(), &mut found);
        for (i, (text, place)) in found.iter().enumerate() {
            if place.left() < 0.0 || place.right() > tree.size().width() - 8.0 || place.bottom() > tree.size().height()
            {
                faults.push(format!("{name}: {text:?} leaves the page: {place:?}"));
            }
            for (other, there) in &found[..i] {
                let wide = place.right().min(there.right()) - place.left().max(there.left());
                let high = place.bottom().min(there.bottom()) - place.top().max(there.top());
                if wide > SLACK_PX && high > SLACK_PX {
                    faults.push(format!("{name}: {text:?} lies over {other:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    let (once, again): (HashMap<_, _>, HashMap<_, _>) =
        (gallery().into_iter().collect(), gallery().into_iter().collect());
    assert!(once == again);
    let svg = &once["ribbon-straight-nl"];
    assert_eq!(png(svg).expect("a PNG"), png(svg).expect("a PNG"));
}

#[test]
fn numbers_and_words_follow_the_language() {
    let call = samples::straight(2);
    let (nl, en) = (ribbon("a.wav", &call, Language::Nl), ribbon("a.wav", &call, Language::En));
    assert!(nl.contains("medewerker 0:08,4") && nl.contains("overgaan 2×"));
    assert!(en.contains("person 0:08.4") && en.contains("ringing 2×"));
}

#[test]
fn an_unreadable_recording_is_listed_and_not_drawn() {
    let audit = Audit { client: None, calls: vec![samples::refused("receptie", "gesprek.amr")] };
    let svg = &stacked(&audit, Language::Nl)[0];
    let mut found = vec![];
    texts(parse(svg).expect("well-formed").root(), &mut found);
    let said = found.iter().map(|(text, _)| text.trim()).collect::<Vec<_>>().join(" ");
    assert!(said.contains("niet te lezen: AMR wordt niet gelezen") && said.contains("ffmpeg"), "{said}");
    assert!(said.contains("1 opname is niet te lezen."), "{said}");
    assert!(!svg.contains("url(#"), "nothing to draw a part of");
}

#[test]
fn a_channel_is_only_called_the_callers_where_that_is_known() {
    let mut call = samples::queue(1, 1, 2);
    assert!(ribbon("a.wav", &call, Language::En).contains("\ncaller\n"));
    call.caller_channel = Some(crate::metrics::Measured::absent(0.3, crate::metrics::Reason::TooShort));
    let svg = ribbon("a.wav", &call, Language::En);
    assert!(svg.contains("\nleft\n") && svg.contains("\nright\n") && !svg.contains("\nline\n"));
}

#[test]
fn thousands_of_calls_fill_a_bounded_number_of_pages() {
    let pages = stacked(&samples::many(2500), Language::Nl);
    assert_eq!(pages.len(), 21);
    assert!(pages[0].contains("900 van de"), "more calls than rows of a pixel");
    assert!(pages.iter().all(|page| page.len() < 3_000_000));
}

#[test]
fn rows_are_sorted_by_wait_with_the_longest_on_top() {
    let audit = samples::dozen();
    let svg = &stacked(&audit, Language::Nl)[0];
    let place = |name: &str| svg.find(name).unwrap_or_else(|| panic!("{name} is not listed"));
    assert!(place("2026-11-03") < place("gesprek-001"));
    assert!(place("gesprek-001") < place("gesprek-005"), "a busy call has no wait");
    assert!(place("gesprek-005") < place("d.amr"), "what could not be read comes last");
}

#[test]
fn a_page_of_messages_for_each_line_that_has_any_and_the_most_repeated_call_on_top() {
    let pages = messages(&samples::dozen(), Language::Nl);
    let lines: Vec<&str> = pages.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(lines, ["klantenservice", "storingen"]);
    let svg = &pages[0].1;
    // 5, 1, 8 and 5 rounds
    assert!(svg.contains("busy: 19× in 4 gesprekken"), "the legend counts all calls");
    let place = |name: &str| svg.find(name).unwrap_or_else(|| panic!("{name} is not drawn"));
    assert!(place("2026-11-03") < place("2026-11-02_0915") && place("2026-11-02_0915") < place("2026-11-02_1400"));
    assert!(messages(&Audit::default(), Language::En).is_empty());
}

#[test]
fn the_most_telling_pair_is_the_shortest_and_the_longest_wait_for_a_person() {
    let audit = samples::dozen();
    assert_eq!(most_telling_pair(&audit), Some((5, 2)));
    assert_eq!(most_telling_pair(&Audit::default()), None);
    let alike = Audit {
        client: None,
        calls: vec![samples::audited("a", "1", samples::straight(2)), samples::audited("a", "2", samples::straight(2))],
    };
    assert_eq!(most_telling_pair(&alike), None);
}

#[test]
fn a_spectrogram_is_in_the_svg_and_in_the_png() {
    let call = samples::straight(2);
    let svg = spectrogram("a.wav", &sweep(call.line().duration()), call.line(), Language::Nl);
    assert!(svg.contains("data:image/png;base64,"));
    let tree = parse(&svg).expect("well-formed");
    fn image(group: &Group) -> Option<Rect> {
        group.children().iter().find_map(|node| match node {
            Node::Group(inner) => image(inner),
            Node::Image(image) => Some(image.abs_bounding_box()),
            _ => None,
        })
    }
    let place = image(tree.root()).expect("has an image");
    let pixmap = resvg::tiny_skia::Pixmap::decode_png(&png(&svg).expect("a PNG")).expect("decodes");
    let dark = (place.top() as u32..place.bottom() as u32)
        .flat_map(|y| (place.left() as u32..place.right() as u32).map(move |x| (x, y)))
        .filter(|&(x, y)| pixmap.pixel(2 * x, 2 * y).is_some_and(|p| p.green() < 100))
        .count();
    assert!(dark > 500, "{dark} dark pixels");
}

#[test]
fn an_hour_of_spectrogram_stays_small() {
    let hour = Spectrogram { hop_s: 0.016, hz_per_bin: 62.5, bins: 65, values: vec![40; 225_000 * 65 + 7] };
    let timeline = crate::timeline::Timeline::new(crate::timeline::Channel::Mono, 3600.0, vec![]);
    let svg = spectrogram("uur.wav", &hour, &timeline, Language::Nl);
    assert!(svg.len() < 2_000_000, "{}", svg.len());
    let none = Spectrogram { hop_s: 0.0, hz_per_bin: 0.0, bins: 0, values: vec![] };
    parse(&spectrogram("leeg.wav", &none, &timeline, Language::En)).expect("well-formed");
}

#[test]
fn a_menu_of_thousands_is_refused_with_a_remedy() {
    let flow = menu_samples::large(2000);
    let analysis = Analysis::new(&flow, &Recordings::default());
    let refusal = menu_tree(&analysis, None, Language::Nl).expect_err("too many for paper");
    let message = refusal.message(Language::Nl);
    assert!(message.contains("2000") && message.contains("tree.dot"), "{message}");
    let flow = menu_samples::large(MAX_NODES);
    let pages = menu_tree(&Analysis::new(&flow, &Recordings::default()), None, Language::Nl).expect("fits");
    assert!(pages.len() > 5 && pages.iter().all(|page| png(page).is_ok()));
}

#[test]
fn every_node_of_a_menu_is_drawn_once_and_every_end_has_its_seconds() {
    let flow = menu_samples::shop();
    let analysis = Analysis::new(&flow, &Recordings::default());
    let svg = &menu_tree(&analysis, None, Language::Nl).expect("small")[0];
    let mut found = vec![];
    texts(parse(svg).expect("well-formed").root(), &mut found);
    let said: Vec<&str> = found.iter().map(|(text, _)| text.trim()).collect();
    for (_, node) in flow.indexed().filter(|(_, node)| node.id != "einde" && node.id != "orderstatus") {
        // once as itself, and once where another way leads there
        let times = if ["hoofdmenu", "bericht"].contains(&node.id.as_str()) { 2 } else { 1 };
        assert_eq!(said.iter().filter(|text| **text == node.id).count(), times, "{}", node.id);
    }
    assert!(said.iter().any(|text| text.contains("orderstatus: bestaat niet")), "{said:?}");
    assert!(said.contains(&"terug naar") && said.contains(&"naar"), "{said:?}");
    // the welcome cannot be cut short: 24 syllables, two sentences; then the first option and a second to react
    let arrival = analysis.costs()[0].best.as_ref().and_then(|path| path.reached).expect("is known").seconds;
    let arrival = crate::report::words::seconds(Language::Nl, arrival);
    assert!(said.contains(&arrival.as_str()), "{arrival} in {said:?}");
}

/// Writes the gallery where `BEZET_GALLERY` says, to be looked at.
#[test]
#[ignore = "for eyes"]
fn write_the_gallery() {
    let folder = std::env::var("BEZET_GALLERY").expect("BEZET_GALLERY names a folder");
    for (name, svg) in gallery() {
        let path = Path::new(&folder).join(name);
        fs::write(path.with_extension("svg"), &svg).expect("can be written");
        fs::write(path.with_extension("png"), png(&svg).expect("a PNG")).expect("can be written");
    }
}
