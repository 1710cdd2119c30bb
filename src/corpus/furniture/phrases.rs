//! The set phrases of web pages in several languages. Looks at one paragraph at a time; its position on the
//! page is left to [`super`]. Every pattern is anchored, so that prose about newsletters, browsers or
//! photographs stays prose.

use std::sync::LazyLock;

use super::pattern::Pattern;
use crate::corpus::source::Furniture;

/// Paragraphs longer than this, in bytes, are not captions, prompts or notices.
pub(super) const NOTICE_BYTES: usize = 900;

/// Defines a pattern known to be valid: the tests compile all of them.
macro_rules! pattern {
    ($name:ident, $($part:expr),+ $(,)?) => {
        static $name: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(concat!($($part),+)));
    };
}

pattern!(
    COMMENT_HEADING,
    r"(?i)^(?:(?:(?:leave|post|add|write) a (?:comment|reply)|laisse[rz] un commentaire|ajouter un commentaire",
    r"|(?:schreib(?:en sie|e)? |hinterlasse(?:n sie)? )?einen kommentar(?: schreiben| hinterlassen)?",
    r"|kommentar (?:schreiben|hinterlassen|verfassen)|deja(?:r)? (?:un comentario|una respuesta)",
    r"|lascia un commento|deixe um comentário|(?:оставить|добавить|оставьте) комментарий",
    r"|reactie plaatsen|dodaj komentarz|залишити коментар)(?: cancel reply| annuler la réponse)?",
    r"|\d+ (?:comments?|commentaires?|kommentare?|comentarios?)|(?:comments?|commentaires?|kommentare|comentarios|комментарии) ?\(\d+\)",
    r"|no comments(?: yet)?|aucun commentaire|comments are closed)\s*[.:!*]?$",
);
// Nothing below these belongs to the article, however long it is.
pattern!(
    COMMENTS_BEGIN,
    r"(?i)^(?:(?:\d+|one|two|three) (?:thoughts?|responses?|replies) (?:on|to) .{1,200}|(?:leave|post|add) a (?:comment|reply)(?: cancel reply)?|laisse[rz] un commentaire(?: annuler la réponse)?|deja(?:r)? (?:un comentario|una respuesta)|(?:schreib(?:en sie|e)? |hinterlasse(?:n sie)? )einen kommentar|(?:оставить|добавить|оставьте) комментарий)\s*[.:!*]?$",
);
pattern!(
    COMMENT_NOTICE,
    r"(?i)^(?:your e-?mail(?: address)? will not be (?:published|shared)",
    r"|votre adresse (?:e-?mail|de messagerie|électronique) ne sera pas publiée",
    r"|(?:deine|ihre) e-?mail-?adresse wird nicht veröffentlicht",
    r"|tu (?:dirección de )?(?:correo electrónico|e-?mail) no será publicad[oa]",
    r"|il tuo indirizzo e-?mail non sarà pubblicato|o seu endereço de e-?mail não será publicado",
    r"|ваш (?:адрес )?(?:e-?mail|электронной почты) не будет опубликован",
    r"|required fields are marked|les champs obligatoires sont indiqués|обязательные поля помечены",
    r"|save my name, e-?mail,? and website in this browser)",
);
pattern!(
    RELATED_HEADING,
    r"(?i)^(?:related|related (?:content|posts?|articles?|stories|reading|news|topics|links)|more (?:on|from) this (?:topic|story|author|issue)",
    r"|more (?:on|from|in|about) (?:this story|this section|\p{Lu}\p{L}+(?: \p{L}+){0,4})|read next|up next|what to read next|editors?[’']? (?:picks?|choice)|related to this story|latest (?:news|stories|articles|posts)|popular(?: now| posts| stories)?|see also|don[’']t miss",
    r"|you (?:may|might) also (?:like|be interested in)|recommended(?: reading| for you| articles)?|most (?:read|popular)|trending(?: now)?",
    r"|further reading|what to read next|(?:à )?lire aussi|à lire également|articles (?:liés|similaires|connexes|associés)|sur le même (?:sujet|thème)",
    r"|mehr zum thema|ähnliche (?:artikel|beiträge)|das könnte (?:sie|dich) auch interessieren|lesen sie auch|verwandte artikel",
    r"|artículos relacionados|noticias relacionadas|te puede interesar|también te puede interesar|lee también",
    r"|читайте также|похожие (?:статьи|материалы|записи)|материалы по теме|по теме|articoli correlati|leggi anche|leia também|artigos relacionados)\s*[:…]?$",
);
pattern!(
    TEASER,
    r"(?i)^(?:read more|continue reading|read the full (?:article|story)|lire plus|lire la suite|en savoir plus|weiterlesen|mehr lesen|leer más|seguir leyendo|читать далее|читать дальше|leggi tutto|leia mais)\s*(?:$|[.…»›→>]+$|:\s*.{1,160}$)",
);
pattern!(
    TEASER_LINK,
    r"(?i)^(?:read (?:also|next)|also read|related|see also|(?:à )?lire aussi|lesen sie auch|lee también|читайте также|leggi anche)\s*:\s*.{1,160}$",
);
pattern!(
    NEWSLETTER,
    r"(?i)^(?:please )?(?:subscribe|sign up|sign-up|join|register)\b.{0,60}\b(?:newsletters?|digest|mailing list|inbox|bulletin|e-?mail updates|weekly update)\b",
    r"|^(?:get|receive) .{0,60}\b(?:in|to) your inbox\b",
    r"|^(?:s’abonner|s'abonner|abonnez-vous|inscrivez-vous|recevez) .{0,60}\b(?:newsletter|lettre d.information|infolettre)\b",
    r"|^(?:abonnieren sie|abonniere|newsletter abonnieren|jetzt .{0,30}newsletter|melden sie sich .{0,40}newsletter)",
    r"|^(?:suscríbete|suscríbase|suscribirse) .{0,60}\b(?:newsletter|boletín)\b",
    r"|^(?:подпишитесь|подписаться|подписывайтесь) .{0,120}(?:рассылк|дайджест|новост|телеграм|канал)",
);
pattern!(
    BROWSER,
    r"(?i)^(?:(?:sorry|unfortunately|warning|к сожалению|désolé|leider)[,:]? )?(?:",
    r"(?:ваш )?браузер.{0,120}(?:устарел|не поддерживается)",
    r"|(?:your|this|the) (?:web )?browser (?:you are using |you.re using )?(?:is|seems|appears|does not|doesn.t) .{0,40}(?:out[- ]of[- ]date|outdated|supported|support|old)\b",
    r"|you are using an? (?:outdated|old|unsupported) (?:web )?browser|please (?:update|upgrade) your (?:web )?browser|(?:update|upgrade) your (?:web )?browser",
    r"|votre navigateur (?:est obsolète|n.est (?:pas|plus)|ne supporte)|(?:ihr|dein) browser (?:ist veraltet|wird nicht|unterstützt)",
    r"|(?:tu|su) navegador (?:está|no)|(?:please )?enable javascript|javascript (?:is|must be) (?:disabled|required|enabled))",
);
pattern!(
    CAPTION_START,
    r"^(?:(?i:photo(?:graph)?(?:s)?|image|picture|illustration|cover photo|featured image)(?i: credits?)?\s*(?:(?i:by|courtesy of|courtesy|via)\s+[\p{Lu}@]|:\s*\S)",
    r"|(?i:photo|image|picture) (?i:credits?|source)\s*[:/]|(?i:credits?|crédits?(?: photos?)?|foto|fotos|bild|bildnachweis|bildquelle|imagen|immagine|фото|source de l.image|kredit)\s*[:/]\s*\S|©\s*\S|\(c\)\s+\p{Lu})",
);
pattern!(CAPTION_SOURCE, r"^(?i:source|sources|quelle|fuente|источник)\s*:\s*\S.{0,160}$");
pattern!(CAPTION_BY, r"(?i:\b(?:photo|photograph|image|illustration|picture|graphic)s?) (?i:by) [\p{Lu}@]");
pattern!(
    CAPTION_END,
    r"(?:via (?:Getty Images|Wikimedia Commons|Reuters|REUTERS|AP|AFP|Flickr|Shutterstock|Twitter|Unsplash|Imago)|(?:/|\\)\s?(?:Getty Images|Getty|AFP|Reuters|REUTERS|AP|AP Photo|EPA|EPA-EFE|TASS|Shutterstock|Wikimedia Commons|Flickr|Unsplash|dpa|Imago|Sputnik)|\((?:AP )?[Pp]hoto (?:by )?\p{Lu}.{1,80})\)?\.?$",
);
// An agency in brackets after a caption. Followed by a full stop or in mid-sentence, it credits a report
// instead.
pattern!(
    CAPTION_AGENCY,
    r"[.!?”’]?\s?[(\[](?:Getty Images|Getty|AFP|Reuters|REUTERS|AP|AP Photo|EPA|EPA-EFE|TASS|Shutterstock|Wikimedia Commons|Flickr|Unsplash|dpa|Imago|Sputnik)[)\]]$"
);
pattern!(
    CAPTION_BRACKET,
    r"[(\[](?i:(?:file )?photos?|foto|fotos|image|picture|bild|фото)(?:\s*[:/]|(?i: credits?:| courtesy| by \p{Lu}))[^)\]]*[)\]]\.?$",
    r"|[.!?”’] (?i:photos?|photograph|foto|image|picture|bild|фото)(?i: credit| by)?\s*: ?\p{Lu}[\p{L} .,’/-]+$|\S © ?\p{Lu}[\p{L} .,’/-]+$",
    r"|[.!?”’] \(\p{Lu}[\p{L}.-]+ \p{Lu}[\p{L}.-]+(?: for |/| / )[\p{L} ]+\)$",
);
pattern!(
    CAPTION_WORD,
    r"(?i)^(?:image source|image caption|media caption|figure caption|photo caption|video caption),? \S"
);
pattern!(
    FIGURE,
    r"(?i)^(?:(?:chart|graphic|infographic|map|figure|fig\.|table|graph|grafik|tabelle|abbildung|graphique|tableau|карта|график|таблица|рис\.) ?\d{0,3}[a-c]?[.:] \S|\[(?:photo|image|picture|caption|video|foto|bild)\b[^\]]*\]$|!\[[^\]]*\]\([^)]*\)$)"
);
pattern!(PRICE, r"^\p{Lu}{2,6}(?:/\p{Lu}{2,6})?\s*[:=]?\s*[$€£₽¥]?\s*[-+−]?\d[\d\s.,%()+−▲▼↑↓-]*$");
pattern!(NUMBER, r"^[$€£₽¥]?[-+−]?\d[\d\s.,%+−▲▼↑↓-]*$");
pattern!(GLOSS, r"^\p{L}[^=]{0,59} [=＝] \p{L}[^=.]{0,79}$");
pattern!(
    WORDS_HEADING,
    r"(?i)^(?:(?:key |new |difficult |useful )?(?:words|vocabulary|glossary)(?: (?:in|of|from) (?:this|the) (?:story|article|text|lesson))?|words to know|vocabulaire|lexique|wortschatz|vokabeln|vocabulario|glosario|словарь)\s*:?$"
);
pattern!(EXPLAINED, r"^\p{L}[^–—=:-]{0,59}(?: [–—=-] |: )\S.{0,200}$");
pattern!(
    VIEWS,
    r"(?i)^(?:disclaimer\s*:\s*|note\s*:\s*)?(?:(?:the |all )?(?:views|opinions|views and opinions|statements)(?: and opinions)? (?:expressed|represented|presented|in this|herein)",
    r"|les (?:opinions|propos|points de vue) (?:exprimé|contenu|dans)|die (?:in diesem|hier) .{0,40}(?:geäußert|vertreten)",
    r"|las opiniones (?:expresadas|vertidas)|(?:мнение|точка зрения) (?:автора|авторов|редакции) может не|le opinioni espresse)",
);
pattern!(
    OUTLET,
    r"^(?:The |Le |La |L’)?\p{Lu}.{1,90}? (?:is|est) (?:an?|une?) .{0,120}(?i:non-?partisan|non-?profit|not-for-profit|non-for-profit|501\(c\)|charity|charitable|à but non lucratif)",
);
pattern!(
    BIO_START,
    r"^(?:About the authors?\s*:?\s*)?(?:(?:Dr|Prof|Professor|Amb|Ambassador|Gen|Col|Lt|Sir|Dame|Mr|Ms|Mrs)\.? (?:\p{Lu}\p{Ll}*\. )?)*",
    r"(?P<name>\p{Lu}[\p{L}.’'-]*(?: (?:\p{Lu}[\p{L}.’'-]*|de|van|von|der|den|bin|al|ibn|da|dos|di|el)){1,5}),? ",
    r"(?:is|was|has been|serves as|served as|works as|teaches|covers|writes|est|ist|es|è|—|–)[ ,]",
);
pattern!(
    ROLE,
    r"(?i)\b(?:fellow|scholar|professor|lecturer|researcher|analyst|journalist|reporter|correspondent|columnist|editor|director|author|expert|consultant|historian|blogger|writer|contributor|student|candidate|scientist|economist|chercheu(?:r|se)|professeure?|journaliste|analyste|auteure?|historienne?|professor(?:in)?|journalistin?|wissenschaftler(?:in)?|forscher(?:in)?|investigador(?:a)?|profesor(?:a)?|periodista|научный сотрудник|журналист|эксперт|профессор|аналитик)\b",
);
pattern!(
    POST,
    r"(?:\b(?i:at|of|with|for|in|from|à|au|am|an der|bei|en|de|del|в) (?:the |The |l.|la |le |der |el )?\p{Lu}|\b(?i:based in|covering|specializing|specialising|freelance|independent|whose|PhD)\b)",
);
pattern!(
    FINITE,
    r"(?i)\b(?:is|are|was|were|has|have|had|will|would|can|could|should|must|may|might|did|does|do|said|says|not|that|est|sont|était|ist|sind|war|es|son|fue)\b",
);
pattern!(
    ABOUT_AUTHOR,
    r"(?i)^(?:about the authors?|à propos de l.auteure?|über (?:den autor|die autorin|die autoren)|sobre el autor|sobre la autora|об авторе|об авторах)\s*:?$",
);
pattern!(
    ABOUT_OUTLET,
    r"^(?:(?i:about us|über uns|à propos de nous|sobre nosotros|о нас)|About the (?:\p{Lu}[\p{L}’'-]*(?: for| of| on| and| the)* ?){1,6})\s*:?$",
);
pattern!(
    BYLINE,
    r"^(?:By|Par|Von|Por|Автор:?|Text:|Author:) \p{Lu}[\p{L}.’'-]*(?:,? (?:and |et |und |y |и )?(?:\p{Lu}[\p{L}.’'-]*|de|van|von|der|al))+(?:, \p{Ll}[\p{L} ]+){0,2}$"
);

