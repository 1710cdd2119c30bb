//! The text in a page's frame: dates, buttons, menus, labels, notices. Looks at one paragraph at a time, like
//! [`super::phrases`], and anchors every pattern at both ends so that prose about such things stays prose.

use std::sync::LazyLock;

use super::pattern::Pattern;
use crate::corpus::source::Furniture;

/// Defines a pattern known to be valid: the tests compile all of them.
macro_rules! pattern {
    ($name:ident, $($part:expr),+ $(,)?) => {
        static $name: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(concat!($($part),+)));
    };
}

/// Month names in six languages, with short forms.
macro_rules! month {
    () => {
        r"(?:jan(?:uary|vier|uar|\.)?|feb(?:ruary|ruar|\.)?|févr(?:ier|\.)|mar(?:ch|s|zo|\.)?|märz|apr(?:il|\.)?|avr(?:il|\.)|may|mai|mayo|june?|juin|juni|junio|jun\.|july?|juill?et|juli|julio|jul\.|aug(?:ust|\.)?|août|agosto|sept?(?:ember|embre|iembre|tembre|\.)?|okt(?:ober|\.)?|oct(?:ober|obre|ubre|\.)?|ottobre|nov(?:ember|embre|iembre|\.)?|dec(?:ember|\.)?|déc(?:embre|\.)|dez(?:ember|\.)?|diciembre|dicembre|enero|febrero|abril|gennaio|febbraio|aprile|maggio|giugno|luglio|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
    };
}

/// A date with a year: `14 March 2022`, `March 4, 2018`, `03.04.2022`, `2020-05-01`, `JUNE 2017`.
macro_rules! date {
    () => {
        concat!(
            r"(?:(?:\p{L}+[,.]? )?(?:\d{1,2}(?:st|nd|rd|th|er|\.)? (?:de |of )?",
            month!(),
            r",? (?:de )?\d{4}|",
            month!(),
            r"(?: \d{1,2}(?:st|nd|rd|th)?)?,? \d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})",
            r"(?: ?(?:г\.|года))?|\d{4}年\d{1,2}月(?:\d{1,2}日)?)"
        )
    };
}

macro_rules! time {
    () => {
        r"(?:[ ,|·•–—-]*(?:at |à |um |a las |в )?\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?(?:uhr|h|gmt|utc|bst|ce?s?t|e[sd]?t|p[sd]?t))?(?: gmt)?)"
    };
}

