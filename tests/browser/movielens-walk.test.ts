/** Every section of the page with real MovieLens files. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { movieLens } from './support/real-data.js';
import { type Site, servePage, type Visit, visit } from './support/visit.js';
import { trust, walkTests } from './support/walk.js';

for (const data of movieLens) {
  describe.skipIf(!data.isHere)(data.name, () => {
    let site: Site;
    let visitor: Visit;

    beforeAll(async () => {
      site = await servePage('/demo/');
      visitor = await visit(site);
    });
    afterAll(async () => {
      await visitor.leave();
      await site.close();
    });

    walkTests(() => visitor.page, data);

    test('Trust', async () => {
      expect(visitor.complaints).toEqual([]);
      await trust(visitor.page);
    });
  });
}
