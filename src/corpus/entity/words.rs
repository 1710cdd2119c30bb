//! English words that distinguish names from other capitalized words. Only lists: what follows from a word is
//! decided where names are read.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Says nothing by itself: capitalized only at the start of a sentence or title.
pub(super) const FUNCTION: u32 = 1;
/// Precedes a person's name.
pub(super) const TITLE: u32 = 1 << 1;
/// Precedes a title: `Prime` Minister, `Vice` President.
pub(super) const RANK: u32 = 1 << 2;
/// Joins parts of a name although it is in lower case: Ludwig `van` Beethoven.
pub(super) const PARTICLE: u32 = 1 << 3;
/// Last word of an organisation's name.
pub(super) const ORGANISATION: u32 = 1 << 4;
/// Last word of a place's name.
pub(super) const PLACE: u32 = 1 << 5;
/// Nationality, language, faith: not an entity by itself.
pub(super) const DEMONYM: u32 = 1 << 6;
/// Month or weekday.
pub(super) const CALENDAR: u32 = 1 << 7;
/// A country or region of the world.
pub(super) const COUNTRY: u32 = 1 << 8;
/// Precedes a number: `Article` 5.
pub(super) const LABEL: u32 = 1 << 9;
/// A common given name.
pub(super) const GIVEN: u32 = 1 << 10;
/// A word for a person by trade or kinship, in lower case next to a name.
pub(super) const PERSON: u32 = 1 << 11;
/// Letters that name nothing in particular: CEO.
pub(super) const LETTERS: u32 = 1 << 12;
/// Begins the names of many places and parties, so it is not a given name.
pub(super) const QUALIFIER: u32 = 1 << 13;
/// What a minister is minister of.
pub(super) const OFFICE: u32 = 1 << 14;
/// A small word that a place may follow.
pub(super) const AT: u32 = 1 << 15;

/// The classes of `word` (lower case, folded), as bits.
pub(super) fn class(word: &str) -> u32 {
    static CLASSES: OnceLock<HashMap<&'static str, u32>> = OnceLock::new();
    let classes = CLASSES.get_or_init(|| {
        let mut classes: HashMap<&'static str, u32> = HashMap::new();
        for (list, bit) in LISTS {
            for word in list.split_whitespace() {
                *classes.entry(word).or_default() |= bit;
            }
        }
        classes
    });
    classes.get(word).copied().unwrap_or(0)
}

const LISTS: [(&str, u32); 18] = [
    (FUNCTIONS, FUNCTION),
    (TITLES, TITLE),
    (RANKS, RANK),
    (PARTICLES, PARTICLE),
    (ORGANISATIONS, ORGANISATION),
    (PLACES, PLACE),
    (DEMONYMS, DEMONYM),
    (FAITHS, DEMONYM),
    (CALENDARS, CALENDAR),
    (COUNTRIES, COUNTRY),
    (REGIONS, COUNTRY),
    (LABELS, LABEL),
    (GIVENS, GIVEN),
    (PERSONS, PERSON),
    (ACRONYMS, LETTERS),
    (QUALIFIERS, QUALIFIER),
    (OFFICES, OFFICE),
    ("in near across throughout into outside inside around within", AT),
];