// A press release has the place in front: Rivertown, le 5 mai 2031.
pattern!(
    DATED,
    r"(?i)^(?:(?-i:\p{Lu})[\p{L}.’'-]+(?: [\p{L}.’'-]+){0,3}, (?:le |den |el |il |am |on )?)?",
    date!(),
    time!(),
    r"?(?:\s*(?:[|·•–—/-]|by)\s*[^.!?]{1,60})?$"
);
pattern!(
    PUBLISHED,
    r"(?i)^(?:(?:first |originally )?(?:published|posted|updated|modified|released)|last (?:updated|modified|reviewed|edited)|date|publié|mis à jour|veröffentlicht|aktualisiert|erstellt|stand|publicado|actualizado|pubblicato|aggiornato|опубликовано|обновлено|дата публикации|发布时间|更新时间)",
    r"(?: (?:on|le|am|el|il|in))?\s*[:：-]?\s*(?:",
    date!(),
    r"|(?:\p{L}+[,.]? )?\d{1,2}(?:st|nd|rd|th|\.)? ",
    month!(),
    r"|",
    month!(),
    r" \d{1,2}|(?:an?|\d{1,2}) (?:minutes?|hours?|days?|weeks?) ago)",
    time!(),
    r"?(?:\s*(?:[|·•–—/,-]|by)\s*[^.!?]{1,60})?$",
);
pattern!(
    WRITTEN,
    r"^(?:(?i:by|text by|words by|story by|photos? by|photographs by|interview by|written by|reported by|edited by|reviewed by|translated (?:from .{2,20} )?by|par|propos recueillis par|von|ein .{2,30} von|por|di|автор|авторы|текст|作者|记者|责任编辑|编辑)(?:\s*[:：]\s*|\s+))",
    r"(?:(?:\p{Lu}[\p{L}.’'-]*|de|van|von|der|al|and|et|und|y|e|и|&|,|\||(?i:photographs?|photos?|illustrations?) by|\p{Lo}{2,12})[ ,]*)+(?:\s*[|·•–—]\s*.+|, .+ correspondent)?$",
);
pattern!(
    REPORTING,
    r"(?i)^[(\[](?:(?:additional )?reporting|writing|editing|with reporting|compiled|edited) (?:by|from) .+[)\]]$",
    r"|^(?:additional |with additional |with )?(?:reporting|research) by (?-i:(?:\p{Lu}[\p{L}.’'-]*|and|in|,)[ ,]*)+\.?$",
    r"|^(?:reuters|afp|ap|dpa|efe|ansa|tass|interfax|xinhua|associated press|agence france-presse)$",
    r"|^[\p{L}.’' -]+, with additional reporting by .+$|^[\p{L}.’', -]+ contributed (?:reporting|to this (?:report|story|article))\b.{0,40}$",
);
// Strong: unambiguous on their own.
pattern!(
    CONTROL,
    r"(?i)^(?:[-–—* ]*(?:advertisement(?:\s*[-–—:]\s*.{2,40})?|advertising|sponsored(?: content)?|(?:story|article|text|content) continues (?:below|after)(?: (?:the )?(?:advertisement|ad))?|continue reading below|skip advertisement|anzeige|werbung|publicité|publicidad|pubblicità|реклама|广告)[-–—* ]*",
    r"|skip to (?:main )?(?:content|navigation|search)|jump to (?:content|navigation)|zum inhalt springen|aller au contenu(?: principal)?|saltar al contenido|перейти к (?:основному )?содержани\p{L}+",
    r"|share (?:this|on|via|with)(?: (?:article|story|post|page|piece|link))?(?: (?:on|via|with))?(?: (?:facebook|twitter|x|linkedin|whatsapp|telegram|e-?mail|reddit))?\s*:?|click to (?:share|print|email).{0,60}|like this:|like loading\.*|loading\.\.\.",
    r"|copy link|print this (?:page|article)|e-?mail this (?:page|article)?|send to a friend|(?:download|view|read) (?:the |as |full )?(?:pdf|full report|report)(?: \(.{2,20}\))?|save (?:this )?(?:article|for later)|gift (?:this )?article|add to (?:bookmarks|favorites|reading list)|open access|cite this article|view (?:comments|gallery)|show (?:more|comments|caption)|hide caption|toggle caption|back to top|go to top|nach oben|haut de page",
    r"|artikel (?:teilen|drucken|merken)|teilen(?: auf .{2,20})?|partager(?: (?:cet article|sur .{2,20}))?|imprimer|compartir(?: en .{2,20})?|condividi|поделиться(?: в .{2,20})?|分享(?:到.{1,10})?",
    r"|follow (?:us|me|@?\S{2,30})(?: on| via)? (?:twitter|facebook|instagram|linkedin|telegram|google news|youtube|x|social media)(?:(?:,| and| or|, and) (?:twitter|facebook|instagram|linkedin|telegram|google news|youtube|x))*|follow us(?: on)?\s*:?|folgen sie uns .{2,40}|suivez-nous .{2,40}",
    r"|(?:about |approx\. )?\d{1,3}[ -]?(?:min(?:ute)?s?\.?)(?: read(?:ing time)?)?|(?:reading time|read time|estimated reading time|temps de lecture|lesezeit|lesedauer|tiempo de lectura|tempo di lettura|время (?:на )?чтени[яе])\s*[:：]?\s*(?:about |ca\. )?\d{1,3} ?(?:min\p{L}*|минут\p{L}*|мин)?\.?",
    r"|accept(?: all)?(?: cookies)?|reject all(?: cookies)?|(?:manage|cookie) (?:preferences|settings)|accept and close|alle akzeptieren|tout accepter|aceptar todo|принять(?: все)?",
    r"|listen to (?:this )?(?:article|story)|log ?in|sign in|log out|my account|already have an account\?|(?:previous|next) (?:article|post|story|page)|tweet|pin it)$",
);
pattern!(
    KEYWORDS,
    r"(?i)^(?:tags?|tagged(?: (?:with|as|in))?|topics?|filed under|categories|category|posted in|archivado en|schlagwörter|schlagworte|mots[- ]clés de l.article|étiquettes|теги|метки|标签)(?:\s*[:：]\s*[^.!?]{2,200}$| [^.!?:]{2,120}\|.{2,120}$)",
);
// Weak: each could be a heading or a list item, so two of them must be adjacent.
const WEAK: [&str; 44] = [
    "share",
    "facebook",
    "twitter",
    "x",
    "linkedin",
    "whatsapp",
    "telegram",
    "reddit",
    "email",
    "e-mail",
    "print",
    "save",
    "listen",
    "comment",
    "comments",
    "bookmark",
    "pocket",
    "pinterest",
    "instagram",
    "youtube",
    "home",
    "menu",
    "search",
    "news",
    "world",
    "politics",
    "business",
    "sport",
    "sports",
    "culture",
    "opinion",
    "video",
    "podcasts",
    "contact",
    "contact us",
    "about us",
    "publications",
    "events",
    "subscribe",
    "subscribe now",
    "rss",
    "vk",
    "menü",
    "suche",
];
// Labels above a title.
const LABELS: [&str; 81] = [
    "advertisement",
    "analysis",
    "opinion",
    "op-ed",
    "commentary",
    "comment",
    "editorial",
    "feature",
    "features",
    "essay",
    "interview",
    "exclusive",
    "breaking",
    "breaking news",
    "news",
    "world",
    "world news",
    "politics",
    "business",
    "economy",
    "culture",
    "sport",
    "europe",
    "asia",
    "africa",
    "americas",
    "middle east",
    "review",
    "book review",
    "long read",
    "the long read",
    "explainer",
    "report",
    "press release",
    "news release",
    "media release",
    "for immediate release",
    "issue brief",
    "policy brief",
    "working paper",
    "research",
    "home",
    "menu",
    "publications",
    "subscribe now",
    "live",
    "perspectives",
    "insight",
    "insights",
    "kommentar",
    "meinung",
    "analyse",
    "menü",
    "startseite",
    "pressemitteilung",
    "presseerklärung",
    "medienmitteilung",
    "communiqué",
    "communiqué de presse",
    "comunicado de prensa",
    "nota de prensa",
    "comunicato stampa",
    "persbericht",
    "pressmeddelande",
    "пресс-релиз",
    "tribune",
    "opinión",
    "análisis",
    "opinioni",
    "мнение",
    "аналитика",
    "главная",
    "komunikat prasowy",
    "informacja prasowa",
    "zur sofortigen veröffentlichung",
    "pour diffusion immédiate",
    "para publicación inmediata",
    "para difusión inmediata",
    "per la pubblicazione immediata",
    "do natychmiastowej publikacji",
    "для немедленной публикации",
];
pattern!(
    NOTICE,
    r"(?i)^(?:©|\(c\)|copyright (?:©|\(c\))) ?.{0,80}(?:\d{4}|rights reserved).{0,120}$|^copyright \d{4}\b.{0,80}$|^.{0,60}\ball rights reserved\b.{0,60}$|^.{0,4}(?:riproduzione riservata|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|все права защищены).{0,20}$",
    r"|^(?:this|the) (?:article|story|piece|essay|post|op-ed|commentary|interview|report|column|blog) (?:was |has been |is |also |first |originally ){1,3}(?:first |originally |also )?(?:published|republished|appeared|edited for|adapted from|translated|closed|now closed)\b.{0,200}$|^this (?:article|story|piece) appears in\b.{0,120}$",
    r"|^this interview (?:has been|was) .{0,20}(?:edited|condensed).{0,80}$|^a version of this (?:article|story|piece|essay)\b.{0,200}$|^(?:originally|first) published (?:by|in|on|at) .{2,120}$",
    r"|^corrections?(?:,[^:]{3,30})?\s*:\s.+$|^editor[’']?s[’']? note\s*:?\s.*$|^note de la rédaction\s*:.+$|^anmerkung der redaktion\s*:.+$|^от редакции\s*:.+$|^our standards\s*:.{2,80}$|^have you been affected\b.{2,160}$",
    r"|^[-–—*# ]*(?:ends?|endet)[-–—*# ]*$",
    r"|^(?:for (?:more|further|additional) information,? (?:please )?(?:contact|e-?mail|call|write to)|(?:media|press) (?:contacts?|enquiries|inquiries)\s*:|pressekontakt\s*:|contact presse\s*:).{0,160}(?:@|\d{3}).{0,80}$",
);
pattern!(
    COOKIES,
    r"(?i)^(?:we (?:and our partners )?use cookies|(?:this|our) (?:web)?site uses cookies|by (?:continuing|using) .{2,60}cookies|cookies help us|wir verwenden cookies|diese (?:web)?seite verwendet cookies|(?:ce|notre) site utilise des cookies|nous utilisons des cookies|utilizamos cookies|мы используем .{0,40}cookie)"
);
pattern!(
    MAIL,
    r"(?i)^(?:subscribe (?:now|today|here|to (?:our|the) .{2,60})|sign up (?:for|to) (?:our|the) .{0,40}(?:briefing|alerts?|updates)|enter your e-?mail(?: address)?|your e-?mail(?: address)?|e-?mail address|view this (?:e-?mail|message) in your browser|unsubscribe|manage (?:your )?subscriptions?|you are receiving this (?:e-?mail|message|newsletter) because .{2,120}|(?:subscribe|sign in|register|log in) to (?:continue reading|read (?:the full|more)).{0,40}|register (?:now|to read) ?.{0,40}|(?:this article is for subscribers|subscribers only).{0,30}|abonnez-vous pour .{2,40}|(?:suscríbete|suscríbase) .{0,40}|jetzt abonnieren|newsletter|get our .{2,40}newsletter.{0,40})\.?$",
);

