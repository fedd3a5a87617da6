import fc from 'fast-check';
import { Ratings } from 'matfac';
import { describe, expect, test } from 'vitest';

const columnsOf = async (text: string) => (await Ratings.fromFile(text)).source!.columns;
const list = (titles: string) => titles.split(' · ');

describe('a title means', () => {
  const ratings = list(
    'rating · Rating · user_rating · userRating · my_rating · Book-Rating · review/score · overall · stars · star_rating · score · grade · points · vote · preference · weight · count · plays · play_count · playcount · quantity · Qty · hours · hours_played · watch_ratio · play_duration · minutes_watched · listen_count · number of plays · rating_value · Rating (1-5) · score/10 · Bewertung · Anzahl · note · quantité · puntuación · calificación · avaliação · voto · beoordeling · ocena · оценка · Рейтинг · 评分 · 用户评分 · 評価 · 평점',
  );
  test.each(ratings)('a rating: %s', async (title) => {
    expect(await columnsOf(`user,item,${title}\n1,10,4\n1,20,3.5\n2,10,5\n`)).toEqual({ user: 0, item: 1, rating: 2 });
  });

  const others = list(
    'rating_id · ratingKey · score_code · stars_no · rating_uuid · rating number · price · unit_price · amount · total · cost · age · zip · zip_code · category · category_id · tag · tagID · lat · lon · longitude · day · month · year · hour · page · pages · size · version · helpful_votes · helpful · avg_rating · average_rating · mean_score · ratings_count · num_ratings · review count · vote_count · IMDb Rating · predicted_rating · Preis · Alter · prix · âge · precio · edad · preço · prezzo · prijs · cena · цена · возраст · 价格 · 年龄 · 価格 · foo · order_id · review_id · genre · position · rank · discount · user_age',
  );
  test.each(others)('no rating: %s', async (title) => {
    const { implicit, source } = await Ratings.fromFile(`user,item,${title}\n1,10,4\n1,20,3.5\n2,10,5\n`);
    expect(source!.columns).toEqual({ user: 0, item: 1 });
    expect(implicit).toBe(true);
    expect(source!.notes.filter(({ code }) => code === 'implicit')).toEqual([
      { code: 'implicit', message: expect.stringContaining(`'${title}'`) },
    ]);
  });

  const users = list(
    'userId · UserID · user_id · uid · customer_id · CustomerID · customer · email · E-Mail · account · member_id · visitorid · session_id · reviewerID · client · buyer · Kundennummer · Benutzer · utilisateur · id_cliente · usuário · gebruiker · użytkownik · пользователь · ID пользователя · 用户ID · ユーザーID · 会員番号 · 고객',
  );
  test.each(users)('a user: %s', async (title) => {
    expect(await columnsOf(`rating,foo_bar,movie,${title}\n4,x,10,a\n3,y,10,b\n`)).toEqual({
      user: 3,
      item: 2,
      rating: 0,
    });
  });

  test('the user by elimination, if its values repeat', async () => {
    expect(await columnsOf('id,movie,rating\n1,10,4\n1,20,3\n2,10,5\n')).toEqual({ user: 0, item: 1, rating: 2 });
    await expect(columnsOf('id,movie,rating\n1,10,4\n2,20,3\n3,10,5\n')).rejects.toThrow('no column of users found');
  });

  const items = list(
    'itemId · item_id · iid · movieId · movie · product_id · asin · parent_asin · sku · StockCode · ISBN · article_id · track · artist_name · book · game · title · Titel · Artikelnummer · Produkt · film · livre · id_produto · película · libro · boek · książka · товар · Фильм · 商品编号 · 商品コード · 映画 · 영화',
  );
  test.each(items)('an item: %s', async (title) => {
    expect(await columnsOf(`rating,foo_bar,user,${title}\n4,x,10,a\n3,y,10,b\n`)).toEqual({
      user: 2,
      item: 3,
      rating: 0,
    });
  });

  const times = list(
    'timestamp · time · date · ts · unixReviewTime · review_time · event_time · created_at · listened_at · rated_at · Date Rated · datetime · InvoiceDate · order_purchase_timestamp · time_stamp · Datum · Zeit · fecha · data · heure · дата · 评分时间 · 日付 · 날짜',
  );
  test.each(times)('a time: %s', async (title) => {
    const columns = await columnsOf(`user,item,rating,${title}\n1,10,4,1396868400\n2,10,5,1396868401\n`);
    expect(columns).toEqual({ user: 0, item: 1, rating: 2, timestamp: 3 });
  });

  test.each(list('release_date · birthdate · year · publication_date · expiry date · day · date_month'))(
    'no time of a rating: %s',
    async (title) => {
      const columns = await columnsOf(`user,item,rating,${title}\n1,10,4,1396868400\n2,10,5,1396868401\n`);
      expect(columns).toEqual({ user: 0, item: 1, rating: 2 });
    },
  );

  test.each(list('event · event_type · eventName · action · behavior · behaviour_type · interaction_type · activity'))(
    'an event: %s',
    async (title) => {
      expect(await columnsOf(`user,item,${title}\n1,10,view\n2,10,buy\n`)).toEqual({ user: 0, item: 1, event: 2 });
    },
  );

  test.each(list('user_type · item_type · device_type · type_id'))('no event: %s', async (title) => {
    expect(await columnsOf(`user,item,${title}\n1,10,view\n2,10,buy\n`)).toEqual({ user: 0, item: 1 });
  });
});