/// Most words in a prompt or notice; anything longer is prose.
const PROMPT_WORDS: usize = 30;

/// The kind of furniture that `words` are, judged by wording alone.
pub(super) fn kind(words: &str) -> Option<Furniture> {
    if !words.contains(char::is_alphabetic) {
        return None;
    }
    let count = words.split_whitespace().count();
    if COMMENT_HEADING.fits(words) || COMMENTS_BEGIN.fits(words) || COMMENT_NOTICE.fits(words) {
        return Some(Furniture::CommentForm);
    }
    if RELATED_HEADING.fits(words) {
        return Some(Furniture::RelatedContent);
    }
    if TEASER.fits(words) || TEASER_LINK.fits(words) {
        return Some(Furniture::Teaser);
    }
    if count <= PROMPT_WORDS && NEWSLETTER.fits(words) {
        return Some(Furniture::Newsletter);
    }
    if count <= PROMPT_WORDS && BROWSER.fits(words) {
        return Some(Furniture::BrowserNotice);
    }
    if BYLINE.fits(words) {
        return Some(Furniture::Byline);
    }
    if ABOUT_OUTLET.fits(words) {
        return Some(Furniture::Disclaimer);
    }
    if ABOUT_AUTHOR.fits(words) {
        return Some(Furniture::Bio);
    }
    is_caption(words, count).then_some(Furniture::Caption)
}