/// Most words in a date, button or label; anything longer is prose.
const FRAME_WORDS: usize = 30;

/// The kind of furniture that `words` are, judged by wording alone. `top` says that the article has not
/// begun.
pub(super) fn kind(words: &str, top: bool) -> Option<Furniture> {
    if COOKIES.fits(words) {
        return Some(Furniture::BrowserNotice);
    }
    if NOTICE.fits(words) {
        return Some(Furniture::Disclaimer);
    }
    if words.split_whitespace().nth(FRAME_WORDS).is_some() {
        return None;
    }
    if PUBLISHED.fits(words) || WRITTEN.fits(words) || REPORTING.fits(words) || (top && DATED.fits(words)) {
        return Some(Furniture::Byline);
    }
    if MAIL.fits(words) {
        return Some(Furniture::Newsletter);
    }
    (CONTROL.fits(words) || KEYWORDS.fits(words)).then_some(Furniture::Control)
}

/// Whether `words` name a button or section, and so are a control if next to another one.
pub(super) fn is_weak_control(words: &str) -> bool {
    words.len() <= 30 && WEAK.contains(&words.to_lowercase().as_str())
}

pattern!(
    CONTACT,
    r"(?i)\S@[\w-]+\.\w|\b(?:https?://|www\.)\S|\b(?:tel|telephone|phone|fax|telefax|mobile|cell|tél|téléphone|telefon|handy|gsm|teléfono|telefono|тел|телефон|факс)\b\.?\s*[:：(+]?\s*[+(]?[0-9]",
    // Whom to ask, with a number of at least seven digits: Pressekontakt: Ada Brandt, 030/1234567.
    r"|\b(?:media|press|presse|contact|contacts|contatt[oi]|contacto|kontakt|pressekontakt|pressestelle|rückfragen|renseignements|stampa|prensa|prasowe|mediów|контакты?|пресс-служба)\b[^:\n]{0,20}:.{0,60}?(?:(?:[0-9][ ()/.]{0,3}){7,}|[0-9]{3}-[0-9]{2}-[0-9]{2}\b)",
    // Pairs of digits: 01 23 45 67 89.
    r"|(?:^|[^0-9])(?:\+33 ?|0)[0-9](?:[ .][0-9]{2}){4}(?:$|[^0-9])",
    // A postcode and a town at the end: 12 rue du Port, 75001 Paris.
    r"|[0-9].{0,40}, (?:[a-z]{1,2}-)?(?:[0-9]{5}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}) (?-i:\p{Lu})[\p{L}.-]+(?: (?:am|an der|sur|de|del|di|(?-i:\p{Lu})[\p{L}.-]+|[0-9]+)){0,3}$|(?-i:\p{Lu})[\p{L}.’'-]+(?: [\p{L}.’'-]+){0,3} [0-9]{1,4}\p{L}?, (?:[a-z]{1,2}-)?(?:[0-9]{4,5}|[0-9]{2}-[0-9]{3}) (?-i:\p{Lu})[\p{L}.-]+(?: (?:am|an der|sur|de|del|di|(?-i:\p{Lu})[\p{L}.-]+|[0-9]+)){0,3}$",
    // An address without a scheme, alone or after whom to ask.
    r"|^(?:[^:\n]{2,40}: |.{0,40} (?:visit|see|besuchen sie|unter|auf|sur|su) )?(?-i:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|int|info|eu|de|at|ch|fr|be|es|it|ru|pl|uk|nl|example))(?:/\S*)?\.?$",
    r"|(?:^|[^0-9-])(?:\+[0-9]{1,3}[ .-])?(?:\([0-9]{2,5}\)[ .-]?|[0-9]{3}[.-])?[0-9]{3}[.-][0-9]{4}(?:$|[^0-9-])|\+[0-9]{1,3}[ (]{1,2}[0-9][0-9 ()/.-]{5,}",
    r"|\bp\.? ?o\.? box [0-9]|\b[0-9]{1,5} (?:[\p{L}.’']+ ){1,4}(?:street|st\.?|avenue|ave\.?|road|rd\.?|boulevard|blvd\.?|lane|square|plaza), |, [A-Z]{2} [0-9]{5}\b",
);

