//! From matches to plays: which stretch of a call is a play of which recording, and where one recording ends.
//!
//! Two recordings that once followed each other at the same distance look like one. What decides is where plays begin and
//! end: a place inside a recording where some plays end *and* others begin parts it in two; one where some plays end and
//! none begin is the end of a shorter recording that begins alike; one where a single play ends is a caller who did not
//! wait for the end.

use std::{collections::BTreeMap, ops::Range};

use super::{
    absorb::absorb,
    align::Match,
    catalogue::{MIN_LIVE_ROWS, Recording},
    common, complete, kinds, rivals,
    rows::{Rows, Sounding},
};

/// A recording is another's if so much of it is.
const SAME_SHARE: f64 = 0.75;
/// Plays that begin or end within so many rows do so at the same place: 0.16 s.
const SAME_PLACE_ROWS: usize = 8;
/// How long after one recording's end the next may begin and still be thought one with it: 1 s.
const MAX_PAUSE_ROWS: usize = 50;
/// How long a play may be spoilt in its midst and still be one, as far as both ends agree where it began: 6 s.
const MAX_DAMAGE_ROWS: usize = 300;
/// How far two pieces of one play may have slipped against each other: 0.2 s.
const MAX_SLIPPED_ROWS: usize = 1;
/// The share of bits that may differ between two pieces of one play, as strangers' do, and over how many rows at least they
/// have to be compared for it: 0.5 s.
const MAX_GAP_ERRORS: f32 = 0.40;
const MIN_TELLING_ROWS: usize = 25;
/// How much more of the bits of a stretch has to agree with music for it to be the music alone, and not a message over it: of
/// messages over music a quarter differs, of music alone a twentieth to a tenth.
const MUSIC_ALONE: f32 = 0.10;
/// How long after one group's end another may begin and still be one recording with it, if it always does: 2 s.
const MAX_TOGETHER_ROWS: usize = 100;
/// What is nearer to a recording's edge is its edge: 0.4 s.
const EDGE_ROWS: usize = 20;
/// How many plays have to end or begin at a place before it is an edge.
const MIN_WITNESSES: usize = 2;
/// Plays of music this near belong together: 1.5 s.
const MUSIC_GAP_ROWS: usize = 75;
/// A stretch of voice in music, or of music in voice, that is shorter is a slip of the ear: 1.2 s.
const MIN_RUN_ROWS: usize = 60;
/// The share of a play's sounding rows that have to be a voice without music, and how many such plays make a message of what
/// is elsewhere heard over music.
const BARE_SHARE: f64 = 0.7;
const MIN_BARE: usize = 2;
/// Voices in music that are shorter than this and nearer to each other than that are one that sings: 5 s, 8 s.
const MAX_SUNG_ROWS: usize = 250;
const MAX_BETWEEN_SUNG_ROWS: usize = 400;
/// How far from where the ear hears voice turn into music the pause between them may be: 0.8 s.
const CHANGE_ROWS: usize = 40;
/// Where one group always follows another (or always goes before it) at one distance, both are one recording there: so
/// many rows may the distance differ, and such a share of the plays has to do so, [`MIN_TOGETHER`] at least.
const SAME_DISTANCE_ROWS: usize = 3;
/// How much it may differ in single plays, as damage makes them slip: 0.2 s.
const MAX_SLIPPED_TOGETHER_ROWS: usize = 10;
const ALWAYS: f64 = 0.85;
/// The share of the second one's plays that have to do so at least.
const MOSTLY: f64 = 0.7;
const MIN_TOGETHER: usize = 3;

/// One stretch of a call that is a play.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Which group.
    pub group: usize,
    /// Rows of the call.
    pub rows: Range<usize>,
    /// At which row of the group's recording it begins.
    pub offset: usize,
    /// The share of bits that agree.
    pub similarity: f32,
}

/// A group: what it consists of.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// Rows of the source that stand for it.
    pub source: usize,
    /// Which.
    pub rows: Range<usize>,
    /// Whether it is music.
    pub is_music: bool,
    /// The number of the prompt that it is, among those given.
    pub prompt: Option<usize>,
}

/// A stretch of a recording that is a recording of its own.
#[derive(Clone, Debug)]
struct Part {
    recording: usize,
    rows: Range<usize>,
    is_music: bool,
}

/// Where plays cannot tell an edge: rows of a call at which the caller acts, or the recording begins or ends.
pub struct Cuts {
    /// Rows at which keys begin.
    pub keys: Vec<usize>,
}

impl Cuts {
    /// Whether a key that is pressed may be why a play ends at `row`: half a second before to 1.2 s after it.
    pub(super) fn are_near(&self, row: usize) -> bool {
        self.keys.iter().any(|&key| key + 25 > row && key < row + 60)
    }
}

/// A match of a call with a recording.
pub type Hit = (usize, Match);

