//! Names as people have them: not only in ASCII, not always two, and not always in one normal form.

use super::mix::Stream;

/// A name as it is written, and in ASCII.
type Name = (&'static str, &'static str);

/// One way of naming people.
pub(crate) struct Locale {
    /// How many in a thousand have it.
    pub(crate) weight: u64,
    /// The language, as Graph's `preferredLanguage` has it.
    pub(crate) language: &'static str,
    /// The country, as Graph's `country` mostly has it.
    pub(crate) country: &'static str,
    /// ISO 3166, as Graph's `usageLocation` demands it.
    pub(crate) location: &'static str,
    pub(crate) city: Name,
    pub(crate) given: &'static [Name],
    /// Empty where people have one name.
    pub(crate) family: &'static [Name],
    pub(crate) family_first: bool,
}

/// A plain name in ASCII.
const fn same(name: &'static str) -> Name {
    (name, name)
}

const fn locale(
    weight: u64,
    place: (&'static str, &'static str, &'static str, Name),
    given: &'static [Name],
    family: &'static [Name],
) -> Locale {
    let (language, country, location, city) = place;
    Locale { weight, language, country, location, city, given, family, family_first: false }
}

impl Locale {
    const fn family_first(mut self) -> Self {
        self.family_first = true;
        self
    }

    /// The locale of a user.
    pub(crate) fn of(words: Stream, user: u64) -> &'static Self {
        let mut drawn = words.below(user, 1_000);
        for locale in LOCALES {
            if drawn < locale.weight {
                return locale;
            }
            drawn -= locale.weight;
        }
        &FALLBACK
    }
}

/// What is left when the weights are used up; they add up to a thousand, and a test says so.
static FALLBACK: Locale =
    locale(0, ("en-US", "United States", "US", same("Seattle")), &[same("Alex")], &[same("Doe")]);