/// Whether `words` are a caption. A credit names a picture's maker; a sentence about a picture ends with a
/// full stop.
fn is_caption(words: &str, count: usize) -> bool {
    /// A credit is short; a caption with its credit is a sentence or two.
    const CREDIT_WORDS: usize = 25;
    const CAPTION_WORDS: usize = 70;
    let open = !words.ends_with(['.', '!', '?', '”', '"']);
    let short = count <= CREDIT_WORDS;
    (short && CAPTION_START.fits(words) && (open || !FINITE.fits(words)))
        || (short && open && (CAPTION_SOURCE.fits(words) || CAPTION_BY.fits(words)))
        || (count <= CAPTION_WORDS && ends_as_caption(words))
        || (count <= CAPTION_WORDS && CAPTION_WORD.fits(words))
        || (short && open && FIGURE.fits(words))
}

/// Whether `words` end with a credit.
///
/// The patterns begin anywhere and are slow, so that each is only tried on words with a sign that it needs.
fn ends_as_caption(words: &str) -> bool {
    let bracket = words.strip_suffix('.').unwrap_or(words).ends_with([')', ']']);
    let has = |sign: &str| memchr::memmem::find(words.as_bytes(), sign.as_bytes()).is_some();
    (has("via ") || has("/") || has("\\") || has("hoto ")) && CAPTION_END.fits(words)
        || bracket && CAPTION_AGENCY.fits(words)
        || (bracket || has(":") || has("©")) && CAPTION_BRACKET.fits(words)
}