fn overlap(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// The groups that the recordings make, and for each call the plays of them, from its matches with `recordings`. `music`
/// says of each prompt that was given (the sources beyond the calls) whether it is music.
pub fn group(
    sources: &[Rows],
    recordings: &[Recording],
    hits: &[Vec<Hit>],
    cuts: &[Cuts],
    music: &[bool],
) -> (Vec<Cluster>, Vec<Vec<Found>>) {
    let n_calls = hits.len();
    let kept = without_doubles(sources, recordings, hits);
    let of_call = |(own, call): (&Vec<Hit>, &Rows)| {
        let own = own.iter().filter(|h| kept[h.0]).cloned().collect();
        mended(own, call, |number| &sources[recordings[number].source])
    };
    let hits: Vec<Vec<Hit>> = hits.iter().zip(sources).map(of_call).collect();
    let mut parts: Vec<Part> = Vec::new();
    for (number, recording) in recordings.iter().enumerate().filter(|r| kept[r.0]) {
        if recording.is_prompt {
            let is_music = recording.source.checked_sub(n_calls).and_then(|k| music.get(k)) == Some(&true);
            parts.push(Part { recording: number, rows: recording.rows.clone(), is_music });
            continue;
        }
        for (run, is_music) in runs(number, recording, &hits, sources) {
            let rows = match is_music {
                true => vec![run],
                false => parts_of(number, recording, &run, &hits, sources, cuts),
            };
            parts.extend(rows.into_iter().map(|rows| Part { recording: number, rows, is_music }));
        }
    }
    let root = united(&parts, &hits, recordings, sources);
    let assigned = |(hits, call): (&Vec<Hit>, &Rows)| -> Vec<Hit> {
        hits.iter().flat_map(|(number, m)| assigned(*number, m, &parts, call)).collect()
    };
    let plays: Vec<Vec<Hit>> = hits.iter().zip(sources).map(assigned).collect();
    let bare = bare(&plays, &parts, &root, sources);
    let resolve = |(own, call)| resolved(own, &parts, &bare, recordings, call, sources);
    let plays = plays.into_iter().zip(sources).map(resolve).collect();
    finished(sources, recordings, &parts, &root, plays, cuts)
}

/// Matches of one call with what was broken up put together: pieces that go on where the one before left off are one play,
/// parted by a long pause or by damage, as far as nothing between them says otherwise. Their inner ends are no edges.
fn mended<'a>(mut hits: Vec<Hit>, call: &Rows, source: impl Fn(usize) -> &'a Rows) -> Vec<Hit> {
    hits.sort_by_key(|(number, m)| (*number, m.a.start, m.a.end));
    let mut whole: Vec<Hit> = Vec::with_capacity(hits.len());
    for (number, m) in hits {
        let before = whole.iter_mut().rev().take_while(|h| h.0 == number).map(|h| &mut h.1);
        let goes_on = |last: &&mut Match| {
            let ends = last.b.end as isize - last.a.end as isize;
            m.a.end > last.a.end
                && m.a.start < last.a.end + MAX_DAMAGE_ROWS
                && (m.a.start + EDGE_ROWS >= last.a.end && m.b.start + EDGE_ROWS >= last.b.end)
                && ends.abs_diff(m.diagonal()) <= MAX_SLIPPED_ROWS
                && !is_other(call, source(number), last.a.end..m.a.start, last.b.end..m.b.start)
        };
        match before.into_iter().find(goes_on) {
            Some(last) => {
                let overlap = last.a.end.saturating_sub(m.a.start) as f32 / m.a.len().max(1) as f32;
                last.score += m.score * (1.0 - overlap);
                last.live += (m.live as f32 * (1.0 - overlap)) as usize;
                last.errors += (m.errors as f32 * (1.0 - overlap)) as u32;
                (last.a.end, last.b.end) = (m.a.end, m.b.end);
            }
            None => whole.push((number, m)),
        }
    }
    whole.sort_by_key(|(number, m)| (m.a.start, m.a.end, *number));
    whole
}

/// Whether a call lets hear something else in `own` than its recording in `rows`.
fn is_other(call: &Rows, recording: &Rows, own: Range<usize>, rows: Range<usize>) -> bool {
    let (mut live, mut errors) = (0usize, 0u32);
    for (i, j) in own.zip(rows) {
        if call.is_live(i) && recording.is_live(j) {
            live += 1;
            errors += (call.bits(i) ^ recording.bits(j)).count_ones();
        }
    }
    live >= MIN_TELLING_ROWS && errors as f32 > MAX_GAP_ERRORS * (32 * live) as f32
}

