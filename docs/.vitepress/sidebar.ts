const guide = (text: string, page: string) => ({ text, link: `/guide/${page}` });
const solver = (name: string, page = name) => ({ text: name, link: `/solvers/${page}` });
const recipe = (text: string, page: string) => ({ text, link: `/cookbook/${page}` });
const from = (text: string, page: string) => ({ text, link: `/coming-from/${page}` });

const groups = [
  {
    text: 'Start',
    items: [
      guide('Quick start', 'quick-start'),
      guide('The API at a glance', 'overview'),
      { text: 'Questions', link: '/faq' },
    ],
  },
  {
    text: 'Guides',
    items: [
      guide('Files', 'files'),
      guide('Explicit or implicit?', 'explicit-or-implicit'),
      guide('Choosing a solver', 'solvers'),
      guide('Judging and searching', 'judging'),
      guide('Similar items and the map', 'similar-items'),
      guide('How likely is each star', 'how-likely'),
      guide('Time', 'time'),
      guide('Features and cold start', 'features'),
      guide('Updating a model', 'updating'),
      guide('Private recommendations', 'private-recommendations'),
      guide('Your own list', 'your-own-list'),
      guide('Keeping models in the browser', 'keeping-models'),
      guide('Recommending to many', 'many-users'),
      guide('Threads and headers', 'threads'),
      guide('Bundlers and CDNs', 'bundlers'),
      guide('Memory', 'memory'),
      { text: 'Past one machine', link: '/scale' },
    ],
  },
  {
    text: 'Solvers',
    items: [
      solver('variational'),
      solver('als'),
      solver('svd++', 'svdpp'),
      solver('bayesian'),
      solver('nmf'),
      solver('sgd'),
      solver('gradient-descent'),
      solver('implicit-als'),
      solver('bpr'),
      { text: 'bias and popularity', link: '/solvers/baselines' },
      guide('All options', 'options'),
    ],
  },
  {
    text: 'Cookbook',
    items: [
      recipe('Films', 'films'),
      recipe('Books', 'books'),
      recipe('A shop', 'shop'),
      recipe('Music', 'music'),
      recipe('A static site', 'static-site'),
      recipe('React, Vue and Svelte', 'frameworks'),
      recipe('Next and SvelteKit', 'server-rendering'),
      recipe('Service workers, Electron, extensions', 'elsewhere'),
    ],
  },
  {
    text: 'Coming from',
    items: [
      from('Surprise', 'surprise'),
      from('implicit', 'implicit'),
      from('LightFM', 'lightfm'),
      from('cmfrec', 'cmfrec'),
      from('Spark MLlib', 'spark'),
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Every public name', link: '/reference/' },
      { text: 'The model file', link: '/model-format' },
      { text: 'The mathematics', link: '/mathematics' },
      { text: 'How good, how fast', link: '/accuracy' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Reliability', link: '/reliability' },
      { text: 'Dependencies', link: '/dependencies' },
      { text: 'Changelog', link: '/changelog' },
    ],
  },
];

const [start, guides, solvers, cookbook, comingFrom, reference] = groups;
const learning = [start!, guides!];
const looking = [reference!];

/** The pages beside each page, in the order in which `previous` and `next` lead through them, by the beginning of its path. */
export const sidebar = {
  '/solvers/': [solvers!],
  '/guide/options': [solvers!],
  '/cookbook/': [cookbook!, comingFrom!],
  '/coming-from/': [cookbook!, comingFrom!],
  '/reference/': looking,
  '/model-format': looking,
  '/mathematics': looking,
  '/accuracy': looking,
  '/benchmarks': looking,
  '/reliability': looking,
  '/dependencies': looking,
  '/changelog': looking,
  '/': learning,
};
