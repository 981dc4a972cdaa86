//! The client's report in a browser: zoomed, played, filtered, used by keyboard and printed in headless Chromium, and its
//! HTML held against the standard by tidy.
//!
//! Chromium runs without a window; a second script, put into a copy of the page, does what a reader does and writes what it
//! finds into the page, which Chromium then prints as text (`--dump-dom`). Where a program is missing the test says so and is
//! passed over (`BEZET_REQUIRE_TOOLS=1`: it fails).

mod programs;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    sync::OnceLock,
};

use assert_cmd::cargo::CommandCargoExt;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A page of two calls whose sound is inside, made once for all tests.
fn page() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    PAGE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls/calls/stadtwerke");
        let own = folder.path().join("calls/stadtwerke");
        fs::create_dir_all(&own).unwrap();
        for name in ["2026-03-11_09.26.55.wav", "2026-03-12_14.08.29.wav", "2026-03-09_11.11.11.flac"] {
            fs::copy(calls.join(name), own.join(name)).unwrap();
        }
        fs::write(own.join("broken <b>&.wav"), b"RIFF no sound").unwrap();
        let bezet = |words: &[&str]| {
            let done = Command::cargo_bin("bezet").unwrap().args(words).current_dir(folder.path()).output().unwrap();
            assert!(matches!(done.status.code(), Some(0 | 2)), "{}", String::from_utf8_lossy(&done.stderr));
        };
        bezet(&["audit", "calls", "--out", "out", "--charts", "none", "--lang", "nl"]);
        let report = ["report", "out", "--out", "page.html", "--recordings", "calls", "--embed-audio"];
        bezet(&[&report[..], &["--norm", "80-20", "--norm", "nen-8878"]].concat());
        fs::read_to_string(folder.path().join("page.html")).unwrap()
    })
}

/// Runs Chromium on `html` with `flags`; `None` where it is not installed.
fn chromium(folder: &Path, html: &str, flags: &[&str]) -> Option<Output> {
    if !programs::installed("chromium", "--version") {
        return None;
    }
    let file = folder.join("page.html");
    fs::write(&file, html).unwrap();
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--mute-audio"]);
    command.args(["--autoplay-policy=no-user-gesture-required", "--window-size=1280,900"]);
    command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
    Some(command.args(flags).arg(format!("file://{}", file.display())).output().unwrap())
}

/// What `script` writes into the page with `tell(name, value)`, as lines `name=value`; the page's policy is widened by that
/// script alone.
fn driven(script: &str) -> Option<Vec<String>> {
    let driver = format!(
        "(async () => {{ const told = []; const tell = (name, value) => told.push(name + '=' + value);\
         const wait = (ms) => new Promise((done) => setTimeout(done, ms));\
         const key = (on, key) => on.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }}));\
         const $ = (s) => document.querySelector(s), all = (s) => [...document.querySelectorAll(s)];\
         try {{ {script} }} catch (error) {{ tell('error', error); }}\
         const out = document.createElement('pre'); out.id = 'told'; out.textContent = told.join('\\n'); document.body.append(out);\
         }})();"
    );
    let hash = STANDARD.encode(Sha256::digest(driver.as_bytes()));
    let widened = page().replacen("script-src ", &format!("script-src 'sha256-{hash}' "), 1);
    assert_ne!(widened, page(), "the policy names its script");
    let html = widened.replacen("</body>", &format!("<script>{driver}</script></body>"), 1);
    let folder = TempDir::new().unwrap();
    let done = chromium(folder.path(), &html, &["--virtual-time-budget=20000", "--dump-dom"])?;
    let dom = String::from_utf8_lossy(&done.stdout).into_owned();
    let told = dom.split_once("<pre id=\"told\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let told = told.unwrap_or_else(|| panic!("nothing told: {}\n{dom:.2000}", String::from_utf8_lossy(&done.stderr)));
    Some(told.0.lines().map(str::to_owned).collect())
}

fn value<'a>(told: &'a [String], name: &str) -> &'a str {
    let found = told.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("no {name} in {told:?}"))
}

fn number(told: &[String], name: &str) -> f64 {
    value(told, name).parse().unwrap_or_else(|_| panic!("{name} is no number in {told:?}"))
}

