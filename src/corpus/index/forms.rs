//! Maps forms that a reader treats as one word but a stemmer does not: irregular forms, number words,
//! countries and their people, British and American spelling. Applied to passages and queries alike, so it
//! matters only that two forms have the same result, not what the result is.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

/// Irregular forms of common verbs and nouns, and number words: the base form, then the others. Taken from
/// common English grammar, without forms that are also common words with another meaning (`left`, `ground`,
/// `found` in the sense of establish, `saw`, `wound`).
const FORMS: &[&str] = &[
    "arise arose arisen",
    "beat beaten",
    "become became",
    "begin began begun",
    "bind bound",
    "bite bit bitten",
    "bleed bled",
    "blow blew blown",
    "break broke broken",
    "breed bred",
    "bring brought",
    "build built",
    "buy bought",
    "catch caught",
    "choose chose chosen",
    "cling clung",
    "creep crept",
    "deal dealt",
    "dig dug",
    "draw drew drawn",
    "drink drank drunk",
    "drive drove driven",
    "eat ate eaten",
    "fall fell fallen",
    "feed fed",
    "feel felt",
    "fight fought",
    "flee fled",
    "fly flew flown",
    "forbid forbade forbidden",
    "forget forgot forgotten",
    "forgive forgave forgiven",
    "freeze froze frozen",
    "give gave given",
    "grow grew grown",
    "hang hung",
    "hear heard",
    "hide hid hidden",
    "hold held",
    "keep kept",
    "know knew known",
    "lay laid",
    "lead led",
    "lend lent",
    "lose lost",
    "make made",
    "mean meant",
    "meet met",
    "pay paid",
    "ride rode ridden",
    "ring rang rung",
    "rise rose risen",
    "run ran",
    "say said",
    "seek sought",
    "sell sold sale sales",
    "send sent",
    "shake shook shaken",
    "shoot shot shots",
    "show shown",
    "shrink shrank shrunk shrunken",
    "sing sang sung",
    "sink sank sunk sunken",
    "sit sat",
    "sleep slept",
    "speak spoke spoken speech speeches",
    "spend spent",
    "stand stood",
    "steal stole stolen",
    "stick stuck",
    "strike struck stricken",
    "swear swore sworn",
    "sweep swept",
    "swim swam swum",
    "take took taken",
    "teach taught",
    "tear tore torn",
    "tell told",
    "think thought thoughts",
    "throw threw thrown",
    "wake woke woken",
    "wear wore worn",
    "weave wove woven",
    "weep wept",
    "win won",
    "withdraw withdrew withdrawn withdrawal withdrawals",
    "write wrote written",
    "build builder builders",
    "die died death deaths dead",
    "grow growth",
    "lose loss losses",
    "high height heights",
    "deep depth depths",
    "wide width",
    "long length",
    "strong strength",
    "arrive arrival arrivals",
    "approve approval approvals",
    "refuse refusal refusals",
    "renew renewal renewals",
    "remove removal removals",
    "survive survival survivor survivors",
    "prove proof proofs proven",
    "believe belief beliefs",
    "succeed success successes successful",
    "choose choice choices",
    "fly flight flights",
    "sign signature signatures",
    "child children",
    "man men",
    "woman women",
    "foot feet",
    "tooth teeth",
    "life lives",
    "wife wives",
    "knife knives",
    "half halves",
    "loaf loaves",
    "wolf wolves",
    "thief thieves theft thefts",
    "datum data",
    "crisis crises",
    "2 two twice",
    "3 three thrice",
    "4 four",
    "5 five",
    "6 six",
    "7 seven",
    "8 eight",
    "9 nine",
    "10 ten",
    "11 eleven",
    "12 twelve dozen dozens",
    "13 thirteen",
    "14 fourteen",
    "15 fifteen",
    "16 sixteen",
    "17 seventeen",
    "18 eighteen",
    "19 nineteen",
    "20 twenty",
    "30 thirty",
    "40 forty",
    "50 fifty fifties",
    "60 sixty sixties",
    "70 seventy seventies",
    "80 eighty eighties",
    "90 ninety nineties",
    "50 50s",
    "program programme programmes",
    "gray grey",
    "ton tonne tonnes",
    "tire tyre tyres",
    "kilometer km",
    "center centre centres centred",
    "theater theatre theatres",
    "defend defence defense defences defenses",
    "offense offence offences",
    "license licence licences",
    "plow plough ploughs ploughed",
    "afghanistan afghan afghans",
    "albania albanian albanians",
    "algeria algerian algerians",
    "argentina argentine argentines argentinian",
    "armenia armenian armenians",
    "australia australian australians",
    "austria austrian austrians",
    "azerbaijan azerbaijani azerbaijanis",
    "belarus belarusian belarusians",
    "belgium belgian belgians",
    "bolivia bolivian bolivians",
    "bosnia bosnian bosnians",
    "brazil brazilian brazilians",
    "britain british briton britons uk",
    "bulgaria bulgarian bulgarians",
    "canada canadian canadians",
    "chechnya chechen chechens",
    "chile chilean chileans",
    "china chinese",
    "colombia colombian colombians",
    "congo congolese",
    "croatia croatian croatians croat croats",
    "cuba cuban cubans",
    "cyprus cypriot cypriots",
    "czechia czech czechs",
    "denmark danish danes",
    "egypt egyptian egyptians",
    "estonia estonian estonians",
    "ethiopia ethiopian ethiopians",
    "europe european europeans",
    "finland finnish finns",
    "france french frenchman",
    "georgia georgian georgians",
    "germany german germans",
    "greece greek greeks",
    "hungary hungarian hungarians",
    "india indian indians",
    "indonesia indonesian indonesians",
    "iran iranian iranians",
    "iraq iraqi iraqis",
    "ireland irish",
    "islam islamic islamist islamists islamism",
    "israel israeli israelis",
    "italy italian italians",
    "japan japanese",
    "jordan jordanian jordanians",
    "kazakhstan kazakh kazakhs",
    "kenya kenyan kenyans",
    "korea korean koreans",
    "kyrgyzstan kyrgyz",
    "latvia latvian latvians",
    "lebanon lebanese",
    "libya libyan libyans",
    "lithuania lithuanian lithuanians",
    "mexico mexican mexicans",
    "moldova moldovan moldovans",
    "mongolia mongolian mongolians",
    "morocco moroccan moroccans",
    "netherlands dutch",
    "nigeria nigerian nigerians",
    "norway norwegian norwegians",
    "pakistan pakistani pakistanis",
    "palestine palestinian palestinians",
    "peru peruvian peruvians",
    "philippines philippine filipino filipinos",
    "poland polish poles",
    "portugal portuguese",
    "romania romanian romanians",
    "russia russian russians",
    "saudi saudis",
    "serbia serbian serbians serb serbs",
    "slovakia slovak slovaks",
    "slovenia slovenian slovenians",
    "somalia somali somalis",
    "spain spanish spaniards",
    "soviet soviets ussr",
    "sudan sudanese",
    "sweden swedish swedes",
    "switzerland swiss",
    "syria syrian syrians",
    "taiwan taiwanese",
    "tajikistan tajik tajiks",
    "thailand thai thais",
    "tunisia tunisian tunisians",
    "turkey turkish turks turkiye",
    "turkmenistan turkmen",
    "ukraine ukrainian ukrainians",
    "us america american americans usa",
    "uzbekistan uzbek uzbeks",
    "venezuela venezuelan venezuelans",
    "vietnam vietnamese",
    "yemen yemeni yemenis",
];

