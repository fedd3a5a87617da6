// Trains on the built-in sample in Node and recommends to one user, with the package as its users have it.
import { Ratings, train } from 'matfac';

const BAR = 30;
const terminal = process.stdout.isTTY === true;

/** @param {number} done @param {number} all */
function drawBar(done, all) {
  if (!terminal) return;
  const filled = Math.round((BAR * done) / all);
  process.stdout.write(`[${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}] epoch ${done} of ${all}\r`);
}

/** Prints a line over the bar, which is then drawn again below it. @param {string} text */
function printLine(text) {
  const eraseToTheRight = terminal ? '\x1b[K' : '';
  console.log(`${text}${eraseToTheRight}`);
}

/** @param {number | undefined} value @param {number} digits */
const fixed = (value, digits) => (value === undefined ? '–' : value.toFixed(digits));

const count = new Intl.NumberFormat('en-US');

const ratings = await Ratings.sample('ml100k');
printLine(
  `The sample: ${count.format(ratings.size)} synthetic ratings of ${count.format(ratings.itemCount)} items ` +
    `by ${count.format(ratings.userCount)} users, in the shape of MovieLens 100K.`,
);

const training = train(ratings, { validation: 0.1 });
printLine('epoch        loss  train RMSE  validation RMSE');
for await (const { epoch, epochs, loss, trainRmse, validationRmse } of training) {
  const numbers = [
    fixed(loss, 0).padStart(10),
    fixed(trainRmse, 4).padStart(10),
    fixed(validationRmse, 4).padStart(15),
  ];
  printLine(`${String(epoch).padStart(5)}  ${numbers.join('  ')}`);
  drawBar(epoch, epochs);
}
const model = await training;

const user = ratings.users[0];
if (user === undefined) throw new Error('The sample has no users');
printLine(`\nTen recommendations for user ${user}, of the items that this user has not rated:`);
model.recommend(user, { n: 10 }).forEach(({ item, rating }, rank) => {
  console.log(`${String(rank + 1).padStart(5)}. item ${String(item).padEnd(6)} predicted rating ${rating?.toFixed(2)}`);
});
model.dispose();
