/** Prints what happens, with its time; waits for what must come, and fails when it does not. */
export interface Teller {
  step<T>(name: string, work: () => Promise<T>, say?: (value: T) => string): Promise<T>;
  until<T>(look: () => Promise<T | null>, what: string): Promise<T>;
}

/** An SMS as the phone shows it. */
export const asShown = (text: string) => text;

const LOOK_EVERY_MS = 250;
/** Long enough for a worker that was killed to come back and its activities to be tried again. */
const PATIENCE_MS = 240_000;

export function createTeller(say: (line: string) => void): Teller {
  const began = Date.now();
  const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1).padStart(6)} s`;
  return {
    async step(name, work, describe) {
      const started = Date.now();
      const value = await work().catch((error: unknown) => {
        say(`  ✗ ${seconds(began)}  ${name}`);
        throw error;
      });
      const result = describe?.(value) ?? (typeof value === 'string' && value.length < 60 ? value : '');
      say(`  ✓ ${seconds(began)}  ${name}${result ? ` — ${result}` : ''}  (${seconds(started).trim()})`);
      return value;
    },
    async until(look, what) {
      const giveUp = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = await look();
        if (found !== null) return found;
        if (Date.now() > giveUp) throw new Error(`waited ${PATIENCE_MS / 1000} s in vain for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
  };
}
