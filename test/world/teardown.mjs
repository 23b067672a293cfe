/** After the `system` tests: ends the world and waits until it is gone. */
const ENDS_WITHIN_MS = 15_000;

export default async function teardown() {
  const child = globalThis.testWorld;
  if (!child || child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  await gone;
  clearTimeout(late);
}
