//! The network, heard as its features come: each part looks only as far around as it must.
//!
//! The fine view reaches 0.6 s to either side and is computed a stretch at a time, with that much around it. Its pooled
//! rows, few numbers each, wait until enough of them are there for the coarse view, which reaches 20 s. What comes out is
//! what the whole recording at once would have given.

use super::{
    ALIGN_FRAMES, BANDS, Network, POOL, Room, STEP_FRAMES,
    multiplier::{Multiplier, Plain},
};

/// Frames of the fine view that are computed at a time: 41 s, of which what lies around costs 3 %.
const FINE_FRAMES: usize = 4_096;
/// How far the fine view reaches, in frames, rounded up to whole rows.
const FINE_CONTEXT: usize = 64;
/// Rows of the coarse view that are computed at a time: 5 minutes, of which what lies around costs 12 %.
const COARSE_ROWS: usize = 1_024;
/// How far the coarse view and what follows it reach, in rows.
const COARSE_CONTEXT: usize = 64;
/// Rows of which both views are merged at a time: 41 s.
const MERGED_ROWS: usize = 128;
/// How far what follows the coarse view reaches, in rows.
const MERGED_CONTEXT: usize = 1;

const _: () = assert!(FINE_FRAMES.is_multiple_of(ALIGN_FRAMES) && FINE_CONTEXT.is_multiple_of(ALIGN_FRAMES));

/// Hears one channel.
pub struct Listener {
    network: &'static Network,
    room: Room,
    /// Rows of features that the fine view still needs, and the one before them.
    features: Vec<i16>,
    /// How many frames of them were looked at before.
    features_before: usize,
    /// The fine view, rows of [`POOL`] steps, as far as it waits for the coarse one.
    fine: Vec<f32>,
    /// How many rows of it were answered for before.
    fine_before: usize,
    /// What the coarse view is made of, row by row.
    pooled: Vec<f32>,
    /// How many rows of it were answered for before.
    pooled_before: usize,
    frames: usize,
    posteriors: Vec<[f32; 2]>,
}

impl Listener {
    /// Hears with `network`.
    pub fn new(network: &'static Network) -> Self {
        Self {
            network,
            room: Room::of(network),
            features: vec![0; BANDS],
            features_before: 0,
            fine: Vec::new(),
            fine_before: 0,
            pooled: Vec::new(),
            pooled_before: 0,
            frames: 0,
            posteriors: Vec::new(),
        }
    }

    /// Takes the features of the next frame.
    pub fn push(&mut self, features: &[i16; BANDS]) {
        self.features.extend_from_slice(features);
        self.frames += 1;
        if self.features.len() == (1 + self.features_before + FINE_FRAMES + FINE_CONTEXT) * BANDS {
            self.hear(false);
        }
    }