/// The stretches of a recording that are voice and music (`true`), by what was heard in all its plays.
fn runs(number: usize, recording: &Recording, hits: &[Vec<Hit>], sources: &[Rows]) -> Vec<(Range<usize>, bool)> {
    let Range { start, end } = recording.rows;
    let mut votes = vec![0i32; end - start];
    for (call, hits) in hits.iter().enumerate() {
        for (_, m) in hits.iter().filter(|h| h.0 == number) {
            for (a, b) in m.a.clone().zip(m.b.clone()).filter(|(_, b)| (start..end).contains(b)) {
                votes[b - start] += match sources[call].sounding(a) {
                    Sounding::Music => 1,
                    Sounding::Voice | Sounding::VoiceOverMusic => -1,
                    Sounding::Nothing | Sounding::Other => 0,
                };
            }
        }
    }
    // rows without a majority go with those before them
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for (row, vote) in votes.iter().enumerate().map(|(i, v)| (start + i, *v)) {
        match runs.last_mut() {
            Some(run) if vote == 0 || run.1 == (vote > 0) => run.0.end = row + 1,
            Some(_) => runs.push((row..row + 1, vote > 0)),
            None if vote == 0 => {}
            None => runs.push((start..row + 1, vote > 0)),
        }
    }
    if runs.is_empty() {
        runs.push((start..end, false));
    }
    // the shortest slip first
    while let Some(i) =
        (0..runs.len()).min_by_key(|&i| runs[i].0.len()).filter(|&i| runs.len() > 1 && runs[i].0.len() < MIN_RUN_ROWS)
    {
        let gone = runs.remove(i).0;
        match i.checked_sub(1) {
            Some(before) => runs[before].0.end = gone.end,
            None => runs[0].0.start = gone.start,
        }
        if i > 0 && i < runs.len() && runs[i - 1].1 == runs[i].1 {
            runs[i - 1].0.end = runs.remove(i).0.end;
        }
    }
    let sings = |i: usize| {
        let brief = |k: usize| runs.get(k).is_some_and(|r: &(Range<usize>, bool)| !r.1 && r.0.len() < MAX_SUNG_ROWS);
        let beside = |k: usize| runs.get(k).is_some_and(|r| r.1 && r.0.len() < MAX_BETWEEN_SUNG_ROWS);
        brief(i) && (beside(i + 1) && brief(i + 2) || i >= 2 && beside(i - 1) && brief(i - 2))
    };
    // who is also heard without music speaks, and does not sing
    let speaks = |rows: &Range<usize>| {
        let alone = |(m, call): &(&Match, &Rows)| {
            let pairs = m.a.clone().zip(m.b.clone()).filter(|(_, b)| rows.contains(b));
            let (mut heard, mut voice) = (0, 0);
            for (a, _) in pairs {
                heard += usize::from(call.is_live(a));
                voice += usize::from(call.sounding(a) == Sounding::Voice);
            }
            heard >= MIN_LIVE_ROWS.min(rows.len() / 2) && voice as f64 >= BARE_SHARE * heard as f64
        };
        let plays =
            |(own, call): (&Vec<Hit>, &Rows)| own.iter().filter(|h| h.0 == number && alone(&(&h.1, call))).count();
        hits.iter().zip(sources).map(plays).sum::<usize>() >= MIN_BARE
    };
    let sung: Vec<bool> = (0..runs.len()).map(|i| sings(i) && !speaks(&runs[i].0)).collect();
    let mut whole: Vec<(Range<usize>, bool)> = Vec::new();
    for ((rows, is_music), sung) in runs.into_iter().zip(sung) {
        match whole.last_mut() {
            Some(last) if last.1 == (is_music || sung) => last.0.end = rows.end,
            _ => whole.push((rows, is_music || sung)),
        }
    }
    // where there is a pause about a change, it is there that one ends and the other begins
    let source = &sources[recording.source];
    let mut seamless = Vec::new();
    for i in 1..whole.len() {
        let at = whole[i].0.start;
        let about = at.saturating_sub(CHANGE_ROWS).max(whole[i - 1].0.start)..(at + CHANGE_ROWS).min(whole[i].0.end);
        let is_quiet = |row: &usize| (*row..row + 3).all(|r| r < source.len() && !source.is_live(r));
        let quiet = about.filter(is_quiet).min_by_key(|row| row.abs_diff(at));
        if let Some(quiet) = quiet {
            (whole[i - 1].0.end, whole[i].0.start) = (quiet, quiet);
        }
        seamless.push(quiet.is_none());
    }
    // a voice that nothing parts from the music after it, but something from what was before, is how the music begins
    for i in (0..whole.len().saturating_sub(1)).rev() {
        let begins = !whole[i].1 && whole[i + 1].1 && seamless[i] && (i == 0 || !seamless[i - 1]);
        if begins && whole[i].0.len() < MAX_SUNG_ROWS && !speaks(&whole[i].0) {
            let (voice, _) = whole.remove(i);
            whole[i].0.start = voice.start;
        }
    }
    whole
}

