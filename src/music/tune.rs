use crate::frames::melody::Voice;

#[derive(Debug, Clone)]
pub struct Tune { pub notes: Vec<(u8, usize, usize)>, pub single: f64, pub share: f64, pub events: usize }

pub fn tune(voices: &[Voice], levels: &[i8], stretches: &[(usize, usize)]) -> Tune {
    let mut ls: Vec<i8> = stretches.iter().flat_map(|&(a, b)| levels[a..b.min(levels.len())].iter().copied()).collect();
    ls.sort();
    let p90 = ls.get(ls.len() * 9 / 10).copied().unwrap_or(0);
    let loud = |i: usize| i32::from(levels[i]) >= i32::from(p90) - 20;
    let mut events: Vec<(f64, usize, usize)> = vec![];
    let (mut n_loud, mut n_ev) = (0usize, 0usize);
    let mut shares = vec![];
    for &(a, b) in stretches {
        let mut i = a;
        let b = b.min(voices.len()).min(levels.len());
        while i < b {
            if !loud(i) { i += 1; continue; }
            let start = i;
            let mut sum = 0.0; let mut n = 0usize;
            while i < b && loud(i) && voices[i].pitch > 0 && (n == 0 || (f64::from(voices[i].pitch) - sum / n as f64).abs() <= 2.0) {
                sum += f64::from(voices[i].pitch); n += 1; i += 1;
            }
            for j in start..i.max(start + 1) { n_loud += 1; shares.push(voices[j].share); }
            if n >= 2 { events.push((sum / n as f64, n, start)); n_ev += n; }
            if i == start { i += 1; }
        }
    }
    shares.sort();
    let mut hist = [0f64; 264];
    for e in &events { let c = e.0.round() as usize + 4; for (d, w) in [(0i32, 3.0), (1, 2.0), (-1, 2.0), (2, 1.0), (-2, 1.0)] { hist[(c as i32 + d) as usize] += w * (e.1.min(8)) as f64; } }
    let mut notes: Vec<(u8, usize, usize)> = vec![];
    loop {
        let top = (0..264).max_by(|&a, &b| hist[a].total_cmp(&hist[b])).unwrap();
        if hist[top] <= 0.0 { break; }
        let p = top as f64 - 4.0;
        let mem: Vec<_> = events.iter().filter(|e| (e.0 - p).abs() <= 2.0).collect();
        let dur: usize = mem.iter().map(|e| e.1).sum();
        if !mem.is_empty() { notes.push((p as u8, mem.len(), dur)); }
        for d in top.saturating_sub(2)..=(top + 2).min(263) { hist[d] = 0.0; }
    }
    Tune { notes, single: n_ev as f64 / n_loud.max(1) as f64, share: f64::from(shares.get(shares.len() / 2).copied().unwrap_or(0)), events: events.len() }
}
