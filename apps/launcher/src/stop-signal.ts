/** Ctrl-C, a closed terminal, or a polite kill: the first asks to stop, the second does not ask. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes the terminal's Ctrl-C on, so one key press can arrive twice. */
const SAME_KEY_PRESS_MS = 500;

export function stopSignal(onFirst: () => void): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (first === undefined) {
        first = performance.now();
        onFirst();
        controller.abort();
      } else if (performance.now() - first > SAME_KEY_PRESS_MS) process.exit(130);
    });
  }
  return controller.signal;
}