/// Which recordings are no part of another.
fn without_doubles(sources: &[Rows], recordings: &[Recording], hits: &[Vec<Hit>]) -> Vec<bool> {
    let mut kept = vec![true; recordings.len()];
    let mut order: Vec<usize> = (0..recordings.len()).collect();
    order.sort_by_key(|&r| recordings[r].rows.len());
    for &r in &order {
        let Recording { source, rows, is_prompt } = &recordings[r];
        if *is_prompt || *source >= hits.len() {
            continue;
        }
        // a message before or after music that is known is none of the music, if it comes again as well
        let own = |h: &&Hit| h.0 == r;
        let comes_again = |rest: Range<usize>| {
            let is_heard = |m: &Match| overlap(&m.b, &rest) >= MIN_LIVE_ROWS;
            sources[*source].live(rest.clone()) >= MIN_LIVE_ROWS
                && hits.iter().flat_map(|hits| hits.iter().filter(own)).filter(|h| is_heard(&h.1)).count()
                    >= MIN_WITNESSES
        };
        let rest_comes_again = |a: &Range<usize>| {
            let (start, end) = (a.start.clamp(rows.start, rows.end), a.end.clamp(rows.start, rows.end));
            comes_again(rows.start..start) || comes_again(end..rows.end)
        };
        let inside = |(other, m): &Hit| {
            *other != r
                && kept[*other]
                && overlap(&m.a, rows) as f64 >= SAME_SHARE * rows.len() as f64
                && !rest_comes_again(&m.a)
        };
        kept[r] = !hits[*source].iter().any(inside);
    }
    kept
}

/// Which parts are voices that are also heard without any music: messages, and not the singing in music.
fn bare(plays: &[Vec<Hit>], parts: &[Part], root: &[usize], sources: &[Rows]) -> Vec<bool> {
    let mut alone = vec![0usize; parts.len()];
    for (own, call) in plays.iter().zip(sources) {
        for (part, m) in own.iter().filter(|h| !parts[h.0].is_music) {
            let voice = m.a.clone().filter(|&row| call.sounding(row) == Sounding::Voice).count();
            alone[root[*part]] += usize::from(voice as f64 >= BARE_SHARE * call.live(m.a.clone()) as f64);
        }
    }
    root.iter().map(|&root| alone[root] >= MIN_BARE).collect()
}

/// Matches of one call with parts of which none overlaps another, the best kept; in time's order.
fn resolved(
    hits: Vec<Hit>,
    parts: &[Part],
    bare: &[bool],
    recordings: &[Recording],
    call: &Rows,
    sources: &[Rows],
) -> Vec<Hit> {
    let hits = without_music_alone(hits, parts, recordings, call, sources);
    let matches: Vec<_> = hits.iter().map(|(part, m)| (&recordings[parts[*part].recording], m)).collect();
    let losses = rivals::losses(&matches, call, sources);
    // prompts before what was found, messages before the music that they are heard over; of prompts that are nearly alike the
    // one whose own words are heard, of two that begin alike the one that is heard whole
    let worth = |(part, m): &Hit| {
        let (bare, part) = (bare[*part], &parts[*part]);
        let whole = m.b.len() as f32 / part.rows.len().max(1) as f32;
        let is_prompt = recordings[part.recording].is_prompt;
        // of a prompt nobody has to hear it without music to know what it is
        (is_prompt, bare || is_prompt && !part.is_music, m.score * (0.85 + 0.15 * whole))
    };
    let mut hits: Vec<(usize, Hit)> = losses.into_iter().zip(hits).collect();
    hits.sort_by(|(x_losses, x), (y_losses, y)| {
        let (x, y) = (worth(x), worth(y));
        y.0.cmp(&x.0).then(y.1.cmp(&x.1)).then(x_losses.cmp(y_losses)).then(y.2.total_cmp(&x.2))
    });
    let mut taken: Vec<Hit> = Vec::new();
    for (_, (number, m)) in hits {
        let mut free = vec![m.a.clone()];
        for (_, t) in &taken {
            let parted = |rows: Range<usize>| -> Vec<Range<usize>> {
                if overlap(&rows, &t.a) == 0 {
                    return vec![rows];
                }
                let sides = [rows.start..t.a.start.max(rows.start), t.a.end.min(rows.end)..rows.end];
                sides.into_iter().filter(|side| !side.is_empty()).collect()
            };
            free = free.into_iter().flat_map(parted).collect();
        }
        // of a voice, its longest piece; music goes on after what was said over it
        if !parts[number].is_music {
            free =
                free.into_iter().max_by_key(|rows| (rows.len(), std::cmp::Reverse(rows.start))).into_iter().collect();
        }
        let kept = free.into_iter().filter_map(|rows| shortened(&m, rows, call));
        taken.extend(kept.map(|m| (number, m)));
    }
    taken.sort_by_key(|(number, m)| (m.a.start, *number));
    taken
}

