//! dev: dump ROOT OUT -> calls.csv segments.csv figures
use bezet::{analysis::*, figure::Value};
use rayon::prelude::*;
use std::{collections::BTreeMap, fs, io::Write, path::PathBuf};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let single = a.get(3).is_some_and(|s| s == "single");
    let mut lines: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for d in fs::read_dir(&a[1]).unwrap() {
        let d = d.unwrap().path();
        let mut v: Vec<_> = fs::read_dir(&d).unwrap().map(|f| f.unwrap().path()).collect();
        v.sort();
        lines.insert(d.file_name().unwrap().to_string_lossy().into(), v);
    }
    fs::create_dir_all(&a[2]).unwrap();
    let mut calls = fs::File::create(format!("{}/calls.csv", a[2])).unwrap();
    let mut segs = fs::File::create(format!("{}/segments.csv", a[2])).unwrap();
    let mut figs = fs::File::create(format!("{}/figures.csv", a[2])).unwrap();
    writeln!(segs, "file,channel,start_s,end_s,label,detail,confidence").unwrap();
    writeln!(figs, "file,figure,value,confidence,reason").unwrap();
    let mut head = false;
    let mut times = (0.0, 0.0, 0.0);
    for (line, files) in &lines {
        let t0 = std::time::Instant::now();
        let heard: Vec<Heard> = files.par_iter().map(|f| listen(f).unwrap()).collect();
        times.0 += t0.elapsed().as_secs_f64();
        let t0 = std::time::Instant::now();
        if std::env::var("DBGP").is_ok() {
            eprintln!("LINE\t{line}");
        }
        let out: Vec<CallAnalysis> = if single {
            heard
                .iter()
                .zip(files)
                .flat_map(|(h, f)| {
                    if std::env::var("DBGP").is_ok() {
                        eprintln!("CALL\t{line}/{}", f.file_name().unwrap().to_string_lossy());
                    }
                    judge(std::slice::from_ref(h), &[None], &LineSettings::default())
                })
                .collect()
        } else {
            if std::env::var("DBGP").is_ok() {
                for f in files {
                    eprintln!("FILE\t{line}/{}", f.file_name().unwrap().to_string_lossy());
                }
                eprintln!("GO");
            }
            judge(&heard, &vec![None; heard.len()], &LineSettings::default())
        };
        times.1 += t0.elapsed().as_secs_f64();
        for (f, c) in files.iter().zip(out) {
            times.2 += c.recording.duration_s;
            let name = format!("{line}/{}", f.file_name().unwrap().to_string_lossy());
            let figures = c.metrics.figures();
            if !head {
                head = true;
                writeln!(
                    calls,
                    "file,country,caller_channel,{}",
                    figures.iter().map(|f| f.name).collect::<Vec<_>>().join(",")
                )
                .unwrap();
            }
            let cell = |v: &Option<Value>| match v {
                None => String::new(),
                Some(Value::Seconds(s)) => format!("{s:.3}"),
                Some(Value::Count(n)) => n.to_string(),
                Some(Value::Text(t)) => t.clone(),
            };
            writeln!(
                calls,
                "{name},{},{},{}",
                c.country.value.clone().unwrap_or_default(),
                c.caller_channel.as_ref().and_then(|c| c.value).map_or("", |c| c.name()),
                figures.iter().map(|f| cell(&f.measured.value)).collect::<Vec<_>>().join(",")
            )
            .unwrap();
            for f in &figures {
                writeln!(
                    figs,
                    "{name},{},{},{:.2},\"{:?}\"",
                    f.name,
                    cell(&f.measured.value),
                    f.measured.confidence,
                    f.measured.reason
                )
                .unwrap();
            }
            for t in &c.timelines {
                for s in t.segments().iter().chain(t.events()) {
                    writeln!(
                        segs,
                        "{name},{},{:.3},{:.3},{},{},{:.2}",
                        t.channel().name(),
                        s.interval.start(),
                        s.interval.end(),
                        s.label.name(),
                        s.detail,
                        s.confidence
                    )
                    .unwrap();
                }
            }
        }
    }
    eprintln!("listen {:.2}s judge {:.2}s audio {:.0}s", times.0, times.1, times.2);
}
