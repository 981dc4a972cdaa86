//! The network, heard as its features come: each part looks only as far around as it must.
//!
//! The fine view reaches 0.6 s to either side and is computed a stretch at a time, with that much around it. Its pooled
//! rows, few numbers each, wait until enough of them are there for the coarse view, which reaches 20 s. What comes out is
//! what the whole recording at once would have given, but for the last digits.

use pulp::{Arch, Simd, WithSimd};

use super::{ALIGN_FRAMES, BANDS, Network, POOL, STEP_FRAMES};

/// Frames of the fine view that are computed at a time: 41 s, of which what lies around costs 3 %.
const FINE_FRAMES: usize = 4_096;
/// How far the fine view reaches, in frames, rounded up to whole rows.
const FINE_CONTEXT: usize = 64;
/// Rows of the coarse view that are computed at a time: 5 minutes, of which what lies around costs 12 %.
const COARSE_ROWS: usize = 1_024;
/// How far the coarse view and what follows it reach, in rows.
const COARSE_CONTEXT: usize = 64;
/// How far what follows the coarse view reaches, in rows.
const MERGED_CONTEXT: usize = 1;

const _: () = assert!(FINE_FRAMES.is_multiple_of(ALIGN_FRAMES) && FINE_CONTEXT.is_multiple_of(ALIGN_FRAMES));

/// Hears one channel.
pub struct Listener {
    network: &'static Network,
    /// Rows of features that the fine view still needs.
    features: Vec<f32>,
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
            features: Vec::new(),
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
    pub fn push(&mut self, features: &[f32; BANDS]) {
        self.features.extend_from_slice(features);
        self.frames += 1;
        if self.features.len() == (self.features_before + FINE_FRAMES + FINE_CONTEXT) * BANDS {
            self.hear(false);
        }
    }

    /// Looks at the features that have come. Not inlined: what it dispatches to is large, and one copy for each kind of
    /// processor is enough to compile.
    #[inline(never)]
    fn hear(&mut self, at_end: bool) {
        Arch::new().dispatch(GoOn { listener: self, at_end });
    }

    /// Ends the channel: the probabilities of speech and of music for every [`STEP_FRAMES`] frames.
    pub fn finish(mut self) -> Vec<[f32; 2]> {
        self.hear(true);
        self.posteriors.truncate(self.frames.div_ceil(STEP_FRAMES));
        self.posteriors
    }

    /// Looks at the features that have come, and answers for the rows that may be answered for.
    #[inline(always)]
    fn go_on<S: Simd>(&mut self, simd: S, at_end: bool) {
        let frames = self.features.len() / BANDS;
        let whole = frames.next_multiple_of(ALIGN_FRAMES);
        let end = if at_end { whole } else { self.features_before + FINE_FRAMES };
        let fine = self.network.fine_view(simd, &self.features, whole / STEP_FRAMES);
        let row = POOL * self.network.step.outputs;
        let fine = &fine[self.features_before / ALIGN_FRAMES * row..end / ALIGN_FRAMES * row];
        self.fine.extend_from_slice(fine);
        self.pooled.extend(self.network.pooled(simd, fine));
        self.features.drain(..end.saturating_sub(FINE_CONTEXT).min(frames) * BANDS);
        self.features_before = FINE_CONTEXT.min(end);
        loop {
            let ready = self.pooled.len() / self.network.pool.outputs - self.pooled_before;
            if ready >= COARSE_ROWS + COARSE_CONTEXT {
                self.answer(simd, COARSE_ROWS);
            } else if at_end && ready > 0 {
                self.answer(simd, ready.min(COARSE_ROWS));
            } else {
                return;
            }
        }
    }

    /// Answers for the next `rows`.
    #[inline(always)]
    fn answer<S: Simd>(&mut self, simd: S, rows: usize) {
        let (width, coarse_width) = (self.network.step.outputs, self.network.pool.outputs);
        let seen = (self.pooled_before + rows + COARSE_CONTEXT).min(self.pooled.len() / coarse_width);
        let far = self.network.far_view(simd, &self.pooled[..seen * coarse_width]);
        let first = self.pooled_before - self.fine_before;
        let seen = (self.fine_before + rows + MERGED_CONTEXT).min(self.fine.len() / (POOL * width));
        let far = &far[first * width..(first + seen) * width];
        let answered = self.network.merged_view(simd, &self.fine[..seen * POOL * width], far);
        self.posteriors.extend_from_slice(&answered[self.fine_before * POOL..(self.fine_before + rows) * POOL]);

        let (fine, pooled) = (self.fine_before + rows, self.pooled_before + rows);
        (self.fine_before, self.pooled_before) = (fine.min(MERGED_CONTEXT), pooled.min(COARSE_CONTEXT));
        self.fine.drain(..(fine - self.fine_before) * POOL * width);
        self.pooled.drain(..(pooled - self.pooled_before) * coarse_width);
    }
}

/// One stretch, with the widest instructions that there are.
struct GoOn<'a> {
    listener: &'a mut Listener,
    at_end: bool,
}

impl WithSimd for GoOn<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.listener.go_on(simd, self.at_end);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Block, TAPS, shipped};
    use super::*;

    /// All at once.
    struct Whole<'a>(&'a [f32]);

    impl WithSimd for Whole<'_> {
        type Output = Vec<[f32; 2]>;

        fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
            let network = shipped();
            let steps = (self.0.len() / BANDS).next_multiple_of(ALIGN_FRAMES) / STEP_FRAMES;
            let fine = network.fine_view(simd, self.0, steps);
            let far = network.far_view(simd, &network.pooled(simd, &fine));
            network.merged_view(simd, &fine, &far)
        }
    }

    #[test]
    fn what_comes_in_stretches_is_heard_as_the_whole() {
        let frames = (COARSE_ROWS + 2 * COARSE_CONTEXT) * ALIGN_FRAMES + 2 * FINE_FRAMES + 13;
        let features: Vec<f32> = (0..frames * BANDS).map(|i| (i * i % 1_009) as f32 / 400.0).collect();
        let mut listener = Listener::new(shipped());
        features.as_chunks::<BANDS>().0.iter().for_each(|row| listener.push(row));
        let (stretches, whole) = (listener.finish(), Arch::new().dispatch(Whole(&features)));
        assert_eq!(stretches.len(), frames.div_ceil(STEP_FRAMES));
        for (step, (have, want)) in stretches.iter().zip(&whole).enumerate() {
            assert!((0..2).all(|side| (have[side] - want[side]).abs() < 1e-4), "step {step}: {have:?}, not {want:?}");
        }
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
