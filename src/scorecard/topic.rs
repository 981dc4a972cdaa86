//! What a message is about, as its name says: nobody but its owner can tell, since what is said is not understood here.

/// What the critique asks of messages beyond their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// How many callers are before you, or how long it will take.
    Place,
    /// Call back later, or be called back.
    CallLater,
}

impl Topic {
    /// Parts of the names of such messages, Dutch and English.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Place => {
                &["position", "positie", "plaats", "wachtenden", "wachttijd", "ahead", "waiting-time", "wait-time"]
            }
            Self::CallLater => &["later", "terugbel", "callback", "call-back", "call_back"],
        }
    }

    /// Whether a message of that name is about this.
    pub fn is_in(self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.names().iter().any(|part| name.contains(part))
    }
}
