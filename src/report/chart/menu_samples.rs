//! Menus for the tests of the pictures.

use crate::menu::{
    graph::{Builder, EdgeIndex, Flow, Media, Menu, NodeKind, On, Origin, Reason, Retry, Told},
    traffic::Traffic,
};

fn say(text: &str) -> Vec<Media> {
    vec![Media::Text { says: text.into(), language: None }]
}

fn asking() -> NodeKind {
    let retry = || Retry { attempts: Some(2), media: vec![] };
    let menu =
        Menu { timeout: retry(), invalid: retry(), no_input_s: Some(5.0), barge_in: Told::Yes, ..Menu::default() };
    NodeKind::Menu(menu)
}

/// A shop with hours, a menu below a menu, a reference that leads nowhere and a way back.
pub(super) fn shop() -> Flow {
    let mut b = Builder::new("Fietsenhandel Voorbeeld", "native");
    let at = || Origin::line(0, 1);
    let hours = b.node("openingstijden", at(), NodeKind::Hours { schedule: None });
    let welcome = "Welkom bij Fietsenhandel Voorbeeld. Dit gesprek kan worden opgenomen voor de kwaliteit.";
    let welcome = b.node("welkom", at(), NodeKind::Prompt { media: say(welcome), barge_in: Told::No });
    let main = b.node("hoofdmenu", at(), asking());
    let service = b.node("service", at(), asking());
    for queue in ["q-verkoop", "q-service", "q-klacht", "q-receptie"] {
        b.node(queue, at(), NodeKind::Queue { name: None });
    }
    let closed = say("Wij zijn nu gesloten. Morgen zijn wij er weer vanaf 9 uur.");
    let closed = b.node("dicht", at(), NodeKind::Prompt { media: closed, barge_in: Told::Yes });
    let mailbox = b.node("bericht", at(), NodeKind::Voicemail { name: None });
    b.node("einde", at(), NodeKind::Hangup { said: true });
    b.link(hours, On::Open, "welkom", at());
    b.link(hours, On::Closed, "dicht", at());
    b.link(welcome, On::Next, "hoofdmenu", at());
    for (from, key, words, to) in [
        (main, "1", "Wilt u een fiets of accessoires kopen, kies 1.", "q-verkoop"),
        (main, "2", "Voor een vraag over uw bestelling of reparatie, kies 2.", "service"),
        (main, "3", "Voor een klacht, kies 3.", "q-klacht"),
        (main, "0", "Wilt u een medewerker spreken, kies 0.", "q-receptie"),
        (service, "1", "Voor de status van uw bestelling, kies 1.", "orderstatus"),
        (service, "2", "Voor een lopende reparatie, kies 2.", "q-service"),
        (service, "9", "Terug naar het hoofdmenu, kies 9.", "hoofdmenu"),
    ] {
        b.link(from, On::Key(key.into()), to, at()).media = say(words);
    }
    for (from, to) in [(main, "q-receptie"), (service, "q-service")] {
        b.link(from, On::Timeout { nth: None }, to, at());
        b.link(from, On::Invalid { nth: None }, to, at());
    }
    b.link(closed, On::Next, "bericht", at());
    b.link(mailbox, On::Next, "einde", at());
    let complaint = b.find("q-klacht").expect("is there");
    b.link(complaint, On::QueueFull { after_s: Some(180.0) }, "bericht", at());
    b.entry("hoofdnummer", Some("+31 20 000 0000".into()), "openingstijden");
    let mut flow = b.finish();
    for (id, label, goals) in [
        ("buy", "kopen", &["q-verkoop"][..]),
        ("question", "vraag over een bestelling of een reparatie die nog loopt", &["q-service"]),
        ("complaint", "klacht", &["q-klacht", "q-receptie"]),
        ("job", "sollicitatie", &["bericht"]),
    ] {
        let goals = goals.iter().filter_map(|goal| flow.find(goal)).collect();
        flow.reasons.push(Reason { id: id.into(), label: label.into(), goals, max_keys: None, max_s: None });
    }
    flow
}

/// A tree of menus with so many nodes, names of all lengths, and shared ends.
pub(super) fn large(nodes: usize) -> Flow {
    let mut b = Builder::new("Gemeente Voorbeeld: alle diensten van Burgerzaken tot en met Openbare Werken", "native");
    let menus = nodes / 3;
    let name = |i: usize| match i % 4 {
        0 => format!("menu-{i}"),
        1 => format!("burgerzaken-en-vergunningen-afdeling-{i}-met-een-lange-naam-die-nergens-past"),
        2 => format!("m{i}"),
        _ => format!("Afvalinzameling en grofvuil {i}"),
    };
    for i in 0..menus {
        b.node(name(i), Origin::line(0, i as u32), asking());
    }
    for i in menus..nodes {
        let kind = match i % 3 {
            0 => NodeKind::Agent { name: None },
            1 => NodeKind::Queue { name: None },
            _ => NodeKind::Prompt { media: say("Kijk op onze website."), barge_in: Told::Unknown },
        };
        b.node(format!("eind-{i}"), Origin::line(0, i as u32), kind);
    }
    for i in 0..menus {
        let from = b.find(&name(i)).expect("is there");
        for key in 1..=3 {
            let child = i * 3 + key;
            let to =
                if child < menus { name(child) } else { format!("eind-{}", menus + (child - menus) % (nodes - menus)) };
            let words = format!("Voor onderdeel {child}, kies {key}.");
            b.link(from, On::Key(key.to_string()), to, Origin::default()).media = say(&words);
        }
        let back = if i % 3 == 1 { name(0) } else { format!("eind-{menus}") };
        b.link(from, On::Timeout { nth: None }, back, Origin::default());
    }
    b.entry("", None, name(0));
    b.finish()
}

/// Calls on `flow`: some edges are taken often, some never.
pub(super) fn traffic(flow: &Flow) -> Traffic {
    let mut traffic = Traffic { calls: 40, ..Traffic::default() };
    for i in (0..flow.edges.len()).filter(|i| i % 4 != 1) {
        for call in 0..40 / (i + 1) {
            traffic.add(EdgeIndex(i), 3.0 + call as f64 * 0.3);
        }
    }
    traffic
}