/// The kind of furniture that follows `words` at the end of a page, if they are its heading.
pub(super) fn kind_of_heading(words: &str) -> Option<Furniture> {
    if RELATED_HEADING.fits(words) {
        Some(Furniture::Teaser)
    } else if COMMENT_HEADING.fits(words) || COMMENTS_BEGIN.fits(words) {
        Some(Furniture::CommentForm)
    } else if ABOUT_AUTHOR.fits(words) {
        Some(Furniture::Bio)
    } else if ABOUT_OUTLET.fits(words) {
        Some(Furniture::Disclaimer)
    } else {
        None
    }
}

/// Whether readers' comments begin with `words`.
pub(super) fn begins_comments(words: &str) -> bool {
    COMMENTS_BEGIN.fits(words)
}

/// A code and a number: `USD 90.19`.
pub(super) fn is_price(words: &str) -> bool {
    words.len() <= 60 && PRICE.fits(words)
}

/// A number without words.
pub(super) fn is_number(words: &str) -> bool {
    words.len() <= 60 && NUMBER.fits(words)
}

/// `word = meaning`.
pub(super) fn is_gloss(words: &str) -> bool {
    words.len() <= 280 && GLOSS.fits(words)
}

/// Whether `words` announce a list of words with their meanings.
pub(super) fn announces_words(words: &str) -> bool {
    words.len() <= 80 && WORDS_HEADING.fits(words)
}