/// Combining marks (vi), a dotless i (tr), scripts from right to left (ar, he), CJK, apostrophes (ga), an ʻokina (haw), vowel
/// signs (hi), hyphens (fr), names that differ by case folding alone (Weiß, Weiss), and people with one name (id).
pub(crate) static LOCALES: &[Locale] = &[
    locale(
        330,
        ("en-US", "United States", "US", same("Seattle")),
        &[
            same("Ada"),
            same("Grace"),
            same("James"),
            same("Mary"),
            same("Robert"),
            same("Linda"),
            same("Noah"),
            same("Olivia"),
        ],
        &[
            same("Smith"),
            same("Johnson"),
            same("Brown"),
            same("Miller"),
            same("Davis"),
            same("Wilson-Hale"),
            same("Turing"),
            same("Weiss"),
        ],
    ),
    locale(
        160,
        ("en-GB", "United Kingdom", "GB", same("Leeds")),
        &[same("Oliver"), same("Amelia"), same("Harry"), same("Isla"), same("George"), same("Ava")],
        &[same("Jones"), same("Taylor"), same("Evans"), same("Ashworth"), same("Hughes"), same("Clarke")],
    ),
    locale(
        20,
        ("ga-IE", "Ireland", "IE", same("Dublin")),
        &[("Seán", "Sean"), ("Niamh", "Niamh"), ("Órla", "Orla"), same("Conor")],
        &[same("O'Connor"), ("Ó Briain", "O Briain"), same("O'Neill"), ("Ní Dhúill", "Ni Dhuill")],
    ),
    locale(
        110,
        ("de-DE", "Germany", "DE", ("München", "Munchen")),
        &[same("Anna"), ("Jürgen", "Jurgen"), ("Zoë", "Zoe"), same("Lukas"), same("Lena"), ("Jörg", "Jorg")],
        &[
            ("Müller", "Muller"),
            same("Schmidt"),
            ("Weiß", "Weiss"),
            same("Fischer"),
            ("Schröder", "Schroder"),
            same("Wagner"),
        ],
    ),
    locale(
        70,
        ("fr-FR", "France", "FR", same("Lyon")),
        &[
            ("Jean-François", "Jean-Francois"),
            ("Chloé", "Chloe"),
            same("Louis"),
            ("Anaïs", "Anais"),
            same("Marie-Claire"),
        ],
        &[
            same("Martin"),
            ("Lefèvre", "Lefevre"),
            same("D'Aubigny"),
            ("Bérenger", "Berenger"),
            same("Moreau"),
        ],
    ),
    locale(
        70,
        ("es-ES", "Spain", "ES", ("Málaga", "Malaga")),
        &[("José", "Jose"), ("María", "Maria"), same("Carmen"), ("Íñigo", "Inigo"), same("Pablo")],
        &[
            ("García López", "Garcia Lopez"),
            ("Núñez", "Nunez"),
            same("Romero"),
            ("Martínez", "Martinez"),
            same("Vega"),
        ],
    ),
    locale(
        30,
        ("pl-PL", "Poland", "PL", ("Łódź", "Lodz")),
        &[("Łukasz", "Lukasz"), ("Małgorzata", "Malgorzata"), same("Jan"), ("Żaneta", "Zaneta")],
        &[same("Nowak"), ("Wójcik", "Wojcik"), ("Dąbrowska", "Dabrowska"), same("Kowalska")],
    ),
    locale(
        20,
        ("tr-TR", "Turkey", "TR", ("İzmir", "Izmir")),
        &[("Işıl", "Isil"), ("İbrahim", "Ibrahim"), ("Ayşe", "Ayse"), same("Kemal")],
        &[("Yılmaz", "Yilmaz"), ("Çelik", "Celik"), ("Öztürk", "Ozturk"), ("Aydın", "Aydin")],
    ),
    locale(
        20,
        ("vi-VN", "Vietnam", "VN", ("Huế", "Hue")),
        &[
            ("Thị Hương", "Thi Huong"),
            ("Văn Đức", "Van Duc"),
            ("Minh Tuấn", "Minh Tuan"),
            ("Ngọc Ánh", "Ngoc Anh"),
        ],
        &[("Nguyễn", "Nguyen"), ("Trần", "Tran"), ("Phạm", "Pham"), ("Đặng", "Dang")],
    )
    .family_first(),
    locale(
        15,
        ("el-GR", "Greece", "GR", ("Αθήνα", "Athens")),
        &[("Γιώργος", "Giorgos"), ("Ελένη", "Eleni"), ("Νίκος", "Nikos")],
        &[("Παπαδόπουλος", "Papadopoulos"), ("Γεωργίου", "Georgiou"), ("Οικονόμου", "Oikonomou")],
    ),
    locale(
        35,
        ("ru-RU", "Kazakhstan", "KZ", ("Алматы", "Almaty")),
        &[("Сергей", "Sergey"), ("Анна", "Anna"), ("Йосиф", "Iosif"), ("Ольга", "Olga")],
        &[("Иванов", "Ivanov"), ("Петрова", "Petrova"), ("Соловьёв", "Solovyov"), ("Зайцева", "Zaytseva")],
    ),
    locale(
        25,
        ("ar-EG", "Egypt", "EG", ("القاهرة", "Cairo")),
        &[("محمد", "Mohamed"), ("فاطمة", "Fatima"), ("أحمد", "Ahmed"), ("ليلى", "Layla")],
        &[("حسن", "Hassan"), ("عبد الله", "Abdullah"), ("المصري", "ElMasry"), ("إبراهيم", "Ibrahim")],
    ),
    locale(
        10,
        ("he-IL", "Israel", "IL", ("חיפה", "Haifa")),
        &[("נועה", "Noa"), ("דוד", "David"), ("יעל", "Yael")],
        &[("כהן", "Cohen"), ("לוי", "Levi"), ("בן־דוד", "Ben-David")],
    ),
    locale(
        30,
        ("zh-CN", "China", "CN", ("上海", "Shanghai")),
        &[("伟", "Wei"), ("秀英", "Xiuying"), ("子涵", "Zihan"), ("丽", "Li")],
        &[("王", "Wang"), ("李", "Li"), ("欧阳", "Ouyang"), ("𠮷", "Ji")],
    )
    .family_first(),
    locale(
        20,
        ("ja-JP", "Japan", "JP", ("札幌", "Sapporo")),
        &[("陽子", "Yoko"), ("ゆうと", "Yuto"), ("さくら", "Sakura")],
        &[("佐藤", "Sato"), ("髙橋", "Takahashi"), ("渡邉", "Watanabe")],
    )
    .family_first(),
    locale(
        15,
        ("ko-KR", "South Korea", "KR", ("서울", "Seoul")),
        &[("민준", "Minjun"), ("서연", "Seoyeon"), ("지우", "Jiwoo")],
        &[("김", "Kim"), ("이", "Lee"), ("남궁", "Namgung")],
    )
    .family_first(),
    locale(
        10,
        ("hi-IN", "India", "IN", ("दिल्ली", "Delhi")),
        &[("प्रिया", "Priya"), ("अर्जुन", "Arjun")],
        &[("शर्मा", "Sharma"), ("सिंह", "Singh")],
    ),
    locale(
        5,
        ("haw-US", "United States", "US", ("Kāneʻohe", "Kaneohe")),
        &[("Kaʻiulani", "Kaiulani"), ("Leilani", "Leilani")],
        &[("Keliʻi", "Kelii"), ("Kamakāne", "Kamakane")],
    ),
    locale(
        5,
        ("id-ID", "Indonesia", "ID", same("Jakarta")),
        &[same("Sukarno"), same("Suharto"), same("Sulastri")],
        &[],
    ),
];

