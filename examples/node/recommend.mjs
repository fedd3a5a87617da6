// node recommend.mjs RATINGS [USER]: RATINGS is CSV, JSON, Parquet or a MovieLens zip as downloaded.
import { openAsBlob } from 'node:fs';
import { evaluate, Ratings, train } from 'matfac';

const [path, name] = process.argv.slice(2);
if (!path) {
  console.error('usage: node recommend.mjs RATINGS [USER]');
  process.exit(2);
}
const ratings = await Ratings.fromFile(await openAsBlob(path), { badRows: 'skip' });
console.log(`${ratings.size} ratings of ${ratings.itemCount} items by ${ratings.userCount} users`);
if (ratings.skipped.count > 0) console.log(`${ratings.skipped.count} rows were skipped`);

const { train: known, test } = ratings.split({ test: 0.2, seed: 1 });
const judged = await train(known);
const { rmse, ndcg } = evaluate(judged, test, { k: 10, exclude: known, metrics: ['rmse', 'ndcg'] });
console.log(`on ratings held out: RMSE ${rmse.toFixed(3)}, NDCG at 10 ${ndcg.toFixed(3)}`);

const model = await train(ratings);
const user = name === undefined ? ratings.users[0] : ratings.users.find((id) => String(id) === name);
console.log(`for ${user}:`);
for (const { item, score } of model.recommend(user, { n: 10 })) {
  console.log(`  ${score.toFixed(2)} ${ratings.source.itemTitles?.get(item)?.title ?? item}`);
}
