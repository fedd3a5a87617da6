/** The page's own words: messages without what is meant for developers, and files in prose. */
import { describe, expect, test } from 'vitest';
import { isProse } from '../../web/actions/first-rows.js';
import { plainWords } from '../../web/base/plain-words.js';

const messages: [message: string, words: string][] = [
  [
    "Line 1: no column of users found among 'a', 'b'; choose one with columns: {user: …}",
    "Line 1: no column of users found among 'a', 'b'",
  ],
  [
    "'b' is taken as the rating; so could be 'c': choose with columns: {rating: 2}",
    "'b' is taken as the rating; so could be 'c'",
  ],
  [
    "'time' is left out: its values are no times, such as 0.5; timeFormat says how they are written",
    "'time' is left out: its values are no times, such as 0.5",
  ],
  [
    "No column is a rating; not used: 'price', which columns: {rating: …} can choose",
    "No column is a rating; not used: 'price'",
  ],
  [
    'The WebAssembly module could not be loaded (HTTP 404); is it served beside the code? configure({wasmUrl}) sets where matfac.wasm is',
    'The WebAssembly module could not be loaded (HTTP 404)',
  ],
  [
    'The worker could not be started; configure({workerUrl}) sets where worker.js is, and worker: false works without it',
    'The worker could not be started',
  ],
  ['The training worker was lost (gone); worker: false works without it', 'The training worker was lost (gone)'],
  [
    "The browser's storage has no room for the 5.0 MB of this model (full); store it with state: false, users: false or dtype: 'int8', or delete other models with Model.forget",
    "The browser's storage has no room for the 5.0 MB of this model (full)",
  ],
  [
    'Aborted(both async and sync fetching of the wasm failed). Build with -sASSERTIONS for more info.',
    'Aborted(both async and sync fetching of the wasm failed)',
  ],
  ['columns.user must be a title in the file, a or b; it is 7', 'The file does not have what was expected'],
  [
    "In the zip archive several files may have the ratings; the option file names it: there are 'a.csv', 'b.csv'",
    'In the zip archive several files may have the ratings',
  ],
  // Words that only resemble options stay.
  [
    "Line 2, column 3 (format): '3' must be a number; it is 'x'",
    "Line 2, column 3 (format): '3' must be a number; it is 'x'",
  ],
  ['its item_factors have 8 columns, and its options say 4', 'its item_factors have 8 columns, and its options say 4'],
  ['The file must have ratings; it has none', 'The file must have ratings; it has none'],
];

test.each(messages)('%s', (message, words) => {
  expect(plainWords(message)).toBe(words);
});

describe('prose', () => {
  test.each([
    ['a story', 'Once upon a time there was a matrix.\nIt had gaps.\n'],
    [
      'a paragraph with commas',
      'Dear all, we met on Monday, as planned, and talked. “Nothing new,” said Ann. She left early.',
    ],
    [
      'German',
      'Sehr geehrte Damen und Herren,\n\nhiermit kündige ich meinen Vertrag. Bitte bestätigen Sie mir das.\n\nMit Grüßen\nAnn',
    ],
    ['Russian', 'Жили-были старик со старухой. Была у них внучка.\nЗвали её Маша, и жили они дружно.'],
    [
      'a readme',
      'This folder has two files. The first one is a table of ratings.\nThe second one is for titles.\nPlease read the licence!',
    ],
  ])('%s', (_, text) => {
    expect(isProse(text)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['ratings', 'user,item,rating\n1,2,3\n4,5,6\n'],
    ['words separated by commas', 'ann,alien,good\nbob,brazil,bad\ncy,casablanca,good\n'],
    ['pairs of words', 'ann alien\nbob brazil\ncy casablanca\ndee dune\neve emma\nfay frozen\n'],
    [
      'titles with points',
      'id,title\n1,Mr. Smith Goes to Washington\n2,E.T. the Extra-Terrestrial\n3,Dr. Strangelove\n',
    ],
    [
      'reviews in a table',
      'ann,alien,"It was great. I loved it. So good."\nbob,brazil,"Strange. But I would see it again."\n',
    ],
    ['reviews behind tabs', 'ann\talien\tIt was great. I loved it.\nbob\tbrazil\tStrange. Not for me.\n'],
    ['titles by number', '1::Toy Story (1995)::Animation\n2::Mr. Holland’s Opus (1995)::Drama\n'],
    ['JSON', '{"user": "ann", "item": "alien", "text": "It was great. I loved it."}\n'],
  ])('not %s', (_, text) => {
    expect(isProse(text)).toBe(false);
  });
});