/// The matches of a call, less those with a play of a message in which only the music is heard that the message was played over:
/// such a stretch agrees with the music by itself far better. What agrees with the message's own file is no such stretch.
fn without_music_alone(
    hits: Vec<Hit>,
    parts: &[Part],
    recordings: &[Recording],
    call: &Rows,
    sources: &[Rows],
) -> Vec<Hit> {
    let agrees_better = |(part, music): &Hit, message: &Match| {
        let source = &sources[recordings[parts[*part].recording].source];
        let rows = music.a.start.max(message.a.start)..music.a.end.min(message.a.end);
        let pairs = rows
            .clone()
            .map(|i| (i, i + music.b.start - music.a.start))
            .filter(|&(i, j)| j < source.len() && call.is_live(i) && source.is_live(j));
        let (live, errors) = pairs.fold((0, 0), |(live, errors), (i, j)| (live + 1, errors + call.wrong(i, source, j)));
        rows.len() as f64 >= SAME_SHARE * message.a.len() as f64
            && live >= MIN_TELLING_ROWS
            && 1.0 - errors as f32 / (32 * live) as f32 > message.similarity() + MUSIC_ALONE
    };
    let is_heard = |(part, message): &Hit| {
        let spares = parts[*part].is_music || recordings[parts[*part].recording].is_prompt;
        spares || !hits.iter().any(|hit| parts[hit.0].is_music && agrees_better(hit, message))
    };
    let heard: Vec<bool> = hits.iter().map(is_heard).collect();
    hits.into_iter().zip(heard).filter_map(|(hit, heard)| heard.then_some(hit)).collect()
}

/// The part of a match that lies in `rows` of its call, if it is still worth having.
fn shortened(m: &Match, rows: Range<usize>, call: &Rows) -> Option<Match> {
    if rows == m.a {
        return Some(m.clone());
    }
    let live = call.live(rows.clone());
    let share = rows.len() as f32 / m.a.len().max(1) as f32;
    let first = m.b.start + (rows.start - m.a.start);
    let b = first.min(m.b.end)..(first + rows.len()).min(m.b.end);
    (live >= MIN_LIVE_ROWS).then_some(Match {
        a: rows,
        b,
        score: m.score * share,
        live: (m.live as f32 * share) as usize,
        errors: (m.errors as f32 * share) as u32,
    })
}

/// The stretches of a recording that are recordings of their own, by where its plays begin and end.
fn parts_of(
    number: usize,
    recording: &Recording,
    run: &Range<usize>,
    hits: &[Vec<Hit>],
    sources: &[Rows],
    cuts: &[Cuts],
) -> Vec<Range<usize>> {
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for (call, hits) in hits.iter().enumerate() {
        for (_, m) in hits.iter().filter(|h| h.0 == number) {
            if m.a.start > EDGE_ROWS {
                starts.push(m.b.start);
            }
            if m.a.end + EDGE_ROWS < sources[call].len() && !cuts[call].are_near(m.a.end) {
                ends.push(m.b.end);
            }
        }
    }
    // what else is heard where it was taken from has its edges too
    for (_, m) in hits.get(recording.source).into_iter().flatten().filter(|h| h.0 != number) {
        starts.push(m.a.start);
        ends.push(m.a.end);
    }
    starts.sort_unstable();
    ends.sort_unstable();
    let Range { start, end } = *run;
    let inside = |x: &usize| *x > start + EDGE_ROWS && *x + EDGE_ROWS < end;
    let witnesses = |of: &[usize], within: Range<usize>| of.iter().filter(|x| within.contains(x)).count();
    let mut parts = Vec::new();
    let mut first = start;
    for x in ends.iter().copied().filter(inside) {
        let about = x.saturating_sub(SAME_PLACE_ROWS)..x + SAME_PLACE_ROWS + 1;
        if witnesses(&ends, about) < MIN_WITNESSES || x < first + MIN_LIVE_ROWS {
            continue;
        }
        let next: Vec<usize> = starts
            .iter()
            .copied()
            .filter(|s| (x.saturating_sub(SAME_PLACE_ROWS)..x + MAX_PAUSE_ROWS).contains(s) && inside(s))
            .collect();
        if next.len() >= MIN_WITNESSES {
            parts.push(first..x);
            first = next[next.len() / 2].max(x);
        }
    }
    parts.push(first..end);
    let source = &sources[recording.source];
    let mut parts: Vec<Range<usize>> = parts.into_iter().map(|p| source.trimmed(p)).collect();
    parts.retain(|p| source.live(p.clone()) >= MIN_LIVE_ROWS);
    // shorter recordings that begin or end as this one does
    let mut shorter: Vec<Range<usize>> = Vec::new();
    for part in &parts {
        let far = |x: usize| x > part.start + MIN_LIVE_ROWS && x + EDGE_ROWS < part.end;
        let place = |of: &[usize]| {
            let about = |x: usize| x.saturating_sub(SAME_PLACE_ROWS)..x + SAME_PLACE_ROWS + 1;
            let mut at: Vec<(usize, usize)> =
                of.iter().filter(|x| far(**x)).map(|&x| (witnesses(of, about(x)), x)).collect();
            at.sort_unstable();
            at.last().copied().filter(|p| p.0 >= MIN_WITNESSES && is_pause(source, p.1)).map(|p| p.1)
        };
        if let Some(x) = place(&ends) {
            shorter.push(part.start..x);
        }
        if let Some(x) = place(&starts).filter(|x| part.end - x >= MIN_LIVE_ROWS) {
            shorter.push(x..part.end);
        }
    }
    parts.extend(shorter);
    parts
}

/// Whether a recording pauses about `row`: people break off in the middle of a word, recordings end with one.
fn is_pause(source: &Rows, row: usize) -> bool {
    (row.saturating_sub(6)..(row + 7).min(source.len())).filter(|&i| !source.is_live(i)).count() >= 4
}

