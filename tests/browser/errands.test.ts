/** What five visitors come for, on real files, at both widths and in both browsers. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Opened, openChromium, openFirefox } from './support/browsers.js';
import { books, hundredThousand, latestSmall, salesOf } from './support/errand-data.js';
import { developer, filmLover, reader, shop, student } from './support/errands.js';
import { hasFirefox } from './support/firefox.js';
import { filmLists, goodreads } from './support/own-lists.js';
import { purchaseLogs } from './support/purchase-logs.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';

if (!hasFirefox) console.warn('SKIPPED: the errands were not run in Firefox. Install firefox-esr, or set FIREFOX.');

/** A whole errand takes longer than a test of one thing. */
const long = 180_000;

const wide = { width: 1280, height: 900 };
const narrow = { width: 360, height: 740 };

/** Each format, at one width and the next at the other. */
const alternating = <Name extends string>(formats: Record<Name, unknown>) =>
  (Object.keys(formats) as Name[]).map((name, i) => [name, i % 2 === 0 ? wide : narrow] as const);

describe.each([
  { name: 'Chromium', isHere: true, open: openChromium },
  { name: 'Firefox', isHere: hasFirefox, open: openFirefox },
])('in $name', ({ isHere, open }) => {
  describe.skipIf(!isHere)('errands', () => {
    let site: Site;
    let browser: Opened;
    let visitor: Visit;
    const visitAt = async (viewport: typeof wide) => {
      visitor = await visit(site, { viewport }, browser.context);
      return visitor.page;
    };

    beforeAll(async () => {
      [site, browser] = await Promise.all([servePage('/demo/'), open()]);
    });
    afterAll(() => Promise.all([site.close(), browser.close()]));
    afterEach(async () => {
      await visitor.leave();
      expect(visitor.complaints).toEqual([]);
    });

    describe.skipIf(!latestSmall)('on MovieLens latest-small', () => {
      test.each(alternating(filmLists))(
        'a film lover with an export: %s',
        async (service, viewport) => {
          await filmLover(await visitAt(viewport), latestSmall!, filmLists[service]);
        },
        long,
      );
    });

    describe.skipIf(!hundredThousand)('on MovieLens 100K', () => {
      test.each(alternating(purchaseLogs))(
        'a shop with a log of purchases: %s',
        async (format, viewport) => {
          await shop(await visitAt(viewport), await salesOf(hundredThousand!, format));
        },
        long,
      );

      test.each([wide, narrow])(
        'a front-end developer, $width px',
        async (viewport) => {
          await developer(await visitAt(viewport), hundredThousand!);
          // Their own page has an address of its own.
          const own = /^a request went elsewhere: http:\/\/127\.0\.0\.1:\d+\/(|matfac\/.*|model\.safetensors)$/;
          visitor.complaints.splice(0, Infinity, ...visitor.complaints.filter((complaint) => !own.test(complaint)));
        },
        long,
      );

      test.each([wide, narrow])(
        'a student with the textbook, $width px',
        async (viewport) => {
          await student(await visitAt(viewport), hundredThousand!);
        },
        long,
      );
    });

    test.each([wide, narrow])(
      'a reader with an export of Goodreads, $width px',
      async (viewport) => {
        await reader(await visitAt(viewport), books, goodreads(books.read));
      },
      long,
    );
  });
});
