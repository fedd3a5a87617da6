const status = document.querySelector('[role=status]');
const worker = new Worker(new URL('./recommender.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  if (data.error) {
    status.textContent = data.error;
    return;
  }
  status.textContent = `For user ${data.user}:`;
  const entries = data.recommendations.map(({ item, score }) => `${item}: ${score.toFixed(2)}`);
  const list = document.querySelector('ol');
  list.replaceChildren(...entries.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
};
worker.postMessage({ user: 1 });