const FUNCTIONS: &str = "
a an the this that these those some any each every either neither both all many much more most few fewer less least
several other others another such same own no none nothing nobody one two three four five six seven eight nine ten
eleven twelve twenty thirty forty fifty hundred hundreds thousand thousands million millions billion first second third
fourth fifth next last former latter half i me my mine myself we us our ours ourselves you your yours yourself he him his
himself she her hers herself it its itself they them their theirs themselves who whom whose which what when where why how
whoever whatever whichever whenever wherever however there here then than thus hence so therefore moreover furthermore
nevertheless nonetheless meanwhile instead otherwise likewise besides indeed perhaps maybe still yet already also too only
just even ever never always often sometimes soon later now today tomorrow yesterday tonight ago once twice again almost
quite rather very not nor and or but if unless until till while whereas although though because since as like unlike about
above across after against along alongside amid among amongst around at before behind below beneath beside between beyond by
concerning considering despite down during except following for from in including inside into near of off on onto opposite
out outside over past per regarding round through throughout to toward towards under underneath unlike up upon versus via
with within without am is are was were be been being have has had having do does did doing done can could may might must
shall should will would ought need let lets make made take took give gave get got go went gone come came see saw seen say
says said know known think thought look want use used find found tell told ask seem seems feel try leave call called keep
kept put mean means become became show shown hear help turn start run move live believe bring happen write provide sit
stand lose pay meet include continue set learn change lead understand watch follow stop create speak read allow add spend
grow open walk win offer remember love consider appear buy wait serve die send expect build stay fall cut reach kill remain
yes no oh well please thanks sorry dear sincerely good better best bad worse worst new newer newest old older oldest great
greater high higher low lower long longer short big bigger small large larger little young early earlier late lately recent
recently current currently previous previously prior present main key major minor certain sure likely unlikely possible
impossible true false right wrong far further farther close closer whole entire enough plenty lack none nearly mostly partly
mainly largely simply clearly finally eventually ultimately initially originally formerly generally usually normally
especially particularly specifically notably importantly remarkably paradoxically ironically interestingly surprisingly
unfortunately fortunately hopefully apparently evidently obviously presumably supposedly allegedly reportedly
together apart aside elsewhere anywhere everywhere somewhere nowhere anyone everyone someone anybody everybody somebody
anything everything something anyway somehow thereby thereafter therein whereby wherein wherefore whither nay lest albeit
provided given according based depending due thanks owing subject compared contrary back away forth forward ahead
people man men woman women child children members member state states government governments country countries nation
nations world war wars peace law laws power powers time times day days week weeks month months year years decade decades
century centuries part parts side sides end ends point points case cases fact facts way ways thing things place places
number numbers group groups problem problems question questions answer answers result results reason reasons cause causes
effect effects example examples idea ideas work works life lives hand hands eye eyes face faces head heads home house
money trade food water oil gas land sea air fire officials official leaders leader troops soldiers forces force police
experts expert analysts analyst critics supporters voters citizens residents workers students parents families family
fellow dear sources source reports report documents document evidence data figures figure table note notes see photo
image picture source caption credit copyright editor editors author authors translated translation update updated
related content read subscribe share comments comment reply posted published tags contact click follow ltd inc plc llc
pp vol eds ed etc vs ie eg cf ibid nb ps dr re ii iii iv vi vii viii ix xi xii xiii xiv xv xvi
";

const TITLES: &str = "
mr mrs ms miss dr prof professor president premier minister chancellor secretary senator sen representative rep congressman
congresswoman governor gov mayor ambassador amb consul judge justice sir lord lady dame king queen prince princess emperor
empress tsar czar duke duchess count countess baron baroness earl sultan emir sheikh shaikh shah pope cardinal archbishop
bishop father reverend rev pastor rabbi imam mullah ayatollah maulana mufti brother sister saint general gen colonel col
major maj captain capt lieutenant lt sergeant sgt corporal cpl private pvt admiral adm commodore commander cmdr marshal
brigadier brig commissioner chairman chairwoman chairperson chair director speaker spokesman spokeswoman spokesperson leader
chief boss envoy undersecretary deputy attorney counsel inspector detective officer superintendent constable
analyst journalist reporter historian economist engineer architect coach comrade citizen herr frau monsieur madame mme
signor senor señor doctor dictator warlord herr minister-president vice-president co-chair mp mep
";

const RANKS: &str = "
vice prime deputy foreign first second acting interim former ex outgoing incoming chief special senior junior assistant
associate under permanent defense defence finance interior justice health education energy trade culture home lord
attorney major brigadier lieutenant rear fleet field staff master grand crown supreme national majority minority house
senate press security lt brig maj gen executive managing secretary general presidential
";

const PARTICLES: &str = "
de van von der den bin ibn ben al el la le du da di dos das del della ter ten af ul ur zu y
";

