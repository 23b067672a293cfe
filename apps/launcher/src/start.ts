/** `npm start`: everything up, the addresses, and all down again at Ctrl-C. */
import { bringUp, type Running } from './bring-up.js';
import type { CommandContext } from './steps.js';
import { stopSignal } from './stop-signal.js';
import { renderTable } from './table.js';

const SANDBOX_PAGES = {
  'messages (SMS)': '/sms',
  'messages, 2nd operator': '/sms2',
  bank: '/bank',
  'platforms: accounts': '/platform',
  'e-invoices': '/invoice',
  courier: '/courier',
};

export default async function start({ steps }: CommandContext): Promise<void> {
  const signal = stopSignal(() => steps.say('\nstopping (Ctrl-C again ends everything at once)'));
  const running = await bringUp({ steps, signal });
  steps.say('');
  if (running.reused) {
    steps.say('ready: it was already running, in another terminal');
    steps.say(describe(running));
    return;
  }
  steps.say(`ready in ${steps.secondsSinceStart().toFixed(1)} s. Ctrl-C stops everything.`);
  steps.say(describe(running));
  await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())));
  const begun = performance.now();
  await running.stop();
  steps.say(`stopped in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  // Connections that libraries keep open must not hold the terminal.
  process.exit(0);
}

function describe({ urls, accounts, home }: Running): string {
  const addresses = [
    ['API', urls.api],
    ['API documentation', urls.apiDocs],
    ['Responder (CRL, OCSP)', urls.responder],
    ['Temporal UI', urls.temporalUi ?? 'of the server named by TEMPORAL_ADDRESS'],
    ['Sandbox: the outside world', urls.sandbox],
    ...Object.entries(SANDBOX_PAGES).map(([what, path]) => [`  ${what}`, `${urls.sandbox}${path}`]),
    ['Data and logs', home],
  ];
  const people = accounts.map(({ username, password, roles }) => [username, password, roles.join(', ')]);
  return [
    '',
    renderTable(['what', 'where'], addresses),
    ...(people.length === 0 ? [] : ['', renderTable(['account', 'password', 'roles'], people)]),
    '',
  ].join('\n');
}
