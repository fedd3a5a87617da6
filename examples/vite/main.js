import { Ratings, train } from 'matfac';

const status = document.querySelector('[role=status]');
const progress = document.querySelector('progress');
const list = document.querySelector('ol');

async function show(ratings) {
  const training = train(ratings);
  for await (const { epoch, epochs } of training) progress.value = epoch / epochs;
  const model = await training;
  const user = ratings.users[0];
  status.textContent = `For user ${user}, by ${ratings.size} ratings:`;
  const titleOf = (item) => ratings.source?.itemTitles?.get(item)?.title ?? item;
  const entries = model.recommend(user, { n: 5 }).map(({ item, score }) => `${titleOf(item)}: ${score.toFixed(2)}`);
  list.replaceChildren(...entries.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
}

function report(error) {
  status.textContent = error.message;
}

document.querySelector('input').addEventListener('change', ({ target }) => {
  Ratings.fromFile(target.files[0]).then(show).catch(report);
});
Ratings.sample('tiny').then(show).catch(report);