/// The parts that a match is a play of.
fn assigned(number: usize, m: &Match, parts: &[Part], call: &Rows) -> Vec<(usize, Match)> {
    let mut found: Vec<(usize, Match)> = Vec::new();
    let own: Vec<(usize, &Part)> = parts.iter().enumerate().filter(|(_, p)| p.recording == number).collect();
    // of parts that lie in each other, the one whose both ends are nearest
    let misfit = |p: &Part| {
        let b = p.rows.start.max(m.b.start)..p.rows.end.min(m.b.end);
        b.start.abs_diff(p.rows.start) + b.end.abs_diff(p.rows.end) + m.b.len().saturating_sub(b.len())
    };
    let mut order: Vec<&(usize, &Part)> = own.iter().collect();
    order.sort_by_key(|(_, p)| misfit(p));
    let mut used: Vec<Range<usize>> = Vec::new();
    for (part, p) in order {
        let b = p.rows.start.max(m.b.start)..p.rows.end.min(m.b.end);
        if b.is_empty() || used.iter().any(|u| overlap(u, &b) > EDGE_ROWS) {
            continue;
        }
        // where match and part end close together, the part's edge is the better known one
        let at = |row: usize| (row + m.a.start).saturating_sub(m.b.start);
        let start = if b.start - p.rows.start <= EDGE_ROWS { p.rows.start } else { b.start };
        let end = if p.rows.end - b.end <= EDGE_ROWS { p.rows.end } else { b.end };
        let a = at(start)..at(end).min(call.len());
        if a.start < a.end && call.live(a.clone()) >= MIN_LIVE_ROWS.min(p.rows.len() / 2) {
            let share = b.len() as f32 / m.b.len().max(1) as f32;
            let (live, errors) = ((m.live as f32 * share) as usize, (m.errors as f32 * share) as u32);
            used.push(b);
            found.push((*part, Match { a, b: start..end, score: m.score * share, live, errors }));
        }
    }
    found
}

/// For each part, the part that stands for all that are the same: where one was taken from, the other is heard.
fn united(parts: &[Part], hits: &[Vec<Hit>], recordings: &[Recording], sources: &[Rows]) -> Vec<usize> {
    fn root(of: &[usize], mut x: usize) -> usize {
        while of[x] != x {
            x = of[x];
        }
        x
    }
    let mut of: Vec<usize> = (0..parts.len()).collect();
    for (i, p) in parts.iter().enumerate() {
        let source = recordings[p.recording].source;
        for (number, m) in hits.get(source).into_iter().flatten() {
            if overlap(&m.a, &p.rows) < MIN_LIVE_ROWS {
                continue;
            }
            for (j, heard) in assigned(*number, m, parts, &sources[source]) {
                let q = &parts[j];
                if j == i || q.recording == p.recording && overlap(&p.rows, &q.rows) > 0 {
                    continue;
                }
                let both = overlap(&heard.a, &p.rows);
                let same = match (p.is_music, q.is_music) {
                    (true, true) => both >= MIN_LIVE_ROWS,
                    (false, false) => both as f64 >= SAME_SHARE * p.rows.len().max(q.rows.len()) as f64,
                    _ => false,
                };
                let (a, b) = (root(&of, i), root(&of, j));
                // two prompts that were given are two, though they differ in one word; they come before all else
                if same && !recordings[parts[a.max(b)].recording].is_prompt {
                    of[a.max(b)] = a.min(b);
                }
            }
        }
    }
    (0..parts.len()).map(|i| root(&of, i)).collect()
}

/// The groups that are heard often enough, and their plays.
fn finished(
    sources: &[Rows],
    recordings: &[Recording],
    parts: &[Part],
    root: &[usize],
    plays: Vec<Vec<(usize, Match)>>,
    cuts: &[Cuts],
) -> (Vec<Cluster>, Vec<Vec<Found>>) {
    let n_calls = plays.len();
    let cluster = |p: &Part| Cluster {
        source: recordings[p.recording].source,
        rows: p.rows.clone(),
        is_music: p.is_music,
        prompt: recordings[p.recording].is_prompt.then(|| recordings[p.recording].source - n_calls),
    };
    let mut clusters: Vec<Cluster> = parts.iter().map(cluster).collect();
    let mut found: Vec<Vec<Found>> = Vec::new();
    for mut plays in plays {
        plays.sort_by_key(|(_, m)| (m.a.start, m.a.end));
        let play = |(part, m): (usize, Match)| Found {
            group: root[part],
            similarity: m.similarity(),
            offset: m.b.start - parts[part].rows.start,
            rows: m.a,
        };
        found.push(plays.into_iter().map(play).collect());
    }
    for own in &mut found {
        rejoin(own, &clusters);
    }
    kinds::mark_loops(&mut clusters, &found);
    kinds::drop_noise(sources, &clusters, &mut found);
    absorb(sources, &clusters, &mut found, cuts);
    common::part(sources, &mut clusters, &mut found);
    for own in &mut found {
        rejoin(own, &clusters);
    }
    while let Some((first, second, distance)) = always_together(&clusters, &found, cuts) {
        join(sources, &mut clusters, &mut found, cuts, (first, second, distance));
    }
    for own in &mut found {
        rejoin(own, &clusters);
    }
    let (clusters, mut found) = numbered(sources, clusters, found);
    complete::complete(sources, &clusters, &mut found, cuts);
    (clusters, found)
}