#[test]
fn a_call_is_opened_zoomed_and_walked_by_keyboard() {
    let Some(told) = driven(
        "const row = all('table.calls > tbody > tr').find((r) => r.textContent.includes('14.08.29'));
         dispatchEvent(new Event('beforeprint'));
         tell('small', row.querySelectorAll('.ribbon rect').length);
         tell('labelled', row.querySelector('.ribbon svg').getAttribute('aria-label').length > 20);
         row.querySelector('.open').click();
         tell('expanded', row.querySelector('.open').getAttribute('aria-expanded'));
         const parts = () => all('.big-ribbon [role=button]');
         const width = () => Math.max(...parts().map((p) => parseFloat(p.getAttribute('width'))));
         const scale = () => $('.panel .tools span').textContent;
         tell('parts', parts().length); tell('before', width()); tell('scale', scale());
         $('[data-do=in]').click(); $('[data-do=in]').click();
         tell('after', width()); tell('zoomed', scale());
         $('[data-do=out]').click(); $('[data-do=out]').click(); $('[data-do=out]').click();
         tell('back', scale());
         const ribbon = $('.big-ribbon'), box = ribbon.getBoundingClientRect();
         ribbon.dispatchEvent(new WheelEvent('wheel', { deltaY: -1, ctrlKey: true, clientX: box.left + box.width / 2, cancelable: true }));
         tell('wheeled', scale());
         $('[data-do=out]').click();
         parts()[0].focus(); key(document.activeElement, 'ArrowRight');
         tell('second', document.activeElement === parts()[1]);
         key(document.activeElement, 'ArrowLeft');
         tell('first', document.activeElement === parts()[0]);
         row.querySelector('.open').click();
         tell('closed', all('.panel').length);",
    ) else {
        return;
    };
    assert!(number(&told, "small") >= 3.0 && value(&told, "labelled") == "true", "{told:?}");
    assert_eq!(value(&told, "expanded"), "true");
    assert!(number(&told, "parts") >= 3.0, "{told:?}");
    assert!(number(&told, "after") > number(&told, "before"), "{told:?}");
    assert!(
        value(&told, "zoomed") != value(&told, "scale") && value(&told, "wheeled") != value(&told, "scale"),
        "{told:?}"
    );
    assert_eq!(value(&told, "back"), value(&told, "scale"), "no further out than the whole call");
    assert_eq!((value(&told, "second"), value(&told, "first"), value(&told, "closed")), ("true", "true", "0"));
}

#[test]
fn a_stretch_is_played_from_its_own_second() {
    let Some(told) = driven(
        "const row = all('table.calls > tbody > tr').find((r) => r.textContent.includes('14.08.29'));
         row.querySelector('.open').click();
         const person = all('.big-ribbon [role=button]').find((p) => p.getAttribute('aria-label').includes('medewerker'));
         tell('label', person.getAttribute('aria-label'));
         person.focus(); key(person, 'Enter');
         await wait(1500);
         tell('said', $('.said').textContent);
         tell('heads', all('.playing').length);
         const head = $('.playing');
         tell('at', head ? parseFloat(head.getAttribute('x1')) : -9);
         tell('from', parseFloat(person.getAttribute('x')));
         const call = JSON.parse($('#data').textContent).calls.find((c) => c.audio);
         const wav = Uint8Array.from(atob(call.audio.split(',')[1]), (c) => c.charCodeAt(0)).buffer;
         const sound = await new OfflineAudioContext(1, 8000, 8000).decodeAudioData(wav);
         const loud = Math.max(...sound.getChannelData(0).slice(0, 80000).map(Math.abs));
         tell('rate', sound.sampleRate); tell('lasts', Math.abs(sound.duration - call.duration) < 0.1); tell('loud', loud > 0.01);
         all('.panel button').find((b) => b.textContent === 'Stop').click();",
    ) else {
        return;
    };
    assert!(value(&told, "said").contains("Speelt"), "{told:?}");
    assert_eq!(
        (value(&told, "rate"), value(&told, "lasts"), value(&told, "loud")),
        ("8000", "true", "true"),
        "{told:?}"
    );
    assert!(number(&told, "at") >= number(&told, "from") - 0.1, "the head is where the stretch begins: {told:?}");
}