const ORGANISATIONS: &str = "
academy administration agency alliance army assembly association authority authorities bank board brigade brigades bureau
cabinet center centre chamber charter church club coalition college command commission committee company confederation
conference congress consortium convention cooperative corporation corps council court department directorate division
emirate enterprise federation fleet force forces foundation front fund gazette group guard guards herald
hospital house inc initiative inspectorate institute institution journal league legion library lobby ministry mission
monitor movement museum nations navy network news newspaper observatory office opposition order organisation organization
parliament partnership party police post press programme program railway railways regiment secretariat senate service
services socialists society staff studio studios syndicate telegraph times treasury tribune tribunal trust union unit
university workers airlines motors electric industries holdings systems technologies ventures partners associates
brotherhood caliphate militia review magazine democrats republicans
";

const PLACES: &str = "
airport archipelago avenue basin bay beach bridge canal canyon cape castle cathedral channel city coast county court
creek desert district dam falls field forest fort gardens gate glacier gorge gulf hall harbour harbor heights highlands
hill hills hotel house island islands isle isles kingdom lake lowlands mall market monastery mosque mount mountain
mountains ocean oblast palace park pass peninsula plain plains plateau plaza port province quarter range reef region
republic reservoir river road route sea shore springs square station steppe strait straits street suburb summit temple
territory theatre theater tower town valley village wall way wood woods zone belt bank front caucasus states
";

const DEMONYMS: &str = "
afghan albanian algerian american andorran angolan arab arabian arabic argentine argentinian armenian asian australian
austrian azerbaijani azeri bahraini baltic bangladeshi basque belarusian belgian bengali berber bolivian bosnian brazilian
breton british briton bulgarian burmese byzantine cambodian cameroonian canadian caribbean catalan caucasian central-asian
chadian chechen chilean chinese colombian congolese cornish corsican cossack crimean croat croatian cuban cypriot czech
czechoslovak danish dane dutch dutchman ecuadorian egyptian english englishman eritrean estonian ethiopian eurasian
european filipino finn finnish flemish french frenchman georgian german germanic ghanaian greek guatemalan haitian hazara
hebrew hellenic honduran hungarian icelandic indian indonesian ingush iranian iraqi irish irishman israeli italian
ivorian jamaican japanese jordanian kashmiri kazakh kazakhstani kenyan korean kosovar kurd kurdish kuwaiti kyrgyz lao
laotian latin latvian lebanese liberian libyan lithuanian macedonian magyar malay malaysian malian maltese maori
mexican moldovan mongol mongolian montenegrin moroccan mozambican namibian nepalese nepali nicaraguan nigerian norman
norse norwegian nordic omani oriental ottoman pakistani palestinian panamanian paraguayan pashtun pashto pushtun persian
peruvian polish pole portuguese prussian punjabi qatari roman romanian russian rwandan saudi saxon scandinavian scot scots
scottish senegalese serb serbian siberian sicilian sindhi singaporean slav slavic slovak slovakian slovene slovenian somali
soviet spaniard spanish sudanese swede swedish swiss syrian taiwanese tajik tamil tanzanian tatar thai tibetan tunisian
turk turkic turkish turkmen ugandan uighur uyghur ukrainian urdu uruguayan uzbek venezuelan vietnamese welsh western
westerner yemeni yugoslav zairean zambian zimbabwean african rican hawaiian eastern northern southern easterner southerner northerner
anglo sino russo franco indo euro euro-atlantic transatlantic atlanticist eurosceptic pan
";

const FAITHS: &str = "
islam christianity judaism buddhism hinduism muslim islamic islamist christian catholic protestant orthodox jewish jew hindu buddhist sikh shia shiite shi'ite sunni sufi
salafi salafist wahhabi jihadi jihadist zionist communist marxist leninist stalinist maoist socialist fascist nazi
bolshevik menshevik republican democrat democratic liberal conservative tory labour whig trumpist putinist talib
presbyterian methodist baptist lutheran calvinist anglican evangelical mormon quaker pagan biblical koranic quranic
homeric victorian elizabethan napoleonic darwinian freudian keynesian google internet web
";

const CALENDARS: &str = "
january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept
oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
christmas easter ramadan spring summer autumn winter am pm gmt utc est
";

