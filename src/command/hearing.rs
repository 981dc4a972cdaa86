//! The ears of the real program.

use std::{io, path::Path, time::UNIX_EPOCH};

use crate::{
    analysis::{self, CallAnalysis, Heard, LineSettings},
    audio::{self, ReadError},
    audit::Refusal,
    batch::Ears,
    channel::Channel,
    dsp::spectrum::PowerSpectrum,
    report::{
        chart::Spectrogram,
        words::{self, Language},
    },
    timeline::Segment,
    units::{FLOOR_DBFS, SAMPLE_RATE, Seconds, decibels},
};

/// Hears and judges with [`analysis`], and says in one language what goes wrong.
#[derive(Debug)]
pub struct Hearing {
    language: Language,
}

impl Hearing {
    /// Ears that speak `language`.
    pub fn new(language: Language) -> Self {
        Self { language }
    }
}

impl Ears for Hearing {
    type Heard = Heard;

    /// The program's version, size and date: any other build may hear differently.
    fn version(&self) -> String {
        let program = std::env::current_exe().and_then(|path| path.metadata());
        let stamp = program.map_or_else(
            |_| String::new(),
            |file| {
                let date = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                format!("{} {}", file.len(), date.map_or(0, |at| at.as_nanos()))
            },
        );
        format!("{} {stamp}", env!("CARGO_PKG_VERSION"))
    }

    fn listen(&self, path: &Path) -> Result<Heard, Refusal> {
        analysis::listen(path).map_err(|error| self.refusal(&error, path))
    }

    fn judge(&self, calls: &[Heard], labels: &[Option<Vec<Segment>>], settings: &LineSettings) -> Vec<CallAnalysis> {
        analysis::judge(calls, labels, settings)
    }

    fn spectrogram(&self, path: &Path, call: &CallAnalysis) -> Option<Spectrogram> {
        spectrogram(path, call).ok()
    }

    fn unopened(&self, path: &Path, error: io::Error) -> Refusal {
        self.refusal(&ReadError::from(error), path)
    }

    fn failed(&self, what: &str) -> Refusal {
        let message = self.language.of((
            format!("bezet kon deze opname niet verwerken door een fout in het programma ({what}); meld dit"),
            format!(
                "bezet could not deal with this recording because of an error in the program ({what}); please report it"
            ),
        ));
        Refusal { code: "failed".into(), message }
    }
}

impl Hearing {
    /// The refusal names the file alone: an output holds no path of this machine.
    fn refusal(&self, error: &ReadError, path: &Path) -> Refusal {
        let name = path.file_name().map_or(path, Path::new);
        Refusal { code: error.code().into(), message: words::read_error(self.language, error, name) }
    }
}

/// Samples in one spectrum of a spectrogram: 32 ms, so that voices show their pitch and keys their two tones.
const N_FFT: usize = 256;

/// Samples from one spectrum to the next: 10 ms.
const HOP_LENGTH: usize = 80;

/// The most rows that a spectrogram has; of a longer call, spectra are put together.
const MOST_ROWS: usize = 2_000;

/// The spectrogram of the line's channel, read in one go from start to end; a row holds the loudest of its spectra.
fn spectrogram(path: &Path, call: &CallAnalysis) -> Result<Spectrogram, ReadError> {
    let channel = usize::from(call.line().channel() == Channel::Right);
    let hops = (call.recording.duration_s * f64::from(SAMPLE_RATE) / HOP_LENGTH as f64).ceil() as usize;
    let pooled = hops.div_ceil(MOST_ROWS).max(1);
    let (mut spectrum, mut waiting) = (PowerSpectrum::new(N_FFT), vec![]);
    let (mut values, mut row, mut in_row) = (vec![], [0u8; N_FFT / 2 + 1], 0);
    let mut stream = audio::open(path)?;
    while let Some(mut block) = stream.next_block()? {
        let side = channel.min(block.len() - 1);
        waiting.append(&mut block[side]);
        let mut at = 0;
        while let Some(samples) = waiting.get(at..at + N_FFT) {
            for (loudest, &power) in row.iter_mut().zip(spectrum.of(samples)) {
                let step = (decibels(power) - FLOOR_DBFS) / -FLOOR_DBFS * f32::from(u8::MAX);
                *loudest = (*loudest).max(step as u8);
            }
            in_row += 1;
            if in_row == pooled {
                values.extend_from_slice(&row);
                (row, in_row) = ([0; N_FFT / 2 + 1], 0);
            }
            at += HOP_LENGTH;
        }
        waiting.drain(..at);
    }
    Ok(Spectrogram {
        hop_s: (pooled * HOP_LENGTH) as Seconds / Seconds::from(SAMPLE_RATE),
        hz_per_bin: SAMPLE_RATE as f32 / N_FFT as f32,
        bins: row.len(),
        values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::tests as made;

    #[test]
    fn a_tone_is_a_line_in_its_bin() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tone.wav");
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut wav = hound::WavWriter::create(&path, spec).unwrap();
        for i in 0..30 * 8000 {
            wav.write_sample((8000.0 * (i as f64 * std::f64::consts::TAU / 8.0).sin()) as i16).unwrap();
        }
        wav.finalize().unwrap();
        let call = made::call("tone.wav").finding.unwrap();
        let picture = spectrogram(&path, &call).unwrap();
        let rows: Vec<_> = picture.values.chunks(picture.bins).collect();
        assert!((1400..=MOST_ROWS).contains(&rows.len()), "{}", rows.len());
        assert!((rows.len() as f64 * picture.hop_s - 30.0).abs() < 0.1);
        let loudest = (0..picture.bins).max_by_key(|&bin| rows[700][bin]).unwrap();
        assert_eq!(loudest as f32 * picture.hz_per_bin, 1000.0);
    }

    #[test]
    fn a_refusal_holds_no_path_of_this_machine() {
        let refusal = Hearing::new(Language::Nl).listen(Path::new("/somewhere/secret/call.wav")).unwrap_err();
        assert!(refusal.code == "io" && !refusal.message.contains("secret"), "{refusal:?}");
    }
}
