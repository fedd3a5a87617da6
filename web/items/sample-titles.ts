import type { Id, Matrix } from 'matfac';
import type { Title } from './item-list.js';

/** The two poles of each of the sample's strongest planted factors: users who like one pole like the other less. */
const poles: readonly (readonly [Genre, Genre])[] = [
  ['Thriller', 'Comedy'],
  ['Science fiction', 'Romance'],
  ['Drama', 'Animation'],
  ['Adventure', 'Documentary'],
  ['History', 'Fantasy'],
  ['Western', 'Music'],
];

/** Nouns for the titles of each genre. */
const nouns = {
  Thriller: 'Alibi Witness Hostage Informer Cipher Stairwell Accomplice Ransom Motive Suspect Deadline Verdict',
  Comedy: 'Honeymoon Neighbour Toupee Wedding Butler Landlord Sandwich Understudy Mishap Inheritance Picnic Houseguest',
  'Science fiction': 'Orbit Android Colony Starship Signal Reactor Satellite Airlock Nebula Clone Transmission Probe',
  Romance: 'Kiss Promise Letter Heart Valentine Embrace Affair Waltz Bouquet Proposal Longing Stranger',
  Drama: 'Daughter Silence Winter Farewell House Fathers Harvest Absence Reckoning Shore Orphan Confession',
  Animation: 'Hedgehog Snowman Tugboat Penguin Toymaker Squirrel Teapot Raindrop Scarecrow Firefly Puppet Acorn',
  Adventure: 'Expedition Treasure Island Summit Compass Voyage Jungle Map Caravan Shipwreck Explorer Passage',
  Documentary: 'Glacier Factory Archive Bees Election Harbour Portrait Railway Chronicle Laboratory Migration Orchard',
  History: 'Empire Treaty Throne Regiment Cathedral Emperor Revolt Crusade Duchess Siege Crown Republic',
  Fantasy: 'Dragon Sorcerer Amulet Kingdom Oracle Unicorn Spell Enchanter Griffin Prophecy Realm Wand',
  Western: 'Saloon Sheriff Canyon Outlaw Stagecoach Prairie Gunslinger Frontier Mustang Homestead Coyote Posse',
  Music: 'Serenade Orchestra Encore Saxophone Chorus Ballad Piano Tenor Rhapsody Quartet Nocturne Drummer',
};
type Genre = keyof typeof nouns;

const adjectives = (
  'Amber Ancient Borrowed Brave Broken Crimson Crooked Distant Drowsy Electric Emerald Endless Faithful Fallen ' +
  'Forgotten Frozen Gentle Gilded Golden Hidden Hollow Honest Hungry Invisible Ivory Last Lonely Lucky Midnight ' +
  'Northern Paper Patient Quiet Restless Reluctant Salt Scarlet Second Secret Silent Silver Sleepless Stolen Tender ' +
  'Thirteenth Velvet Wandering'
).split(' ');

/** A further genre is named if the magnitude of its factor is at least this share of the strongest. */
const alsoFrom = 0.7;

/**
 * Titles and genres for the items of the built-in sample: invented, and the same on every visit. An item's genres are the
 * poles of its largest planted factors, the largest first, so a visitor who rates thrillers high and comedies low should get
 * thrillers recommended.
 */
export function sampleTitles({ rows, columns, data }: Matrix): Map<Id, Title> {
  const titles = new Map<Id, Title>();
  const used = new Map<Genre, number>();
  for (let row = 0; row < rows; row++) {
    const genres = genresOf(data.subarray(row * columns, (row + 1) * columns));
    const [first] = genres as [Genre];
    const nth = used.get(first) ?? 0;
    used.set(first, nth + 1);
    titles.set(row + 1, { title: titleOf(first, nth), genres });
  }
  return titles;
}

function genresOf(factors: Float32Array): Genre[] {
  const strengths = poles.map(([above, below], k) => {
    const value = factors[k] ?? 0;
    return { genre: value > 0 ? above : below, strength: Math.abs(value) };
  });
  strengths.sort((a, b) => b.strength - a.strength);
  const least = alsoFrom * strengths[0]!.strength;
  return strengths
    .slice(0, 3)
    .filter(({ strength }) => strength >= least)
    .map(({ genre }) => genre);
}

/** The nth title of a genre. No two are the same: once all pairs of words are used, sequels follow. */
function titleOf(genre: Genre, nth: number): string {
  const words = nouns[genre].split(' ');
  const pairs = adjectives.length * words.length;
  // The stride is coprime to the number of pairs, so every pair is used.
  const pair = (nth * 229 + 17) % pairs;
  const part = Math.floor(nth / pairs);
  const title = `The ${adjectives[pair % adjectives.length]} ${words[Math.floor(pair / adjectives.length)]}`;
  return part === 0 ? title : `${title} ${part + 1}`;
}
