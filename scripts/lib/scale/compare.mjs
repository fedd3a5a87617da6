// compare.mjs FOLDER: saves the item factors that Spark wrote, and folds its users in as visitors.
import { openAsBlob, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { Model, Ratings } from 'matfac';

const folder = argv[2] ?? 'build/scale';
const parts = readdirSync(`${folder}/model/itemFactors`).filter((name) => /^part-.*\.parquet$/.test(name));
const items = await Promise.all(parts.map((name) => openAsBlob(`${folder}/model/itemFactors/${name}`)));
const exact = await Model.fromFile({ items }, { format: 'spark', regularization: 0.05, range: [0.5, 5] });

/** @type {Map<number, {item: number, rating: number}[]>} */
const rated = new Map();
for (const { user, item, rating } of await Ratings.fromFile(await openAsBlob(`${folder}/ratings.csv`))) {
  const own = rated.get(Number(user)) ?? [];
  own.push({ item: Number(item), rating: rating ?? 1 });
  rated.set(Number(user), own);
}
/** @type {{ [user: string]: number[] }} */
const best = JSON.parse(readFileSync(`${folder}/spark.json`, 'utf8'));

for (const dtype of /** @type {const} */ (['float32', 'float16', 'int8'])) {
  const bytes = exact.save({ dtype, users: false });
  writeFileSync(`${folder}/items-${dtype}.safetensors`, bytes);
  const model = await Model.load(bytes);
  let [shared, least, seconds] = [0, 10, 0];
  for (const [user, theirs] of Object.entries(best)) {
    const own = rated.get(Number(user)) ?? [];
    const known = new Set(own.map(({ item }) => item));
    const wanted = theirs.filter((item) => !known.has(item)).slice(0, 10);
    if (wanted.length < 10) throw new Error(`Spark gave too few items for user ${user}`);
    const began = performance.now();
    const found = model.foldIn(own).recommend({ n: 10 });
    seconds += (performance.now() - began) / 1000;
    const agreed = found.filter(({ item }) => wanted.includes(Number(item))).length;
    shared += agreed;
    least = Math.min(least, agreed);
  }
  const users = Object.keys(best).length;
  console.log(
    `${dtype.padEnd(8)} ${(bytes.length / 1000).toFixed(0)} kB, ${(shared / users).toFixed(2)} of Spark's 10 on average over ` +
      `${users} users, at least ${least}, ${((1000 * seconds) / users).toFixed(2)} ms per visitor`,
  );
  if (shared / users < 9) process.exitCode = 1;
}