const COUNTRIES: &str = "
afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh
barbados belarus belgium belize benin bhutan bolivia bosnia botswana brazil brunei bulgaria burkina burma burundi cambodia
cameroon canada chad chile china colombia comoros congo croatia cuba cyprus czechia czechoslovakia denmark djibouti
dominica ecuador egypt eritrea estonia eswatini ethiopia fiji finland france gabon gambia georgia germany ghana greece
grenada guatemala guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan
jordan kazakhstan kenya kiribati korea kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein
lithuania luxembourg macedonia madagascar malawi malaysia maldives mali malta mauritania mauritius mexico micronesia
moldova monaco mongolia montenegro morocco mozambique myanmar namibia nauru nepal netherlands nicaragua niger nigeria
norway oman pakistan palau palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa
senegal serbia seychelles singapore slovakia slovenia somalia spain sudan suriname sweden switzerland syria taiwan
tajikistan tanzania thailand togo tonga tunisia turkey turkmenistan tuvalu uganda ukraine uruguay uzbekistan vanuatu
venezuela vietnam yemen yugoslavia zambia zimbabwe england scotland wales ussr
";

const REGIONS: &str = "
africa america americas antarctica arctic asia australasia balkans baltics caucasus chechnya crimea dagestan donbas eurasia
europe kashmir kurdistan oceania scandinavia siberia tibet xinjiang levant maghreb sahel gaza
";

const LABELS: &str = "
article chapter section table figure fig resolution part volume annex appendix page phase act clause paragraph para number
no item level stage step round class category type grade group exhibit protocol title schedule amendment line book week day
";

const GIVENS: &str = "
aaron abdul abdullah abraham ada adam adolf adrian ahmad ahmed akbar alan albert alberto alejandro aleksandr aleksei
alessandro alex alexander alexandra alexandre alexei alexey alfred ali alice alison amanda amir amy ana anastasia anatoly
anders andre andrea andreas andrei andrew andrey andrzej andy angela ann anna anne annie anthony anton antonio antony ariel
arkady arnold artemy arthur artyom ashraf askar asif astrid augusto aung ayman barack barbara bashar ben benedict benjamin
benoit benoît bernard bernie bill bob boris brian bruce bruno carl carla carlos carmen carol caroline carter catherine
cecilia charles charlotte chen chloe chris christian christina christine christoph christopher claire clara claude claudia
colin condoleezza connie cyril dan daniel daria david deborah denis dennis diana diane diego dieter dimitri dmitri dmitry
dominic don donald dorothy douglas ed eduard eduardo edward edwin eleanor elena eli elizabeth ella ellen elsa emily emma
emmanuel emomali enrico eric erik erich ernest ernst estelle esther eugene eva evan evgeny fatima federico felix ferdinand
fernando fidel fiona florence frances francesca francis francisco francois françois frank franz fred frederick friedrich
fritz fumio gabriel gabriela gary gavin geoffrey george georges georgy gerald gerhard giles giorgio giovanni giulia
giuseppe glenn gordon grace graham greg gregory guido guillaume gulbuddin gustav guy hamid hamza hannah hans harold harriet
harry hassan hatem heather hector heidi heinrich helen helena helmut henri henry herbert herman hillary hosni howard hugh
hugo hussein ian ibrahim igor ilham ilya imran ingrid irina irene isaac isabel isabella isaiah islam ismail ivan jack jacob
jacques jake jalal james jan jane janet janusz jason javier jean jeff jeffrey jennifer jeremy jerry jessica jesus jill jim
jimmy joan joanna joe joel johan johann johannes john johnny jon jonas jonathan jorge jose josé josef joseph joshua joyce
juan judith julia julian julie julius jürgen justin kamala karen karim karl kate katherine kathleen kazimierz keith ken
kenneth kevin khalid kim kirill klaus konrad konstantin kurt lars larry laura lauren laurent lavrenty lawrence lech lee
leo leon leonid leonardo leonie leslie lev lewis liam linda lionel lisa liz lloyd lorenzo louis louise lucas lucia lucy
ludwig luigi luis luke lydia lynn magnus mahmoud malcolm manuel marc marcel marco marcus margaret margarita maria marie
mario marina mark marlene martha martin martina mary masha masood mateusz matthew matthias maurice max maxim maya
mehmet melissa mia michael michel michelle miguel mike mikhail mila milan miriam mitch mohamed mohammad mohammed muhammad
mohammad moshe mustafa myra nadia nancy narendra natalia natalie natasha nathan neil nelson nicholas nick nicolas nicole
nigel niklas nikita nikol nikolai nina noah noor nora norman nouri nursultan oksana oleg olena olga oliver olivia omar
orlando osama oscar osman otto owen pablo pamela pascal patricia patrick paul paula pavel pedro pervez peter petro philip
philippe pierre piotr qasem rachel rafael ralph ramzan rashid raul ravi ray raymond rebecca recep reinhard rex ricardo
richard rishi rita robert roberto robin roger roland roman ron ronald rosa rose ross rowan roy rudolf rupert ruth ruslan ryan
saad sabine saddam sadegh salah salim salman salome salvador sam samuel sandra sara sarah sean sebastian sergei sergey
sergio seyed shah shinzo silvia silvio simon sirojidin sofia sophia sophie stanislav stefan stella stephanie stephen steve
steven stuart sue susan susanna sven sylvia tamara tariq tatiana taylor ted teresa terry theodore theresa thierry thomas
tim timothy tobias todd tom tomas tony tyler ulrich ursula ulysses valentina valery vera veronica victor victoria viktor
vincent viola virginia vitaly vivian vladimir volodymyr walter warren wendy werner wilhelm will william winston wladyslaw
wolfgang woodrow xavier yasser yegor yevgeny yitzhak yulia yuri yusuf yves zalmay zamir zoe zoya
";