/// Whether `words` are contact details: a telephone number, an address.
pub(super) fn is_contact(words: &str) -> bool {
    words.len() <= 200 && CONTACT.fits(words)
}

/// Whether `words` are a label that sites print above a title.
pub(super) fn is_label(words: &str) -> bool {
    let lower = words.to_lowercase();
    // The number of a press release: `Nr. 12/2031`.
    let number = ["nr", "no", "n°", "nº", "№", "núm", "num"].iter().find_map(|name| lower.strip_prefix(name));
    let number = number.map(|rest| rest.trim_start_matches(['.', ' ', '\u{a0}']));
    let numbered = number.is_some_and(|number| {
        number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '–'))
    });
    let embargo = ["embargo ", "embargo:", "embargoed ", "not for release before", "sperrfrist"];
    words.len() <= 60
        && (numbered
            || LABELS.contains(&lower.as_str())
            || embargo.iter().any(|opening| lower.starts_with(opening)))
}

pattern!(
    NAMES,
    r"^(?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.)(?: (?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.|de|van|von|der|al|bin)){1,3}(?:(?:, | and | et | und | & |, and )(?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.)(?: (?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.|de|van|von|der|al|bin)){1,3})*$",
);

/// Whether `words` appear to be names of people and nothing else.
pub(super) fn is_names(words: &str) -> bool {
    words.len() <= 160 && NAMES.fits(words)
}

