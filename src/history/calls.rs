//! Which calls count where audits overlap: each recording once, as the audit that was added last says it.

use std::collections::HashMap;

use crate::audit::{Audit, AuditedCall};

/// A call, and whose line it was made to.
#[derive(Clone, Debug)]
pub struct ClientCall {
    /// The client of its audit, if that was told.
    pub client: Option<String>,
    /// The call.
    pub call: AuditedCall,
}

/// The calls of several audits, each once.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// In the order in which they were first added.
    pub calls: Vec<ClientCall>,
    /// How many came again in a later audit, which took the earlier one's place.
    pub again: usize,
    /// How many are the same recording as an earlier one with another time of the call; they count as calls of their own.
    pub other_time: usize,
    /// The calls that may be the same, by what tells recordings apart.
    places: HashMap<Identity, Vec<usize>>,
}

/// What tells recordings apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Identity {
    /// Their bytes.
    Content(String),
    /// Of audits that do not know the bytes: the line, the file's name and its length in milliseconds.
    File(String, String, Option<i64>),
}

impl Calls {
    /// Adds the calls of an audit that is newer than all before it.
    pub fn add(&mut self, audit: Audit) {
        for call in audit.calls {
            self.add_call(ClientCall { client: audit.client.clone(), call });
        }
    }

    fn add_call(&mut self, mut new: ClientCall) {
        let identities = identities(&new.call);
        let alike: Vec<usize> = identities.iter().filter_map(|i| self.places.get(i)).flatten().copied().collect();
        // where one of the two does not know its bytes, the file decides
        let bytes_differ =
            |old: &AuditedCall| matches!((&old.content, &new.call.content), (Some(a), Some(b)) if a != b);
        let alike: Vec<usize> = alike.into_iter().filter(|&i| !bytes_differ(&self.calls[i].call)).collect();
        let time = new.call.recorded_at;
        let one_time = |&i: &usize| match (self.calls[i].call.recorded_at, time) {
            (Some(old), Some(new)) => old == new,
            _ => true,
        };
        let place = match alike.iter().copied().find(one_time) {
            Some(place) => {
                self.again += 1;
                let old = &self.calls[place];
                new.call.recorded_at = time.or(old.call.recorded_at);
                new.client = new.client.or_else(|| old.client.clone());
                self.calls[place] = new;
                place
            }
            None => {
                self.other_time += usize::from(!alike.is_empty());
                self.calls.push(new);
                self.calls.len() - 1
            }
        };
        for identity in identities {
            let places = self.places.entry(identity).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
}

fn identities(call: &AuditedCall) -> Vec<Identity> {
    let length_ms = call.finding.as_ref().ok().map(|finding| (finding.recording.duration_s * 1000.0).round() as i64);
    let content = call.content.clone().map(Identity::Content);
    content.into_iter().chain([Identity::File(call.line.clone(), call.file.clone(), length_ms)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Refusal;

    fn call(file: &str, content: Option<&str>, time: Option<&str>) -> AuditedCall {
        AuditedCall {
            file: file.into(),
            content: content.map(str::to_owned),
            line: "shop".into(),
            recorded_at: time.map(|time| time.parse().unwrap()),
            contact_reason: None,
            notes: vec![],
            finding: Err(Refusal { code: "empty".into(), message: String::new() }),
        }
    }

    fn counted(audits: &[Vec<AuditedCall>]) -> (Vec<String>, usize, usize) {
        let mut calls = Calls::default();
        for audit in audits {
            calls.add(Audit { client: None, calls: audit.clone() });
        }
        (calls.calls.into_iter().map(|c| c.call.file).collect(), calls.again, calls.other_time)
    }

    const MAY: Option<&str> = Some("2026-05-04T10:00:00+02:00");
    const SAME_MOMENT: Option<&str> = Some("2026-05-04T08:00:00Z");
    const JUNE: Option<&str> = Some("2026-06-04T10:00:00+02:00");

    #[test]
    fn a_recording_under_another_name_is_the_same_call_and_the_newest_audit_speaks() {
        let got = counted(&[vec![call("1.wav", Some("a"), MAY)], vec![call("renamed.wav", Some("a"), SAME_MOMENT)]]);
        assert_eq!(got, (vec!["renamed.wav".into()], 1, 0));
    }

    #[test]
    fn a_file_of_the_same_name_with_other_bytes_is_another_call() {
        let got = counted(&[vec![call("1.wav", Some("a"), None)], vec![call("1.wav", Some("b"), None)]]);
        assert_eq!(got, (vec!["1.wav".into(), "1.wav".into()], 0, 0));
    }

    #[test]
    fn the_same_bytes_at_another_time_count_apart_and_are_told() {
        let got = counted(&[vec![call("1.wav", Some("a"), MAY)], vec![call("2.wav", Some("a"), JUNE)]]);
        assert_eq!(got, (vec!["1.wav".into(), "2.wav".into()], 0, 1));
    }

    #[test]
    fn a_time_once_known_is_not_lost_and_audits_that_know_no_bytes_go_by_the_file() {
        let mut calls = Calls::default();
        for one in [call("1.wav", None, MAY), call("1.wav", Some("a"), None)] {
            calls.add(Audit { client: None, calls: vec![one] });
        }
        assert_eq!((calls.calls.len(), calls.again), (1, 1));
        assert_eq!(calls.calls[0].call.recorded_at, MAY.map(|t| t.parse().unwrap()));
        assert_eq!(calls.calls[0].call.content.as_deref(), Some("a"));
    }
}
