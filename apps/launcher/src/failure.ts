/** Told to whoever sits at the terminal: what is wrong and what to do. Shown without a stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** The words of anything thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