/// Puts plays together that were broken up by damage, and music that goes on.
fn rejoin(own: &mut Vec<Found>, clusters: &[Cluster]) {
    let mut whole: Vec<Found> = Vec::new();
    for play in own.drain(..) {
        match whole.iter_mut().rev().find(|f| f.group == play.group) {
            Some(last) if clusters[play.group].is_music && play.rows.start <= last.rows.end + MUSIC_GAP_ROWS => {
                last.rows.end = last.rows.end.max(play.rows.end);
            }
            Some(last)
                if play.rows.start < last.rows.end + MAX_DAMAGE_ROWS
                    && (play.offset + last.rows.start).abs_diff(last.offset + play.rows.start) < 10 =>
            {
                last.rows.end = last.rows.end.max(play.rows.end);
            }
            _ => whole.push(play),
        }
    }
    *own = whole;
}

/// How many rows after `this` play's group begins the `next` play's does, if they follow each other closely.
fn distance(this: &Found, next: &Found) -> Option<usize> {
    let close = next.rows.start < this.rows.end + MAX_TOGETHER_ROWS && next.group != this.group;
    close.then(|| (next.rows.start + this.offset).saturating_sub(this.rows.start + next.offset))
}

/// Two groups of voices of which the second follows the first, at one distance, whenever one of them is played.
fn always_together(clusters: &[Cluster], found: &[Vec<Found>], cuts: &[Cuts]) -> Option<(usize, usize, usize)> {
    let mut played = vec![0usize; clusters.len()];
    let mut ended = vec![0usize; clusters.len()];
    let mut follow: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (own, cuts) in found.iter().zip(cuts) {
        for (k, f) in own.iter().enumerate() {
            played[f.group] += 1;
            ended[f.group] += usize::from(!cuts.are_near(f.rows.end));
            if let Some((next, distance)) = own.get(k + 1).and_then(|next| Some((next, distance(f, next)?))) {
                follow.entry((f.group, next.group)).or_default().push(distance);
            }
        }
    }
    let free = |g: usize| clusters[g].prompt.is_none() && !clusters[g].is_music;
    follow.into_iter().find_map(|((first, second), mut distances)| {
        distances.sort_unstable();
        let middle = distances[distances.len() / 2];
        let same = distances.iter().filter(|d| d.abs_diff(middle) <= SAME_DISTANCE_ROWS).count();
        let enough = |of: usize| same as f64 >= ALWAYS * of as f64;
        // one message may begin as another does, but what is heard without what goes before it is a recording of its own
        let mostly = |of: usize| same as f64 >= MOSTLY * of as f64;
        let always = same >= MIN_TOGETHER && (enough(played[second]) || enough(ended[first]) && mostly(played[second]));
        (always && free(first) && free(second)).then_some((first, second, middle))
    })
}

/// Makes one recording of two wherever the second begins `apart` rows after the first, or where the second is there but was
/// not made out, or a caller did not wait for it; elsewhere they stay what they are.
fn join(
    sources: &[Rows],
    clusters: &mut Vec<Cluster>,
    found: &mut [Vec<Found>],
    cuts: &[Cuts],
    (first, second, apart): (usize, usize, usize),
) {
    let group = clusters.len();
    let mut longest = Cluster { rows: 0..0, ..clusters[first].clone() };
    for (call, own) in found.iter_mut().enumerate() {
        let mut k = 0;
        while k + 1 < own.len() {
            let (this, next) = (&own[k], &own[k + 1]);
            let are = this.group == first && next.group == second;
            if are && distance(this, next).is_some_and(|d| d.abs_diff(apart) <= MAX_SLIPPED_TOGETHER_ROWS) {
                let rows = this.rows.start..next.rows.end.max(this.rows.end);
                if rows.len() > longest.rows.len() {
                    longest = Cluster { source: call, rows: rows.clone(), ..longest };
                }
                own[k] = Found { group, rows, similarity: this.similarity.min(next.similarity), ..this.clone() };
                own.remove(k + 1);
            }
            k += 1;
        }
    }
    let recording = &sources[longest.source];
    let end = longest.rows.end.min(recording.len());
    for ((call, own), cuts) in sources.iter().zip(found.iter_mut()).zip(cuts) {
        for f in own.iter_mut().filter(|f| f.group == first || f.group == second) {
            let offset = f.offset + if f.group == first { 0 } else { apart };
            let at = (longest.rows.start + offset).min(end);
            let last = (at + f.rows.len()).min(end);
            let (before, after) = (0..f.rows.start, f.rows.end..call.len());
            let missing = if f.group == first {
                complete::carried(call, recording, after, last..end, true)
            } else {
                complete::carried(call, recording, before, longest.rows.start..at, false)
            };
            let broken_off = f.group == first && cuts.are_near(f.rows.end);
            if missing >= EDGE_ROWS || broken_off {
                // complete() carries it on once all groups are known
                (f.group, f.offset) = (group, offset);
            }
        }
    }
    // what is heard only once, or hardly ever, without the other is no recording of its own
    for (part, ahead) in [(first, 0), (second, apart)] {
        let plays = |of: usize| found.iter().flatten().filter(|f| f.group == of).count();
        let (left, whole) = (plays(part), plays(group));
        if left == 1 || left as f64 <= (1.0 - ALWAYS) * (left + whole) as f64 {
            for f in found.iter_mut().flatten().filter(|f| f.group == part) {
                (f.group, f.offset) = (group, f.offset + ahead);
            }
        }
    }
    clusters.push(longest);
}