const PERSONS: &str = "
activist actor actress adviser advisor ambassador analyst architect artist aunt author banker biographer boss brother
businessman candidate captain chairman chairwoman chancellor chef chief cleric coach colleague colonel columnist commander
composer correspondent cousin dancer daughter defector dictator diplomat director dissident doctor economist editor emperor
engineer envoy ethnographer executive expert farmer father fighter filmmaker fisherman founder friend general geologist
governor grandfather grandmother guerrilla head hero historian husband insurgent investigator journalist judge king
lawmaker lawyer leader lecturer lieutenant major mayor merchant minister mother negotiator nephew niece novelist officer
oligarch opponent painter philosopher photographer physicist pilot pioneer poet politician predecessor premier president
priest prince princess producer professor prosecutor protege queen reporter representative researcher ruler scholar
scientist sculptor secretary senator sergeant sister skipper sociologist son spokesman spokesperson spokeswoman statesman
strategist successor teacher trader tycoon uncle veteran victim warlord widow wife winner witness writer keeper
";

const ACRONYMS: &str = "
ceo cfo cto gdp gnp ngo ngos mp mps mep meps tv pm am ad bc ce bce faq id it pr hr utc gmt usd eur gbp ok pdf url phd ba ma
msc mba hiv dna rna aids covid sms gps ip pc cd dvd usb ak km kg cm mm mph kph vip suv pow pows ied ieds wmd icbm op eds
ai vat ipo roi qa ui ux atm dj eta rsvp aka sic tba
";

const QUALIFIERS: &str = "
north south east west northern southern eastern western northeast northwest southeast southwest northeastern northwestern
southeastern southwestern central middle inner outer upper lower greater lesser new old great united san santa saint st los
las el fort port mount lake cape far near high low big little black white red blue green yellow golden grand royal
imperial national international federal general supreme holy free fair young former true real global world first second
third nord sud ost le la les all pan trans sub post pre mid
";

const OFFICES: &str = "
state defense defence interior finance foreign affairs justice health education energy trade culture agriculture labour
labor transport war treasury commerce homeland security environment tourism industry veterans housing urban development
staff missions operations
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_be_of_several_classes() {
        assert_eq!(class("shah"), TITLE | GIVEN);
        assert_eq!(class("house") & (ORGANISATION | PLACE), ORGANISATION | PLACE);
        assert_eq!(class("xylophone"), 0);
    }

    #[test]
    fn lists_are_in_lower_case() {
        for (list, _) in LISTS {
            for word in list.split_whitespace() {
                assert_eq!(word, word.to_lowercase());
            }
        }
    }
}