/// The base form of `word` (lower case).
fn base(word: &str) -> Option<&'static str> {
    static TABLE: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for line in FORMS {
            let mut forms = line.split(' ');
            let base = forms.next().unwrap_or_default();
            for form in forms {
                table.entry(form).or_insert(base);
            }
        }
        table
    });
    table.get(word).copied()
}

/// `text` with abbreviations that the tokenizer would split joined into one word. The length is unchanged, so
/// offsets stay valid.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for (dotted, joined) in [("U.S.", "US  "), ("U.N.", "UN  "), ("U.K.", "UK  "), ("E.U.", "EU  ")] {
        if text.contains(dotted) {
            text = Cow::Owned(text.replace(dotted, joined));
        }
    }
    text
}

/// Shortest word, in bytes, whose spelling is normalized: `four` and `rise` stay.
const SPELT: usize = 6;

/// Turns British into American spelling where endings show it. Some results are not words, but they are the
/// same for both spellings.
fn respell(word: &mut String) {
    if word.len() < SPELT || word == "fourth" {
        return;
    }
    if let Some(at) = word.find("our") {
        word.replace_range(at..at + 3, "or");
    }
    for ending in ["isation", "isations", "ise", "ised", "ises", "ising", "iser", "isers"] {
        if word.ends_with(ending) {
            let at = word.len() - ending.len() + 1;
            word.replace_range(at..=at, "z");
            break;
        }
    }
    // `terrorist` and `terrorism`, `economist` and `economic`: the stemmer does the rest.
    let end = word.trim_end_matches('s').len();
    if end >= 8 && word[..end].ends_with("ist") {
        word.truncate(end - 3);
    }
}