/// `word – meaning`, `word: meaning`.
pub(super) fn is_explained(words: &str) -> bool {
    words.len() <= 280 && EXPLAINED.fits(words)
}

/// The number of browsers named in `words`, or 0 if there is anything else.
pub(super) fn browser_names(words: &str) -> usize {
    let mut names = 0;
    if words.len() > 200 {
        return 0;
    }
    for word in words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        match word.to_lowercase().as_str() {
            "chrome" | "firefox" | "safari" | "edge" | "opera" | "explorer" | "brave" | "vivaldi"
            | "chromium" | "яндекс" => names += 1,
            "google" | "mozilla" | "apple" | "microsoft" | "internet" | "yandex" | "browser" | "браузер"
            | "and" | "or" | "et" | "ou" | "und" | "oder" | "и" | "или" => {}
            _ => return 0,
        }
    }
    names
}

/// Whether `words` are a disclaimer, or describe the outlet.
pub(super) fn is_disclaimer(words: &str) -> bool {
    words.len() <= 2 * NOTICE_BYTES && (VIEWS.fits(words) || OUTLET.fits(words))
}

/// Within this many bytes the first sentence of a bio has said what the author is.
const BIO_LEAD: usize = 400;

fn lead_of(words: &str) -> &str {
    let end = words.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|&end| end <= BIO_LEAD).last();
    &words[..end.unwrap_or(0)]
}

/// Whether `words` describe a person: a name, a verb and a post, or several posts in a row without a verb.
pub(super) fn is_bio(words: &str) -> bool {
    if words.len() > 2 * NOTICE_BYTES {
        return false;
    }
    let lead = lead_of(words);
    if let Some(found) = BIO_START.captures(lead) {
        let end = found.get(0).map_or(0, |whole| whole.end());
        return ROLE.fits(&lead[end..]) && POST.fits(&lead[end..]);
    }
    let posts = words.split(',').filter(|part| ROLE.fits(part)).count();
    posts >= 2 && POST.fits(words) && !FINITE.fits(words)
}