/// The names in a byline, in lower case: `By Maria Tamm and Jonas Berg`.
pub(super) fn names(byline: &str) -> Vec<String> {
    let words = byline.split([',', '|', '&', '·', '—', '–', '/']);
    let parts = words
        .flat_map(|part| part.split(" and ").flat_map(|part| part.split(" und ")))
        .flat_map(|part| part.split(" et "));
    parts
        .filter_map(|part| {
            let names: Vec<&str> = part
                .split_whitespace()
                .skip_while(|word| {
                    let word = word.to_lowercase();
                    let word = word.trim_end_matches(':');
                    [
                        "by",
                        "text",
                        "words",
                        "story",
                        "interview",
                        "written",
                        "reported",
                        "photographs",
                        "photos",
                        "photo",
                        "par",
                        "von",
                        "por",
                        "di",
                        "автор",
                    ]
                    .contains(&word)
                })
                .collect();
            let capital = |word: &&str| word.starts_with(char::is_uppercase);
            (2..=4).contains(&names.len()).then_some(())?;
            (names.iter().filter(|word| capital(word)).count() >= 2).then(|| names.join(" ").to_lowercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_a_regular_expression() {
        for pattern in [
            &DATED, &PUBLISHED, &WRITTEN, &REPORTING, &CONTROL, &KEYWORDS, &NOTICE, &COOKIES, &MAIL, &NAMES,
            &CONTACT,
        ] {
            assert!(pattern.is_valid());
        }
    }

    #[test]
    fn contact_details_are_no_titles() {
        for words in [
            "Contact presse : Ada Brandt, 01 23 45 67 89",
            "Contact : Service de presse, 12 rue du Port, 75001 Paris",
            "Tél. : 01.23.45.67.89",
            "Renseignements : +33 1 23 45 67 89",
            "Pressestelle: 030/1234567",
            "Rückfragen: Telefon 040 / 42 82 40",
            "Hafenstraße 12, 20457 Hamburg",
            "Contacto: Ada Brandt, 912 345 678",
            "Calle del Puerto 12, 28001 Madrid",
            "Contatti: Ada Brandt, 06 1234567",
            "Via del Porto 12, 00100 Roma",
            "Контакт: пресс-служба, +7 495 123-45-67",
            "ul. Portowa 12, 00-001 Warszawa",
            "Kontakt dla mediów: prasa@port.example",
            "Press office: harbour-authority.example",
            "For more information visit rivertown.example",
            "www.port.example",
            "port.example/presse",
        ] {
            assert!(is_contact(words), "{words}");
        }
        for words in [
            "Contact: how the first signal was heard",
            "Kontakt mit dem Feind, 1914–1918",
            "Why 911 calls went unanswered",
            "Rue du Port",
            "The road to 10 Downing Street",
            "Of 1,200 boats, 12000 Crews went home",
            "The press in 1848: 12 papers, 3 towns",
            "The www and its makers",
            "How Booking.com won the coast",
            "Telefon aus Moskau",
            "Press freedom: 100 days, 20 arrests",
        ] {
            assert!(!is_contact(words), "{words}");
        }
    }

    #[test]
    fn the_frame_of_a_page() {
        use Furniture::*;
        for (words, expected) in [
            ("Posted on March 4, 2018 by Liis", Byline),
            ("Updated: 28 Aug 2019 16:40 GMT", Byline),
            ("Publié le 12 janvier 2021 à 18h30", Byline),
            ("03.04.2022, 11:45 Uhr", Byline),
            ("发布时间：2021年3月4日", Byline),
            ("BY ELENA VARGA | PHOTOGRAPHS BY TOMAS LIND", Byline),
            ("(Reporting by Maria Tamm; Editing by Jonas Berg)", Byline),
            ("Share this article", Control),
            ("Article continues after advertisement", Control),
            ("12 min read", Control),
            ("Lesezeit: 4 Minuten", Control),
            ("Tags: harbour, council, engineering", Control),
            ("Skip to main content", Control),
            ("Follow us on Twitter and Facebook", Control),
            ("© 2023 Baltic Forum. All rights reserved.", Disclaimer),
            ("Correction, 4 May: An earlier version gave the wrong year.", Disclaimer),
            ("This article was originally published in the Harbour Weekly.", Disclaimer),
            ("For more information, contact Maria Tamm, press@ports.example", Disclaimer),
            ("We use cookies to improve your experience.", BrowserNotice),
            ("Enter your email address", Newsletter),
            ("Subscribe to continue reading", Newsletter),
        ] {
            assert_eq!(kind(words, true), Some(expected), "{words}");
        }
        assert_eq!(kind("12 January 1941", false), None, "the heading of a diary's day");
    }

    #[test]
    fn prose_that_begins_like_it_stays_prose() {
        for words in [
            "Published in 1954, the map still shows the old shore.",
            "Updated plans were shown to the council on 4 May 2021, and rejected.",
            "By Monday the water had reached the second step.",
            "Share prices fell by a tenth on the news.",
            "Print was dying, said the editor.",
            "Tags were cut from the mailbags.",
            "Copyright law changed in 1957, when the treaty was signed in Geneva.",
            "Correction of the river began in 1871.",
            "This article of the treaty was published in 1957, and nobody has read it since.",
            "Writing for the majority, Justice Hronek said that the shore was public land.",
            "Reporting by the ministry showed 14 deaths.",
            "For more information, contact was sought with the crew.",
            "Ends, not means, were what the committee had been asked to discuss.",
            "Follow us, the pilot said.",
            "Subscribe to that view and you must also believe that the ice melts in January.",
            "Cookies were handed out to the crews.",
            "12 minutes later the bridge was down.",
        ] {
            assert_eq!(kind(words, true), None, "{words}");
        }
    }

    #[test]
    fn names_of_bylines() {
        assert_eq!(names("By Maria Tamm and Jonas Berg"), ["maria tamm", "jonas berg"]);
        assert_eq!(names("Von Maria Tamm, Riga"), ["maria tamm"]);
        assert!(is_names("Maria Tamm, Jonas Berg and L. Kask"));
        assert!(!is_names("Three scenarios") && !is_names("Riga"));
    }
}
