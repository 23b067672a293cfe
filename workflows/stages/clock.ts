/** The workflow's own time: the SDK gives `Date` from history, so a replay sees the same instants. The one place where it is read. */
export const now = () => new Date();

/** Milliseconds until then, at least one: a timer of zero would never fire for what is due in this very moment. */
export const msUntil = (instant: Date) => Math.max(1, instant.getTime() - Date.now());
