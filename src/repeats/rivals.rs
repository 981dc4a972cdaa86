//! Which of several prompts that are nearly alike is played: "two callers before you" or "five".
//!
//! All of such prompts but a word is the same, and where the rows of a call lie between those of a prompt, the right one may
//! agree less over its whole length than a wrong one. What tells is only where the prompts differ from each other.

use super::{align::Match, catalogue::Recording, rows::Rows};

/// Two matches are of one stretch of the call if they share so much of the shorter.
const SAME_STRETCH: f64 = 0.75;
/// Rows on either side over which it is looked how far two prompts differ: 0.2 s in all.
const ABOUT_ROWS: usize = 5;
/// The share of bits in which one sound differs from itself through another codec or half a row later; strangers differ in
/// half of theirs.
const ALIKE: f32 = 0.20;
/// How much has to speak against a prompt for it to be the wrong one: as much as the better half of a word does. (Of some 480
/// places in a queue, spoken by seven voices through five codecs, 20 were taken for another without this, 11 with it; from
/// half to twice either constant 10 to 13.)
const WRONG: f32 = 0.25;

/// A stretch of a call that may be a play of a prompt.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    recording: &'a Recording,
    prompt: &'a Rows,
    at: &'a Match,
}

impl Candidate<'_> {
    /// Which row of the prompt is due in row `i` of the call, be it part of the match or not.
    fn row(&self, i: usize) -> Option<usize> {
        let Match { a, b, .. } = self.at;
        // a play that slipped in its midst is aligned to its nearer end
        let (own, prompt) = if 2 * i < a.start + a.end { (a.start, b.start) } else { (a.end, b.end) };
        (i + prompt).checked_sub(own).filter(|row| self.recording.rows.contains(row))
    }

    fn is_of_one_stretch_with(&self, other: &Self) -> bool {
        let (x, y) = (&self.at.a, &other.at.a);
        let both = x.end.min(y.end).saturating_sub(x.start.max(y.start));
        self.recording.source != other.recording.source && both as f64 >= SAME_STRETCH * x.len().min(y.len()) as f64
    }

    /// Whether the call says `other` where the two prompts differ: how many more of its bits are wrong in each row counts by
    /// how far the prompts are apart there.
    fn loses(&self, other: &Self, call: &Rows) -> bool {
        let rows = self.at.a.start.min(other.at.a.start)..self.at.a.end.max(other.at.a.end).min(call.len());
        let due: Vec<_> = rows.filter_map(|i| Some((i, self.row(i)?, other.row(i)?))).collect();
        let share = |bits: u32| bits as f32 / 32.0;
        let apart: Vec<f32> = due.iter().map(|&(_, x, y)| share(self.prompt.wrong(x, other.prompt, y))).collect();
        let against = |(k, &(i, x, y)): (usize, &(usize, usize, usize))| {
            let about = &apart[k.saturating_sub(ABOUT_ROWS)..(k + ABOUT_ROWS + 1).min(apart.len())];
            let weight = (about.iter().sum::<f32>() / about.len() as f32 - ALIKE).max(0.0);
            weight * (share(call.wrong(i, self.prompt, x)) - share(call.wrong(i, other.prompt, y)))
        };
        due.iter().enumerate().filter(|(_, (i, ..))| call.is_live(*i)).map(against).sum::<f32>() > WRONG
    }
}

/// For each match of one call, to how many prompts that were given it loses where the two differ; none where it is of no
/// prompt itself.
pub fn losses(matches: &[(&Recording, &Match)], call: &Rows, sources: &[Rows]) -> Vec<usize> {
    let all = matches.iter();
    let candidates: Vec<Candidate> =
        all.map(|&(recording, at)| Candidate { recording, prompt: &sources[recording.source], at }).collect();
    let prompts = || candidates.iter().filter(|c| c.recording.is_prompt);
    let lost = |own: &Candidate| prompts().filter(|c| own.is_of_one_stretch_with(c) && own.loses(c, call)).count();
    candidates.iter().map(|own| if own.recording.is_prompt { lost(own) } else { 0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{repeats::rows::Sounding, synth::random::Random};

    #[test]
    fn the_word_that_two_prompts_differ_in_decides_and_not_the_whole() {
        const WORD: std::ops::Range<usize> = 40..65;
        let mut random = Random::new(5);
        let mut strangers = || (0..100).map(|_| random.bits() as u32).collect::<Vec<u32>>();
        let (common, two, five) = (strangers(), strangers(), strangers());
        let with = |word: &[u32], wrong: u32| -> Vec<u32> {
            (0..100).map(|i| if WORD.contains(&i) { word[i] } else { common[i] ^ wrong }).collect()
        };
        let rows = |bits: Vec<u32>| Rows::made(bits, vec![Sounding::Voice; 100]);
        // "five" lies between the rows of its prompt: six bits in each are wrong, but where it says "five"
        let sources = [rows(with(&five, 0)), rows(with(&two, 0)), rows(with(&five, 0x0111_1110))];
        let at = Match { a: 0..100, b: 0..100, score: 20.0, live: 100, errors: 0 };
        let prompt = |source| Recording { source, rows: 0..100, is_prompt: true };
        let (two, five) = (prompt(1), prompt(2));
        let errors = |source: usize| -> u32 { (0..100).map(|i| sources[0].wrong(i, &sources[source], i)).sum() };
        assert!(errors(1) < errors(2), "over the whole length the other is the better match");
        assert_eq!(losses(&[(&two, &at), (&five, &at)], &sources[0], &sources), [1, 0]);
        let found = Recording { is_prompt: false, ..prompt(1) };
        assert_eq!(
            losses(&[(&found, &at), (&five, &at)], &sources[0], &sources),
            [0, 0],
            "only prompts are held against each other"
        );
    }
}
