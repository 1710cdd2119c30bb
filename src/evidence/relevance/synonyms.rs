//! Words that reports use interchangeably: a paraphrase says “vessel” where its source says “ship”. A synonym
//! counts less than the word itself, see [`super`]. The groups are our own, from the general vocabulary of
//! news and policy; a word may be in several.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::corpus::index;

/// One group per line.
const GROUPS: &str = "\
abandon forsake desert quit
abroad foreign overseas
accident crash collision mishap
accord agreement deal pact treaty settlement
accuse charge allege indict blame
acknowledge admit concede confess
acquire buy purchase
aeroplane aircraft plane jet
aid assistance help relief support
aim goal objective purpose target
ally partner friend
amnesty pardon clemency
annual yearly
annul cancel revoke rescind void
apartment flat
appoint name nominate
army military troops forces soldiers
arrest detain custody imprison jail
arms weapons weaponry armaments
assault attack offensive raid strike
assemble gather convene meet
assess evaluate judge estimate reckon calculate
attempt try effort
authorities government officials state
automobile car vehicle
autonomy independence
bail rescue bailout
ban forbid prohibit outlaw bar
bank lender
bankrupt insolvent insolvency
battle fight combat clash
benefit profit gain advantage
bill draft legislation law
blaze fire burn
boat ship vessel craft
bomb shell explosive bombardment shelling
border frontier boundary
borrow loan lend credit debt
boss chief head leader
breach violation infringement
bribe corruption graft kickback
broad wide
budget spending expenditure
build construct erect
cabinet government ministers
camp base barracks garrison
campaign drive offensive
capital money funds finance
capture seize take occupy
carbon emissions
cargo freight goods shipment
cattle livestock herd animals
cause reason motive
ceasefire truce armistice
century hundred
cheap inexpensive low
chemical poison toxic pesticide
child minor juvenile youth
city town urban municipal
civilian noncombatant
claim assert contend argue maintain insist
clear remove lift
climate weather
close shut closure
coast shore seaside littoral
collapse fall plunge crash slump
commander officer colonel general
commerce trade business
company firm business corporation enterprise
compel force oblige coerce
compensation damages reparation
complain protest object
conceal hide cover
conflict war hostilities fighting
consent agree approve approval
constitution constitutional charter
consult consultation hear
contract agreement deal
control dominate hold command
convict sentence condemn
coup putsch takeover
court tribunal judge judiciary
crime offence felony
crisis emergency
criticise rebuke condemn denounce
crop harvest yield
crowd mob throng
cut reduce reduction slash lower
damage harm hurt ruin destroy
danger threat risk peril hazard
dawn daybreak morning
day daily
dead killed casualties fatalities victims deaths
debate discuss discussion
decade ten
decline decrease drop fall shrink
decree order edict
defeat beat overcome
defend protect guard
delay postpone put
delegate envoy diplomat ambassador emissary
demand require call insist
demobilise disband disarm
demonstration protest march rally
deny reject refuse dispute
deport expel expulsion
deputy lawmaker legislator parliamentarian
desert desertification arid
dictator autocrat despot strongman
diesel fuel petrol gasoline oil
disappear vanish missing
disaster catastrophe calamity
disease illness epidemic
dismiss sack fire oust
displaced refugee evacuee
district province region area
divide split
doctor physician medic
document paper record
donate give contribute donor
double twofold
doubt suspect sceptical
drill exercise manoeuvre
drought dry dryness
drug narcotic heroin opium
dwelling house home
earn wage income salary
earthquake seismic quake
economy economic
education school schooling
elect vote election poll ballot
electricity power energy
embassy mission consulate
emigrate leave migrate
employ hire recruit
employee worker staff labourer
enemy foe adversary rival
engineer technician
enlarge expand extend widen
enterprise business
environment ecological nature
equal even same
escape flee flight
espionage spying spy
evacuate withdraw
evidence proof
exchange swap trade
exile banish
expensive dear costly
expert specialist analyst scholar
explosion blast detonation
export ship
extremist radical militant
factory plant works
fail failure
faith religion belief
fake false forged
famine hunger starvation
farmer grower peasant smallholder
farmland field land acreage
fear afraid worry concern anxiety
fee charge levy toll
fell drop decline
fight struggle resist
financial fiscal monetary
fine penalty punish
finish end complete conclude
fish fishing fisherman trawler
flood inundate deluge
food nutrition
forest wood timber
found establish create
freeze suspend halt
frighten scare
funds money cash
gap shortfall difference
garrison troops
gauge measure
gift grant donation
glacier ice
gold bullion
govern rule reign
grain cereal wheat corn
grave tomb
group faction band movement
grow rise increase expand
guarantee assurance pledge
guard escort protect
guerrilla insurgent rebel fighter militant
harbour port dock
hardship suffering
hate hatred
health medical
hospital clinic
hostage captive prisoner
illegal unlawful illicit
immigrant migrant
impartial neutral
import purchase
improve better
incident event
independent autonomous
inflation prices
influence sway
inhabitant resident villager
injure wound hurt
inquiry investigation probe
insect bug pest
inspect check examine
insurance cover policy underwriter
insurgency rebellion uprising revolt
integrate join incorporate
intelligence information
interest stake
interview conversation
invade invasion
invest investor investment
irrigation water canal
island isle
job work employment post
journalist reporter correspondent
judgement ruling verdict decision
junior young
keep retain maintain
kill murder slay
kingdom monarchy
labour work
lack want shortage scarcity
lake reservoir
language tongue
large big great huge
launch start begin
lawyer attorney counsel advocate
lawsuit case proceedings litigation trial
lead head command
leak disclose reveal
lease rent
legitimate lawful
licence permit concession
limit restrict cap
list register roll
loot plunder
lorry truck
loyalty allegiance
machine equipment
majority most
manufacture produce make
market demand
medicine drug
merchant trader
metal ore mineral
meeting summit talks
militia paramilitary irregulars
mine mining extract extraction
minister secretary
missile rocket
mistake error blunder
monitor observe observer
month monthly
mountain highland upland heights
move shift relocate
murder assassinate
nation country state
navy naval fleet
negotiate talks bargain
newspaper press media
noon midday
notice warning
nuclear atomic
number figure amount
oath pledge
occupy seize
office bureau
offspring child
oil petroleum crude
opponent rival adversary
oppose resist against
oppress repress persecute
order command
origin provenance source
outlaw ban
output production
owe debt
own possess belong property
parliament legislature assembly congress
part share portion
party faction
passport document
pasture grazing
patrol guard
pause halt stop
pay wage salary
peasant farmer
penalty punishment sanction
people population inhabitants
permit allow licence
persecute oppress
petrol fuel gasoline
phone telephone
police officers
policy strategy
pollute pollution contaminate
poor impoverished poverty
pope church bishop clergy
population inhabitants
portion share
postpone delay
predict forecast foresee
premium surcharge
president head
prevent stop avert
price cost
priest clergy
prison jail
profit earnings
promise pledge vow commit
property estate
prosecute charge indict
province region
publish issue release
pupil student schoolchild
purchaser buyer
push press
quarrel dispute row argument disagree
quarter fourth
quick fast rapid swift
quit resign leave
railway rail train
rain rainfall
raise lift increase
ready prepared
rebuild reconstruct restore
receive get obtain
recent new
recession slump
recognise acknowledge
record log register
recover rebound recovery
reform change
refugee displaced
refuse decline reject
regime government
rely depend
relative kin family
repair mend fix
repay return reimburse
report account
rescue save
research study survey
reserve stock stockpile
resign quit
respond answer reply
result outcome
retire pensioner
reveal disclose publish
revenue income
rich wealthy
riot unrest disorder
river stream
road route highway
rob steal theft
ruin wreck
rural village
sack dismiss
sail voyage
sailor seaman crew
sanction embargo
satellite aerial
school classroom
scientist researcher
sea maritime ocean marine
secret classified confidential
security safety
separate split
sharp steep
shelter refuge
shepherd herder pastoralist
shop store market
shore coast
shrink contract dwindle
sibling brother sister
sick ill
siege blockade
silence quiet
small little minor
smuggle contraband trafficking
soil ground land
solve resolve
son child
speak say state tell
spokesman spokeswoman speaker
spread expand
spring source
spy agent
stadium arena
staff employees
start begin commence
starve hunger
state country
steal rob
stop halt cease end
storm cyclone hurricane
strait channel passage waterway
strategy plan
strike walkout stoppage
strong powerful
subsidy subsidise grant
succeed succession
summit meeting
supply provide
support back endorse
surrender capitulate
survey poll
suspicion distrust
swamp wetland marsh
swap exchange
tank armour
tariff duty customs
tax levy duty
teacher schoolteacher
terror terrorism terrorist jihadi
territory land
test trial
thief robber
threaten menace
tie link connection
tiny small
torture mistreatment abuse
tourist visitor
track trace
trade commerce
tradition custom
transport carry ship haul
treasury exchequer finance
treat handle
treaty pact
tribe clan
trick deceive
triple threefold
troops soldiers
trust confidence credibility
unemployed jobless
unite merge
university academic
upheaval turmoil unrest instability
upper higher
urge call
use employ
vaccine vaccination
value worth
vanish disappear
vehicle car
verdict ruling
veto block
victory win triumph
village hamlet rural
violence force
visa entry
visit tour
vote ballot
vow pledge
voyage passage trip journey
wages pay
warehouse depot store
warn warning caution
waste squander
weak fragile frail
wealth riches
weapon arms
west western
win victory
withdraw retreat pull
witness testify
worsen deteriorate
wrong mistaken
year annual
yield output harvest
young youth
zone area belt
";

/// The stems of the synonyms of the word with the stem `stem`, excluding itself.
pub(super) fn of(stem: &str) -> &'static [String] {
    static TABLE: OnceLock<HashMap<String, Vec<String>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<String, Vec<String>> = HashMap::new();
        for line in GROUPS.lines() {
            let stems = index::stems(line);
            for stem in &stems {
                let known = table.entry(stem.clone()).or_default();
                for other in stems.iter().filter(|other| *other != stem) {
                    if !known.contains(other) {
                        known.push(other.clone());
                    }
                }
            }
        }
        table
    });
    table.get(stem).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_any_form_has_its_synonyms() {
        let of = |word: &str| {
            let stem = index::stems(word).pop().expect("a stem");
            super::of(&stem)
        };
        let stem = |word: &str| index::stems(word).remove(0);
        assert!(of("ships").contains(&stem("vessel")) && of("vessels").contains(&stem("ship")));
        assert!(!of("ship").contains(&stem("ships")));
        assert!(of("Taliban").is_empty());
    }

    #[test]
    fn groups_are_words_in_lower_case() {
        for line in GROUPS.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            assert!(
                words.iter().all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())),
                "{line}"
            );
            let mut distinct = words.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), words.len(), "{line}");
        }
    }
}
