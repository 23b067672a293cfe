/** Completions of an office whose clock a test has set: the engine says when a case was completed, and keeps another time. */
type Complete = (input: { completedAt: string }) => Promise<unknown>;

export function completedBy(now: () => Date, business: object): object {
  const byClock =
    (complete: Complete): Complete =>
    (input) =>
      complete({ ...input, completedAt: now().toISOString() });
  const { completeApplication, finishApplication } = business as Record<'completeApplication' | 'finishApplication', Complete>;
  return { ...business, completeApplication: byClock(completeApplication), finishApplication: byClock(finishApplication) };
}