/// The token filter; goes after lower-casing and before the stemmer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forms;

impl TokenFilter for Forms {
    type Tokenizer<T: Tokenizer> = Filtered<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Filtered<T> {
        Filtered(tokenizer)
    }
}

/// A tokenizer with [`Forms`] applied.
#[derive(Debug, Clone)]
pub(super) struct Filtered<T>(T);

impl<T: Tokenizer> Tokenizer for Filtered<T> {
    type TokenStream<'a> = Stream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Stream(self.0.token_stream(text))
    }
}

#[derive(Debug)]
pub(super) struct Stream<S>(S);

impl<S: TokenStream> TokenStream for Stream<S> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        let text = &mut self.0.token_mut().text;
        match base(text) {
            Some(base) => {
                text.clear();
                text.push_str(base);
            }
            None => respell(text),
        }
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::super::stems;
    use super::*;

    #[test]
    fn forms_of_a_word_come_out_alike() {
        for group in [
            "sold sells selling sale",
            "forty 40",
            "twice two 2",
            "Russian Russians Russia",
            "U.S. US American Americans America",
            "labour labor labours",
            "organise organized organising organization organisations",
            "programme programs",
            "centre centers",
            "economist economists economic",
            "terrorist terrorists terrorism",
            "harbour harbors harbours",
            "died deaths dies",
        ] {
            assert_eq!(stems(group).len(), 1, "{group}: {:?}", stems(group));
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for words in [
            "flour floor",
            "fourth forth",
            "rise rice",
            "promise premise",
            "list lit",
            "left leave",
            "poles pole vault polls",
        ] {
            assert_eq!(stems(words).len(), words.split(' ').count(), "{words}: {:?}", stems(words));
        }
    }

    #[test]
    fn no_form_belongs_to_two_words() {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for line in FORMS {
            let mut forms = line.split(' ');
            let base = forms.next().expect("a base");
            for form in forms {
                let other = seen.insert(form, base);
                assert!(other.is_none_or(|other| other == base), "{form}: {base} and {other:?}");
                assert_ne!(form, base);
            }
        }
    }

    #[test]
    fn offsets_stay() {
        let text = "The U.S. and the U.N. in 𝄞 U.K.";
        assert_eq!(joined(text).len(), text.len());
        assert_eq!(joined("Nothing"), "Nothing");
    }
}