    /// Looks at the features that have come, with the best multiplier that there is. Not inlined: what it leads to is
    /// large, and one copy for each multiplier is enough to compile.
    #[inline(never)]
    fn hear(&mut self, at_end: bool) {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            return avx2.vectorize(GoOn { listener: self, by: avx2, at_end });
        }
        self.go_on(Plain, at_end);
    }

    /// Ends the channel: the probabilities of speech and of music for every [`STEP_FRAMES`] frames.
    pub fn finish(mut self) -> Vec<[f32; 2]> {
        self.hear(true);
        self.posteriors.truncate(self.frames.div_ceil(STEP_FRAMES));
        self.posteriors
    }

    /// Looks at the features that have come, and answers for the rows that may be answered for.
    #[inline(always)]
    fn go_on<M: Multiplier>(&mut self, by: M, at_end: bool) {
        let frames = self.features.len() / BANDS - 1;
        let whole = frames.next_multiple_of(ALIGN_FRAMES);
        let end = if at_end { whole } else { self.features_before + FINE_FRAMES };
        self.features.resize((1 + whole + 1) * BANDS, 0);
        self.network.fine_view(by, &self.features, whole / STEP_FRAMES, &mut self.room);
        self.features.truncate((1 + frames) * BANDS);
        let row = POOL * self.network.step.outputs;
        let answered = self.features_before / ALIGN_FRAMES * row..end / ALIGN_FRAMES * row;
        let first = self.fine.len();
        self.fine.extend_from_slice(&self.room.steps.inner()[answered]);
        self.pooled.extend(self.network.pooled(by, &self.fine[first..], &mut self.room.hidden));
        self.features.drain(..end.saturating_sub(FINE_CONTEXT).min(frames) * BANDS);
        self.features_before = FINE_CONTEXT.min(end);
        loop {
            let ready = self.pooled.len() / self.network.pool.outputs - self.pooled_before;
            if ready >= COARSE_ROWS + COARSE_CONTEXT {
                self.answer(by, COARSE_ROWS);
            } else if at_end && ready > 0 {
                self.answer(by, ready.min(COARSE_ROWS));
            } else {
                return;
            }
        }
    }

    /// Answers for the next `rows`.
    #[inline(always)]
    fn answer<M: Multiplier>(&mut self, by: M, rows: usize) {
        let (width, coarse_width) = (self.network.step.outputs, self.network.pool.outputs);
        let seen = (self.pooled_before + rows + COARSE_CONTEXT).min(self.pooled.len() / coarse_width);
        let far = self.network.far_view(by, &self.pooled[..seen * coarse_width], &mut self.room);
        let first = self.pooled_before - self.fine_before;
        let seen = (self.fine_before + rows + MERGED_CONTEXT).min(self.fine.len() / (POOL * width));
        let far = &far[first * width..(first + seen) * width];
        // in parts that stay in the cache
        for part in (self.fine_before..self.fine_before + rows).step_by(MERGED_ROWS) {
            let answered = part..(part + MERGED_ROWS).min(self.fine_before + rows);
            let seen = part.saturating_sub(MERGED_CONTEXT)..(answered.end + MERGED_CONTEXT).min(seen);
            let fine = &self.fine[seen.start * POOL * width..seen.end * POOL * width];
            let far = &far[seen.start * width..seen.end * width];
            let heard = self.network.merged_view(by, fine, far, &mut self.room);
            self.posteriors.extend_from_slice(&heard[(part - seen.start) * POOL..(answered.end - seen.start) * POOL]);
        }

        let (fine, pooled) = (self.fine_before + rows, self.pooled_before + rows);
        (self.fine_before, self.pooled_before) = (fine.min(MERGED_CONTEXT), pooled.min(COARSE_CONTEXT));
        self.fine.drain(..(fine - self.fine_before) * POOL * width);
        self.pooled.drain(..(pooled - self.pooled_before) * coarse_width);
    }
}

/// One stretch, compiled with the instructions of its multiplier.
#[cfg(target_arch = "x86_64")]
struct GoOn<'a, M> {
    listener: &'a mut Listener,
    by: M,
    at_end: bool,
}

#[cfg(target_arch = "x86_64")]
impl<M: Multiplier> pulp::NullaryFnOnce for GoOn<'_, M> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.listener.go_on(self.by, self.at_end);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Block, TAPS, shipped};
    use super::*;

    /// All at once, with plain arithmetic.
    fn whole(features: &[i16]) -> Vec<[f32; 2]> {
        let network = shipped();
        let mut room = Room::of(network);
        let frames = (features.len() / BANDS).next_multiple_of(ALIGN_FRAMES);
        let mut framed = vec![0; BANDS];
        framed.extend_from_slice(features);
        framed.resize((frames + 2) * BANDS, 0);
        network.fine_view(Plain, &framed, frames / STEP_FRAMES, &mut room);
        let fine = room.steps.inner().to_vec();
        let pooled = network.pooled(Plain, &fine, &mut room.hidden);
        let far = network.far_view(Plain, &pooled, &mut room);
        network.merged_view(Plain, &fine, &far, &mut room)
    }

    #[test]
    fn what_comes_in_stretches_is_heard_as_the_whole_by_every_multiplier() {
        let frames = (COARSE_ROWS + 2 * COARSE_CONTEXT) * ALIGN_FRAMES + 2 * FINE_FRAMES + 13;
        let features: Vec<i16> = (0..frames * BANDS).map(|i| (i * i % 1_009) as i16).collect();
        let mut listener = Listener::new(shipped());
        features.as_chunks::<BANDS>().0.iter().for_each(|row| listener.push(row));
        let stretches = listener.finish();
        assert_eq!(stretches.len(), frames.div_ceil(STEP_FRAMES));
        assert_eq!(stretches, whole(&features)[..stretches.len()]);
    }

    #[test]
    fn the_contexts_are_as_long_as_the_layers_reach() {
        let reach = |blocks: &[Block]| blocks.iter().map(|b| TAPS / 2 * b.dilation).sum::<usize>();
        let network = shipped();
        assert!((reach(&network.fine) + 1) * STEP_FRAMES <= FINE_CONTEXT);
        assert!(reach(&network.merged) <= MERGED_CONTEXT * POOL);
        assert!(reach(&network.coarse) + MERGED_CONTEXT <= COARSE_CONTEXT);
    }
}