test.each([
  ['names of events', 'ann,x,view\nbob,y,cart\n', 2],
  ['words with numbers', 'user1,item5,4\nuser2,item6,5\n', 2],
  ['single letters', 'u,t\nv,t\n', 2],
  ['items named like titles', 'ann,Score,5\nbob,The Game,4\n', 2],
])('a first row of %s has no titles', async (_, text, size) => {
  const ratings = await Ratings.fromFile(text);
  expect(ratings.source!.titles).toBeUndefined();
  expect(ratings.size).toBe(size);
});

test('the roles do not depend on the order of the columns, the case of the titles or how their words are joined', async () => {
  const titles = ['user id', 'movie id', 'rating', 'created at', 'unit price', 'order id', 'movie genre'];
  const cells = ['7', '10', '4.5', '1396868400', '9.99', '1001', 'Drama'];
  const joins = [
    (words: string[]) => words.join(' '),
    (words: string[]) => words.join('_'),
    (words: string[]) => words.join('-').toUpperCase(),
    (words: string[]) =>
      words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join(''),
  ];
  const order = fc.shuffledSubarray([...titles.keys()], { minLength: titles.length });
  const property = fc.asyncProperty(order, fc.constantFrom(...joins), async (columns, join) => {
    const header = columns.map((column) => join(titles[column]!.split(' ')));
    const text = [header, columns.map((column) => cells[column]!)].map((row) => row.join(',')).join('\n');
    expect(await columnsOf(text)).toEqual({
      user: columns.indexOf(0),
      item: columns.indexOf(1),
      rating: columns.indexOf(2),
      timestamp: columns.indexOf(3),
    });
  });
  await fc.assert(property, { numRuns: 100 });
});

test('any titles and cells give ratings or a MatfacError', async () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('id', 'user', 'rating', 'date', '1', '0.5', '04/07/2014', '-'),
  );
  const clean = word.map((text) => text.replace(/["\r\n]/g, ''));
  const property = fc.asyncProperty(
    fc.array(fc.array(clean, { minLength: 3, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
    async (rows) => {
      try {
        const ratings = await Ratings.fromFile(rows.map((row) => row.join(',')).join('\n'), { badRows: 'skip' });
        expect(ratings.size).toBeGreaterThan(0);
      } catch (error) {
        expect((error as Error).name).toBe('MatfacError');
      }
    },
  );
  await fc.assert(property, { numRuns: 200 });
});