/// The groups that are heard often enough, numbered anew: prompts that were given first, then as they are first heard.
fn numbered(sources: &[Rows], clusters: Vec<Cluster>, mut found: Vec<Vec<Found>>) -> (Vec<Cluster>, Vec<Vec<Found>>) {
    let mut count = vec![0usize; clusters.len()];
    found.iter().flatten().for_each(|f| count[f.group] += 1);
    let mut order: Vec<usize> = (0..clusters.len()).filter(|&g| clusters[g].prompt.is_some()).collect();
    for f in found.iter().flatten() {
        if !order.contains(&f.group) {
            order.push(f.group);
        }
    }
    let long_enough = |c: &Cluster| {
        let n = sources[c.source].len();
        sources[c.source].live(c.rows.start.min(n)..c.rows.end.min(n)) >= MIN_LIVE_ROWS
    };
    order.retain(|&g| clusters[g].prompt.is_some() || count[g] >= 2 && long_enough(&clusters[g]));
    let mut numbers: Vec<Option<usize>> = vec![None; clusters.len()];
    order.iter().enumerate().for_each(|(number, &g)| numbers[g] = Some(number));
    for own in &mut found {
        own.retain(|f| numbers[f.group].is_some());
        own.iter_mut().for_each(|f| f.group = numbers[f.group].unwrap_or_default());
    }
    (order.into_iter().map(|g| clusters[g].clone()).collect(), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_alone_is_no_play_of_a_message_over_it() {
        const ROWS: Range<usize> = 0..100;
        let rows = |wrong: u32| {
            let bits = (0..ROWS.end as u32).map(|i| i.wrapping_mul(0x9e37_79b9) ^ wrong).collect();
            Rows::made(bits, vec![Sounding::Music; ROWS.end])
        };
        // the call, a play of the message over the music, the music, the message's own file
        let sources = [rows(0), rows(0x1111_1111), rows(0x0000_1000), rows(0x1111_1111)];
        let recording = |source, is_prompt| Recording { source, rows: ROWS, is_prompt };
        let recordings = [recording(1, false), recording(2, false), recording(3, true)];
        let part = |recording| Part { recording, rows: ROWS, is_music: recording == 1 };
        let heard = |numbers: &[usize]| {
            let found = |&number: &usize| {
                let errors = ROWS.map(|i| sources[0].wrong(i, &sources[recordings[number].source], i)).sum();
                (number, Match { a: ROWS, b: ROWS, score: 20.0, live: ROWS.end, errors })
            };
            let parts = [part(0), part(1), part(2)];
            let left =
                without_music_alone(numbers.iter().map(found).collect(), &parts, &recordings, &sources[0], &sources);
            left.into_iter().map(|hit| hit.0).collect::<Vec<_>>()
        };
        assert_eq!(heard(&[0, 1]), [1], "a quarter of the message's bits is wrong, of the music's hardly any");
        assert_eq!(heard(&[0]), [0], "where no music is known there is nothing to hold it against");
        assert_eq!(heard(&[2, 1]), [2, 1], "the file itself is evidence of its own");
    }

    #[test]
    fn prompts_that_are_nearly_alike_stay_two_though_a_play_is_like_both() {
        const ROWS: Range<usize> = 0..100;
        let rows = || Rows::made((0..ROWS.end as u32).collect(), vec![Sounding::Voice; ROWS.end]);
        let recording = |source, is_prompt| Recording { source, rows: ROWS, is_prompt };
        let recordings = [recording(1, true), recording(2, true), recording(0, false)];
        let parts: Vec<Part> = (0..3).map(|recording| Part { recording, rows: ROWS, is_music: false }).collect();
        let alike = Match { a: ROWS, b: ROWS, score: 30.0, live: ROWS.end, errors: 0 };
        let hits = vec![(0..3).map(|number| (number, alike.clone())).collect()];
        let root = united(&parts, &hits, &recordings, &[rows(), rows(), rows()]);
        assert_eq!(root[..2], [0, 1]);
        assert!(root[2] < 2, "what was found is one of them");
    }
}
