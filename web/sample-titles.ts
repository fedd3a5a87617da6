/** Invented titles for the built-in sample: one adjective and one noun for each item, the same on every visit. */
const adjectives = (
  'Amber Ancient Borrowed Brave Broken Crimson Crooked Distant Drowsy Electric Emerald Endless Faithful Fallen ' +
  'Forgotten Frozen Gentle Gilded Golden Hidden Hollow Honest Hungry Invisible Ivory Last Lonely Lucky Midnight ' +
  'Northern Paper Patient Quiet Restless Reluctant Salt Scarlet Second Secret Silent Silver Sleepless Stolen Tender ' +
  'Thirteenth Velvet Wandering Winter'
).split(' ');

const nouns = (
  'Accordion Archive Astronomer Avenue Bakery Balloon Bicycle Bridge Cartographer Carousel Cathedral Clockmaker Comet ' +
  'Detective Empire Expedition Ferry Forest Garden Gardener Harbour Horizon Hotel Island Journey Kingdom Lantern ' +
  'Letter Library Lighthouse Machine Masquerade Meadow Mountain Ocean Orchard Orchestra Photograph Piano Pilot ' +
  'Promise River Sailor Season Stranger Summer Telegram Umbrella'
).split(' ');

const pairs = adjectives.length * nouns.length;

/** Shares no factor with the number of pairs, so that multiplying by it visits every pair once. */
const stride = 1117;

/** The title of item `id`; beyond the pairs there are, sequels. */
export function sampleTitle(id: number): string {
  const pair = (id * stride + 523) % pairs;
  const title = `${adjectives[pair % adjectives.length]} ${nouns[Math.floor(pair / adjectives.length)]}`;
  const part = Math.floor(id / pairs);
  return part === 0 ? title : `${title} ${part + 1}`;
}
