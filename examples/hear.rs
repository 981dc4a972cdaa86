use bezet::{detect, frames::FramePass};
fn main() {
    for path in std::env::args().skip(1) {
        let mut r = hound::WavReader::open(&path).unwrap();
        let n = r.spec().channels as usize;
        let s: Vec<f32> = r.samples::<i16>().map(|x| x.unwrap() as f32 / 32768.0).collect();
        for c in 0..n {
            let mono: Vec<f32> = s.iter().skip(c).step_by(n).copied().collect();
            let mut pass = FramePass::default();
            pass.push(&mono);
            let f = pass.finish();
            for e in detect::detect(&f) {
                let m: Vec<String> = e.measurements.iter().map(|m| format!("{}={:.3}", m.name, m.value)).collect();
                println!(
                    "{path}\t{c}\t{:.3}\t{:.3}\t{:?}\t{:.2}\t{}",
                    e.interval.start(),
                    e.interval.end(),
                    e.sound,
                    e.confidence,
                    m.join(" ")
                );
            }
        }
    }
}
