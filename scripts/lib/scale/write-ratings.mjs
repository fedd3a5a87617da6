// write-ratings.mjs FILE: writes the generator's ratings of the size of MovieLens 1M as CSV.
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { Ratings } from 'matfac';

const ratings = await Ratings.sample('ml1m');
const lines = ['user,item,rating'];
for (const { user, item, rating } of ratings) lines.push(`${user},${item},${rating}`);
writeFileSync(argv[2] ?? 'ratings.csv', `${lines.join('\n')}\n`);
console.log(`${ratings.size} ratings of ${ratings.itemCount} items by ${ratings.userCount} users`);
