/**
 * Records of a workflow that does several things at once. Local activities are replayed in the order in which they began, while in the first
 * run they went on in the order in which they ended; so there is never more than one of them, and the two orders are the same.
 */
export function oneByOne(): <T>(record: () => Promise<T>) => Promise<T> {
  let under: Promise<unknown> | null = null;
  return async (record) => {
    while (under !== null) await under.catch(() => undefined);
    const mine = record();
    under = mine;
    try {
      return await mine;
    } finally {
      under = null;
    }
  };
}
