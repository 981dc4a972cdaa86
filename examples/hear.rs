use bezet::{analysis::listen, detect::Sound, line::phase::phases};
use rayon::prelude::*;
fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let out: Vec<String> = files
        .par_iter()
        .map(|path| {
            let Ok(h) = listen(path.as_ref()) else { return format!("{path}\tUNREADABLE\n") };
            let mut s = format!("{path}\tDURATION\t{:.1}\n", h.recording.duration_s);
            for c in &h.channels {
                for e in &c.evidence {
                    if let Sound::Key(k) = e.sound {
                        s += &format!(
                            "{path}\tKEY\t{k}\t{:.2}\t{:.3}\t{:.2}\t{:?}\n",
                            e.interval.start(),
                            e.interval.duration(),
                            e.confidence,
                            e.measurements.iter().map(|m| (m.name.to_string(), m.value)).collect::<Vec<_>>()
                        );
                    }
                }
                for p in phases(&c.evidence, &c.levels) {
                    s += &format!(
                        "{path}\tPHASE\t{:?}\t{:.2}\t{:.2}\t{} groups\t{:?}\n",
                        p.rhythm,
                        p.interval().start(),
                        p.interval().end(),
                        p.groups.len(),
                        p.groups[0][0]
                    );
                }
            }
            s
        })
        .collect();
    for o in out {
        print!("{o}");
    }
}