/// Takes the marks off the letters that carry them, and puts them behind (Unicode's form D), for the letters in the table above.
pub(crate) fn decomposed(text: &str) -> String {
    let mut decomposed = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match DECOMPOSED.iter().find(|(whole, _)| *whole == letter) {
            Some((_, parts)) => decomposed.push_str(parts),
            None => decomposed.push(letter),
        }
    }
    decomposed
}

const DECOMPOSED: &[(char, &str)] = &[
    ('á', "a\u{301}"),
    ('é', "e\u{301}"),
    ('í', "i\u{301}"),
    ('ó', "o\u{301}"),
    ('ú', "u\u{301}"),
    ('ñ', "n\u{303}"),
    ('Á', "A\u{301}"),
    ('Í', "I\u{301}"),
    ('Ó', "O\u{301}"),
    ('ä', "a\u{308}"),
    ('ë', "e\u{308}"),
    ('ï', "i\u{308}"),
    ('ö', "o\u{308}"),
    ('ü', "u\u{308}"),
    ('Ö', "O\u{308}"),
    ('ç', "c\u{327}"),
    ('Ç', "C\u{327}"),
    ('è', "e\u{300}"),
    ('ş', "s\u{327}"),
    ('İ', "I\u{307}"),
    ('ą', "a\u{328}"),
    ('Ż', "Z\u{307}"),
    ('ź', "z\u{301}"),
    ('ā', "a\u{304}"),
    ('ị', "i\u{323}"),
    ('ă', "a\u{306}"),
    ('ứ', "u\u{31B}\u{301}"),
    ('ấ', "a\u{302}\u{301}"),
    ('ọ', "o\u{323}"),
    ('ễ', "e\u{302}\u{303}"),
    ('ầ', "a\u{302}\u{300}"),
    ('ạ', "a\u{323}"),
    ('ặ', "a\u{323}\u{306}"),
    ('ế', "e\u{302}\u{301}"),
    ('ơ', "o\u{31B}"),
    ('ư', "u\u{31B}"),
    ('ή', "η\u{301}"),
    ('ώ', "ω\u{301}"),
    ('έ', "ε\u{301}"),
    ('ί', "ι\u{301}"),
    ('ό', "ο\u{301}"),
    ('ύ', "υ\u{301}"),
    ('й', "и\u{306}"),
    ('Й', "И\u{306}"),
    ('ё', "е\u{308}"),
    ('أ', "ا\u{654}"),
    ('إ', "ا\u{655}"),
];

/// The letters and digits of a name in ASCII, in lower case.
pub(crate) fn slug(ascii: &str) -> String {
    ascii.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_locale() {
        assert_eq!(LOCALES.iter().map(|locale| locale.weight).sum::<u64>(), 1_000);
        assert!(LOCALES.iter().all(|locale| !locale.given.is_empty()));
    }

    #[test]
    fn the_ascii_form_is_ascii_and_leaves_something() {
        for locale in LOCALES {
            for (_, ascii) in locale.given.iter().chain(locale.family).chain([&locale.city]) {
                assert!(ascii.is_ascii() && !slug(ascii).is_empty(), "{ascii}");
            }
        }
    }

    #[test]
    fn marks_come_off() {
        assert_eq!(decomposed("Zoë"), "Zoe\u{308}");
        assert_eq!(decomposed("Nguyễn"), "Nguye\u{302}\u{303}n");
        assert_eq!(decomposed("Smith"), "Smith");
    }
}
