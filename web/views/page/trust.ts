import { h, replace } from '../../base/dom.js';
import { counted } from '../../base/format.js';
import type { State } from '../../state/state.js';
import type { Store } from '../../state/store.js';

/** What the policy of this page says, as the browser has read it. */
const policy = () =>
  document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? '';

/** An address that is nobody's (RFC 2606); the policy keeps the browser from asking for it. */
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
      'There is no server behind it: files are read, models learned and kept on your machine. This Content-Security-Policy ' +
        'tells your browser to refuse any connection but to the page’s own files:',
    ),
    h('code', { class: 'policy', tabindex: '0' }, policy()),
    h(
      'p',
      {},
      'Check it: read it at the top of this page’s source, watch the network panel of the developer tools, take the network ' +
        'away, or let the page try to break out.',
    ),
    h('button', { type: 'button', click: () => void attempt() }, 'Try to connect elsewhere'),
    outcome,
  );
}

/** Tells a refusal by the policy from a network that is not there: only the first is reported by the browser. */
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
    : `Your browser did not refuse to connect to ${elsewhere}: it holds no page to a policy. Do not give it ratings that are secret.`;
}

function machineCard(store: Store): HTMLElement {
  const offline = h('dd');
  const threads = h('dd');
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
    h('h3', {}, 'What your browser has'),
    h(
      'dl',
      { class: 'machine' },
      h('dt', {}, 'Without a network'),
      offline,
      h('dt', {}, 'Threads'),
      threads,
      h('dt', {}, 'Kept on this machine'),
      h(
        'dd',
        {},
        'The page’s own files, and models that you keep under “Leave with”. No cookies, no ratings, no counting of visits.',
      ),
    ),
  );
}

const offlineWords: Record<State['offline'], string> = {
  waiting: 'The page is being stored …',
  kept: 'The page is on this machine and opens without one.',
  impossible:
    'This browser, or this way of opening the page, lets it keep nothing. It goes on working while it is open.',
};

function threadWords(offline: State['offline']): string {
  const processors = navigator.hardwareConcurrency;
  if (crossOriginIsolated) return `Up to ${counted(processors, 'thread')}, for 500,000 ratings or more.`;
  if (offline === 'kept' && processors > 1) return `One for now. Reload the page to train on ${processors}.`;
  return 'One: this browser shares no memory with this page.';
}
