/// Ids as most servers make them.
const UUID: &str = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
/// A dateTime without what stands behind its seconds.
const TIME: &str = "dddd-dd-ddTdd:dd:dd";
/// What comes before an id.
const BEFORE_IDS: [&str; 3] = ["/Users/", "/Groups/", "\"id\":\""];
/// What ends a resource's id in an address, or in JSON.
const AFTER_IDS: [char; 5] = ['/', '?', '"', ' ', '…'];
/// So much of an id or of a time says what it is, where a long text was cut.
const CUT_MIN: usize = 8;

/// Takes out of the texts of one finding what another run words otherwise, though it finds the same. What is the same id in
/// two places stays so: `ID` and `ID2` are two resources. A time that was not expected is `ANOTHER TIME`.
#[derive(Debug, Default)]
pub(crate) struct Redactor {
    /// Host and port, and what stands for them.
    authority: String,
    ids: Vec<String>,
    times: Vec<String>,
    expects: bool,
}

impl Redactor {
    /// For what came of a server with this base URL.
    pub(crate) fn of(base: &str) -> Self {
        let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default().to_owned();
        Self { authority, expects: true, ..Self::default() }
    }

    /// What follows is what came, and no more what was expected.
    pub(crate) fn what_came(&mut self) {
        self.expects = false;
    }

    /// A text without what does not last.
    pub(crate) fn redact(&mut self, text: &str) -> String {
        let text = text.replace(&self.authority, "127.0.0.1:8080");
        let (mut kept, mut rest) = (String::with_capacity(text.len()), text.as_str());
        while let Some(letter) = rest.chars().next() {
            let taken = match self.id_before_its_end(rest, &mut kept) {
                0 => self.by_its_shape(rest, &mut kept),
                taken => taken,
            };
            if taken == 0 {
                kept.push(letter);
            }
            rest = rest.split_at(if taken == 0 { letter.len_utf8() } else { taken }).1;
        }
        kept
    }

    /// An id that is told by what stands before it.
    fn id_before_its_end(&mut self, rest: &str, kept: &mut String) -> usize {
        let id = rest.split(AFTER_IDS).next().unwrap_or_default();
        let is_told = BEFORE_IDS.iter().any(|before| kept.ends_with(before));
        // Schemas have URIs, and `.search` is no resource.
        if !is_told || id.is_empty() || id.starts_with('.') || id.contains(':') {
            return 0;
        }
        let cut = rest.split_at(id.len()).1.starts_with('…');
        kept.push_str(&self.id(id, cut));
        id.len()
    }

    /// An id, a time, or the number of a resource that several checks looked at, which all say what they are.
    fn by_its_shape(&mut self, rest: &str, kept: &mut String) -> usize {
        if let Some((length, cut)) = shaped(rest, UUID) {
            let id = rest.split_at(length).0;
            kept.push_str(&self.id(id, cut));
            return length;
        }
        if let Some((seconds, cut)) = shaped(rest, TIME) {
            let length = seconds + if cut { 0 } else { behind_seconds(rest.split_at(seconds).1) };
            kept.push_str(self.time(rest.split_at(length).0));
            return length;
        }
        // Which of them it was depends on how many were made before.
        if kept.ends_with("-lent") {
            let number = |letter: char| letter.is_ascii_digit() || letter == '-';
            return rest.len() - rest.trim_start_matches(number).len();
        }
        0
    }

    fn id(&mut self, id: &str, cut: bool) -> String {
        let same = |known: &String| known == id || cut && known.starts_with(id);
        let place = self.ids.iter().position(same).unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.ids.len() - 1
        });
        if place == 0 { "ID".to_owned() } else { format!("ID{}", place + 1) }
    }

    fn time(&mut self, time: &str) -> &'static str {
        if self.expects {
            self.times.push(time.to_owned());
        }
        let unexpected = !self.times.is_empty() && !self.times.iter().any(|known| known.starts_with(time));
        if unexpected { "ANOTHER TIME" } else { "TIME" }
    }
}

/// How much of a text has a shape (`h` a hexadecimal digit, `d` a digit), and whether it was cut before the shape's end.
fn shaped(text: &str, shape: &str) -> Option<(usize, bool)> {
    let fits = |(letter, place): &(char, char)| match place {
        'h' => letter.is_ascii_hexdigit(),
        'd' => letter.is_ascii_digit(),
        exactly => letter == exactly,
    };
    let length = text.chars().zip(shape.chars()).take_while(fits).count();
    let cut = length > CUT_MIN && text.split_at(length).1.starts_with('…');
    (length == shape.len() || cut).then_some((length, cut))
}

/// How long a fraction of a second and a time zone are.
fn behind_seconds(text: &str) -> usize {
    let fraction = |text: &str| match text.strip_prefix('.') {
        Some(digits) => {
            1 + digits.len() - digits.trim_start_matches(|letter: char| letter.is_ascii_digit()).len()
        }
        None => 0,
    };
    let length = fraction(text);
    let zone = text.split_at(length).1;
    let offset = ["+dd:dd", "-dd:dd"].iter().find_map(|shape| shaped(zone, shape));
    length + offset.map_or(usize::from(zone.starts_with('Z')), |(length, _)| length)
}