/// The family name at the start of a bio.
pub(super) fn family_name(bio: &str) -> Option<&str> {
    let lead = lead_of(bio);
    let found = BIO_START.captures(lead)?;
    let name = lead.get(found.name("name")?.range())?;
    name.rsplit(' ').next().filter(|name| name.chars().count() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_a_regular_expression() {
        for pattern in [
            &COMMENT_HEADING,
            &COMMENT_NOTICE,
            &RELATED_HEADING,
            &TEASER,
            &TEASER_LINK,
            &NEWSLETTER,
            &BROWSER,
            &CAPTION_START,
            &CAPTION_SOURCE,
            &CAPTION_BY,
            &CAPTION_END,
            &PRICE,
            &NUMBER,
            &GLOSS,
            &VIEWS,
            &OUTLET,
            &BIO_START,
            &ROLE,
            &POST,
            &FINITE,
            &ABOUT_AUTHOR,
            &ABOUT_OUTLET,
            &BYLINE,
            &COMMENTS_BEGIN,
            &CAPTION_AGENCY,
            &CAPTION_BRACKET,
            &CAPTION_WORD,
            &FIGURE,
            &WORDS_HEADING,
            &EXPLAINED,
        ] {
            assert!(pattern.is_valid());
        }
    }

    #[test]
    fn phrases_of_other_sites_in_other_languages() {
        use Furniture::*;
        for (words, expected) in [
            ("Leave a Reply", CommentForm),
            ("Schreibe einen Kommentar", CommentForm),
            ("Deja una respuesta", CommentForm),
            ("Добавить комментарий", CommentForm),
            ("Your email address will not be published. Required fields are marked *", CommentForm),
            ("Deine E-Mail-Adresse wird nicht veröffentlicht.", CommentForm),
            ("Tu dirección de correo electrónico no será publicada.", CommentForm),
            ("12 comments", CommentForm),
            ("You may also like", RelatedContent),
            ("Читайте также", RelatedContent),
            ("Mehr zum Thema", RelatedContent),
            ("Read more: Baltic ports brace for winter", Teaser),
            ("Sign up for the Harbour Weekly newsletter", Newsletter),
            ("Abonnez-vous à notre newsletter", Newsletter),
            ("Подпишитесь на нашу рассылку", Newsletter),
            ("Your browser is out of date. Please install a newer one.", BrowserNotice),
            ("Votre navigateur est obsolète.", BrowserNotice),
            ("Photo by Maria Tamm via Unsplash", Caption),
            ("© Baltic Picture Desk 2019", Caption),
            ("Image: Port Authority of Riga", Caption),
            ("Grain lorries queue at the border. (Photo by Jonas Berg/Getty Images)", Caption),
            ("By Maria Tamm", Byline),
        ] {
            assert_eq!(kind(words), Some(expected), "{words}");
        }
    }

    #[test]
    fn prose_about_such_things_stays_prose() {
        for words in [
            "Leave a comment to the UN and it will be filed with the others, one delegate joked.",
            "Newsletters that subscribe to the official line were spared, and their editors kept their posts.",
            "Subscribers to the weekly digest of the ministry received a different set of figures that spring.",
            "The ministry’s browser was out of date, which let the intruders in.",
            "A photo by Maria Tamm shows lorries at the border.",
            "Photo by photo, the archive was put together again by volunteers.",
            "The image: a lorry without plates, waiting in the rain.",
            "Related disputes over transit fees had simmered for years.",
            "Read more closely, the treaty promises nothing.",
            "By Friday, the port had closed.",
            "Source: unknown, said the file, and the officers did not ask further.",
            "Comments by the minister were struck from the record.",
        ] {
            assert_eq!(kind(words), None, "{words}");
        }
    }

    #[test]
    fn bios_have_a_name_and_a_post_or_posts_only() {
        assert!(is_bio("Dr. Maria Tamm is a research fellow at the Baltic Forum in Riga."));
        assert!(is_bio("Jonas van der Berg is a freelance journalist based in Narva."));
        assert!(is_bio(
            "Former editor of the Harbour Weekly, lecturer at Tartu University, author of two books."
        ));
        assert!(!is_bio("The port is a good place for analysts at the Ministry."));
        assert!(!is_bio("Maria Tamm is certain that the port will close."));
        assert!(!is_bio(
            "An analyst at the Forum, an editor at the Weekly, and a professor were arrested in Riga."
        ));
        assert_eq!(family_name("Dr. Maria Tamm is a research fellow at the Forum."), Some("Tamm"));
    }

    #[test]
    fn outlets_speak_of_themselves() {
        assert!(is_disclaimer("The views expressed in this commentary are the author’s alone."));
        assert!(is_disclaimer("The Baltic Forum is a nonpartisan research institute."));
        assert!(!is_disclaimer("The views of the fishermen were never heard."));
        assert!(!is_disclaimer("The Northern Union is an armed organization with camps in three valleys."));
    }
}
