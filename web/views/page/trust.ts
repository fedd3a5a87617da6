import { h, replace } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import type { State } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** The policy of this page, as the browser has read it. */
const policy = () =>
  document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? '';

/** A reserved address (RFC 2606), which the policy keeps the browser from requesting. */
const elsewhere = 'https://example.org/';

export function trustView(root: HTMLElement, store: Store): void {
  replace(root, h('div', { class: 'choices' }, connectionsCard(), machineCard(store)));
}

function connectionsCard(): HTMLElement {
  const outcome = h('p', { class: 'outcome', role: 'status' });
  const attempt = async () => {
    outcome.textContent = 'Trying …';
    outcome.textContent = await tryToConnect();
  };
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, 'Nothing leaves this page'),
    h(
      'p',
      {},
      'There is no server behind it: files are read, and models trained and kept, on your machine. This ' +
        'Content-Security-Policy tells your browser to refuse every connection except to the page’s own files:',
    ),
    h('code', { class: 'policy', tabindex: '0' }, policy()),
    h(
      'p',
      {},
      'Check for yourself: read it at the top of this page’s source, watch the network panel of the developer tools, go ' +
        'offline, or let the page try to connect elsewhere.',
    ),
    h('button', { type: 'button', click: () => void attempt() }, 'Try to connect elsewhere'),
    outcome,
  );
}

/** Distinguishes a refusal by the policy from a missing network: the browser reports only the former as a violation. */
async function tryToConnect(): Promise<string> {
  const refused = new Promise<true>((resolve) => {
    document.addEventListener('securitypolicyviolation', () => resolve(true), { once: true });
  });
  const answered = fetch(elsewhere, { mode: 'no-cors' }).then(
    () => false,
    () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 1000)),
  );
  return (await Promise.race([refused, answered]))
    ? `Your browser refused to connect to ${elsewhere}, as the policy says.`
    : `Your browser did not refuse to connect to ${elsewhere}: it does not enforce the policy. Do not use private ratings in it.`;
}

function machineCard(store: Store): HTMLElement {
  const offline = h('dd');
  const threads = h('dd');
  const cleared = h('span', { class: 'small', role: 'status' });
  const clear = async () => {
    await (await import('../../actions/session.js')).clearSession();
    cleared.textContent = 'Cleared.';
  };
  store.watch(
    (state) => [state.offline],
    (kept) => {
      offline.textContent = offlineWords[kept];
      threads.textContent = threadWords(kept);
    },
  );
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, 'What your browser offers'),
    h(
      'dl',
      { class: 'machine' },
      h('dt', {}, 'Offline'),
      offline,
      h('dt', {}, 'Threads'),
      threads,
      h('dt', {}, 'Kept on this machine'),
      h(
        'dd',
        {},
        'The page’s own files; your last session (ratings, model and stars) until you clear it; and a model if you keep one. ' +
          'No cookies, no analytics.',
      ),
    ),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', click: () => void clear() }, 'Clear the last session'),
      cleared,
    ),
  );
}

const offlineWords: Record<State['offline'], string> = {
  waiting: 'The page is being stored …',
  kept: 'The page is stored on this machine and opens without a network.',
  impossible:
    'This browser, or this way of opening the page, does not let it be stored. It keeps working while it is open.',
};

function threadWords(offline: State['offline']): string {
  const processors = navigator.hardwareConcurrency;
  if (crossOriginIsolated) return `Up to ${counted(processors, 'thread')}, for 500,000 ratings or more.`;
  if (offline === 'kept' && processors > 1) return `One for now. Reload the page to use up to ${processors}.`;
  return 'One: this browser does not let the page share memory between threads.';
}
