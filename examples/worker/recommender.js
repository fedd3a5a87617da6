// Holds the model and answers the page. Import maps do not apply in workers, so without a bundler the address is written out.
import { Ratings, train } from './node_modules/matfac/dist/index.js';

// This is already a worker, so the training needs no other.
const model = Ratings.sample('tiny').then((ratings) => train(ratings, { worker: false }));

globalThis.onmessage = async ({ data: { user } }) => {
  try {
    postMessage({ user, recommendations: (await model).recommend(user, { n: 5 }) });
  } catch (error) {
    postMessage({ error: error.message });
  }
};
