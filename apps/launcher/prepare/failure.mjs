/** Told to whoever sits at the terminal: what is wrong and what to do. Shown without a stack. */
export class LaunchError extends Error {
  name = 'LaunchError';
}
