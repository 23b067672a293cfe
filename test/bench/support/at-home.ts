/**
 * The holders' computers, all in one process beside the measurement: each has its own token and its own assistant. Orders come as messages;
 * what the authority answered is remembered, so that the same work can be done again without it, beside a bare workflow.
 */
import { join } from 'node:path';
import { INITIAL_USER_PIN } from '#token';
import { Assistant, AuthorityApi } from '../../../apps/assistant/src/index.js';
import { randomAddress } from './drive.js';

export type HomeOrder =
  | { do: 'sign'; serial: string; text: string }
  | { do: 'install'; serial: string }
  /** Everything that was done with this token, once more. */
  | { do: 'again'; serial: string };
export type HomeAnswer = { number: number; result?: string; failure?: string };

interface Done {
  signed: string[];
  installed?: Heard;
}
type Heard = Pick<AuthorityApi, 'installationChallenge' | 'requestInstallation' | 'confirmationChallenge' | 'confirmInstallation'>;

const [folder = '', api = ''] = process.argv.slice(2);

// All holders stand behind one proxy here, which names each: one address may not ask for as many challenges as they do together.
const { fetch } = globalThis;
globalThis.fetch = (resource, request) => {
  const headers = new Headers(request?.headers);
  headers.set('X-Forwarded-For', randomAddress());
  return fetch(resource, { ...request, headers });
};

const done = new Map<string, Done>();
const doneWith = (serial: string): Done => {
  const known = done.get(serial) ?? { signed: [] };
  done.set(serial, known);
  return known;
};
const assistantOf = (serial: string, authority: AuthorityApi) => new Assistant(join(folder, serial), authority);

/** Hands on what the authority says, and keeps it. */
function listening(): { authority: AuthorityApi; heard: Heard } {
  const authority = new AuthorityApi(api);
  const heard = {} as Heard;
  const keep = <Asked, Said>(ask: (asked: Asked) => Promise<Said>, as: (said: Said) => void) => {
    return async (asked: Asked) => {
      const said = await ask(asked);
      as(said);
      return said;
    };
  };
  const { installationChallenge, requestInstallation, confirmationChallenge, confirmInstallation } = authority;
  Object.assign(authority, {
    installationChallenge: keep(installationChallenge, (said) => (heard.installationChallenge = () => Promise.resolve(said))),
    requestInstallation: keep(requestInstallation, (said) => (heard.requestInstallation = () => Promise.resolve(said))),
    confirmationChallenge: keep(confirmationChallenge, (said) => (heard.confirmationChallenge = () => Promise.resolve(said))),
    confirmInstallation: keep(confirmInstallation, () => (heard.confirmInstallation = () => Promise.resolve())),
  });
  return { authority, heard };
}

async function follow(order: HomeOrder): Promise<string> {
  const { serial } = order;
  const before = doneWith(serial);
  switch (order.do) {
    case 'sign':
      before.signed.push(order.text);
      return assistantOf(serial, new AuthorityApi(api)).sign(serial, order.text, INITIAL_USER_PIN);
    case 'install': {
      const { authority, heard } = listening();
      const installed = await assistantOf(serial, authority).install(serial, INITIAL_USER_PIN);
      before.installed = heard;
      return installed;
    }
    case 'again': {
      const authority = Object.assign(new AuthorityApi(api), before.installed);
      for (const text of before.signed) assistantOf(serial, authority).sign(serial, text, INITIAL_USER_PIN);
      return before.installed ? assistantOf(serial, authority).install(serial, INITIAL_USER_PIN) : '';
    }
  }
}

process.on('message', ({ number, order }: { number: number; order: HomeOrder }) => {
  const answer = (told: Omit<HomeAnswer, 'number'>) => process.send?.({ number, ...told });
  follow(order).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ failure: error instanceof Error ? error.message : 'failed' }),
  );
});
process.once('disconnect', () => process.exit(0));