#[test]
fn calls_are_filtered_and_numbers_lead_to_their_seconds() {
    let Some(told) = driven(
        "const rows = () => all('table.calls > tbody > tr[id]').filter((r) => !r.hidden);
         tell('all', rows().length);
         $('#find').value = '14.08.29'; $('#find').dispatchEvent(new Event('input', { bubbles: true }));
         tell('found', rows().length); tell('shown', $('#shown').textContent);
         $('#find').value = ''; $('#find').dispatchEvent(new Event('input', { bubbles: true }));
         const outcome = $('#filters select'); outcome.value = 'in gesprek';
         outcome.dispatchEvent(new Event('input', { bubbles: true }));
         tell('busy', rows().length);
         const link = all('a[data-call]').find((a) => a.textContent.includes('14.08.29'));
         link.click();
         tell('opened', $('.panel').previousElementSibling.textContent.includes('14.08.29'));
         tell('visible', !$('.panel').previousElementSibling.hidden);
         tell('focus', document.activeElement.textContent.includes('14.08.29'));
         tell('roles', all('table').every((t) => t.getAttribute('role') === 'table'));
         tell('nameless', all('button, a, input, select').filter((e) => !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length);
         tell('loaded', performance.getEntriesByType('resource').length);",
    ) else {
        return;
    };
    assert_eq!((number(&told, "all"), number(&told, "found"), number(&told, "busy")), (4.0, 1.0, 1.0), "{told:?}");
    assert_eq!(value(&told, "shown"), "1 / 4");
    assert_eq!((value(&told, "opened"), value(&told, "visible"), value(&told, "focus")), ("true", "true", "true"));
    assert_eq!((value(&told, "roles"), value(&told, "nameless")), ("true", "0"));
    assert_eq!(value(&told, "loaded"), "0", "nothing is fetched from anywhere");
}

#[test]
fn a_number_of_several_calls_leaves_these_in_the_list_and_leads_back() {
    let Some(told) = driven(
        "const shown = () => all('table.calls > tbody > tr[id]').filter((r) => !r.hidden).length;
         const numbers = all('#verdict a[data-b], #journey a[data-b], #missing a[data-b]');
         tell('numbers', numbers.length);
         tell('titled', numbers.every((n) => /Rust op [2-4] gesprekken/.test(n.title)));
         const bases = JSON.parse($('#data').textContent).bases;
         const number = all('a[data-b]').find((n) => bases[n.dataset.b].every((place) => place[1] !== null));
         const calls = Number(number.title.match(/[0-9]/)[0]);
         number.click();
         tell('left', shown() === calls); tell('focus', document.activeElement === $('#basis'));
         tell('named', $('#basis').textContent.includes(number.textContent));
         tell('places', all('.at').length === calls);
         const place = $('.at a'); place.click();
         tell('opened', Boolean($('.panel')) && $('.panel .said').textContent.length > 3);
         all('#basis button')[1].click();
         tell('back', document.activeElement === number); tell('all', shown()); tell('gone', all('.at').length);
         const single = $('.tiles a[data-call]');
         if (single) single.click();
         tell('single', single ? Boolean($('.panel')) : true);",
    ) else {
        return;
    };
    assert!(number(&told, "numbers") >= 3.0, "{told:?}");
    for yes in ["titled", "left", "focus", "named", "places", "opened", "back", "single"] {
        assert_eq!(value(&told, yes), "true", "{yes}: {told:?}");
    }
    assert_eq!((value(&told, "all"), value(&told, "gone")), ("4", "0"), "{told:?}");
}

#[test]
fn it_prints_as_paper_with_every_ribbon() {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("page.pdf");
    let print = format!("--print-to-pdf={}", pdf.display());
    let Some(done) = chromium(folder.path(), page(), &["--no-pdf-header-footer", "--virtual-time-budget=5000", &print])
    else {
        return;
    };
    assert!(pdf.is_file(), "{}", String::from_utf8_lossy(&done.stderr));
    if !programs::installed("pdftotext", "-v") {
        return;
    }
    let text = Command::new("pdftotext").args(["-layout"]).arg(&pdf).arg("-").output().unwrap();
    let text = String::from_utf8_lossy(&text.stdout);
    let pages: Vec<&str> = text.split('\u{c}').collect();
    assert!((3..12).contains(&pages.len()), "{} pages", pages.len());
    assert!(pages[0].contains("Oordeel") && pages[0].contains("80/20"), "{}", pages[0]);
    assert!(text.contains("Definities") && text.contains("broken"), "{text}");
    assert!(!text.contains("Zoeken"), "what can only be used on a screen is not printed");
    let info = Command::new("pdfinfo").arg(&pdf).output().unwrap();
    assert!(String::from_utf8_lossy(&info.stdout).contains("A4"), "{}", String::from_utf8_lossy(&info.stdout));
}

#[test]
fn a_folder_without_the_recordings_is_refused() {
    let folder = TempDir::new().unwrap();
    let calls = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/calls/calls/stadtwerke");
    let bezet = |words: &[&str]| {
        let done = Command::cargo_bin("bezet").unwrap().args(words).current_dir(folder.path()).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let call = calls.join("2026-03-09_11.11.11.flac");
    bezet(&["audit", call.to_str().unwrap(), "--out", "out", "--charts", "none"]);
    let (status, said) = bezet(&["report", "out", "--recordings", "out", "--lang", "en"]);
    assert!(status == Some(2) && said.contains("not one recording"), "{status:?} {said}");
    assert!(!folder.path().join("out/report.html").exists());
    assert_eq!(bezet(&["report", "out", "--recordings", calls.to_str().unwrap()]).0, Some(0));
}

#[test]
fn its_html_is_valid() {
    if !programs::installed("tidy", "-v") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, page()).unwrap();
    let done =
        Command::new("tidy").args(["-errors", "-quiet", "--drop-empty-elements", "no"]).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said:.4000}");
}
