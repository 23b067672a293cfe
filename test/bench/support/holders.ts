/**
 * Holders of certificates at home. What their computers work is not the office's, and on one machine they share its cores: so they work in
 * a process of their own, and do the same work beside the bare workflows.
 */
import { fork } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Token } from '#persistence';
import type { Office } from '../../world/office.js';
import type { HomeAnswer, HomeOrder } from './at-home.js';

export interface Holders {
  /** The token goes home with its holder: there is no other in that computer. */
  takeHome(holder: { id: string; serial: string }): Promise<void>;
  /** Answers base64. */
  sign(serial: string, text: string): Promise<string>;
  install(serial: string): Promise<void>;
  /** All that was done with this token, without the authority. */
  again(serial: string): Promise<void>;
  close(): void;
}

export function startHolders(office: Office): Holders {
  const home = join(office.settings.home, 'at-home');
  const child = fork(fileURLToPath(new URL('./at-home.js', import.meta.url)), [home, office.api]);
  const waiting = new Map<number, { done: (result: string) => void; fail: (error: Error) => void }>();
  let orders = 0;
  child.on('message', ({ number, result, failure }: HomeAnswer) => {
    const asked = waiting.get(number);
    waiting.delete(number);
    if (failure === undefined) asked?.done(result ?? '');
    else asked?.fail(new Error(`at home: ${failure}`));
  });
  child.once('exit', () => {
    for (const { fail } of waiting.values()) fail(new Error('the holders’ computers are gone'));
  });
  const give = (order: HomeOrder) =>
    new Promise<string>((done, fail) => {
      orders += 1;
      waiting.set(orders, { done, fail });
      child.send({ number: orders, order });
    });
  return {
    async takeHome({ id, serial }) {
      const { serialNumber } = await office.data.manager.findOneByOrFail(Token, { applicationId: id });
      const folder = join(home, serial);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      copyFileSync(join(office.settings.folders.station, `${serialNumber}.json`), join(folder, `${serialNumber}.json`));
    },
    sign: (serial, text) => give({ do: 'sign', serial, text }),
    install: async (serial) => void (await give({ do: 'install', serial })),
    again: async (serial) => void (await give({ do: 'again', serial })),
    close: () => void child.kill(),
  };
}
