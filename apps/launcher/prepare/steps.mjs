/** What the terminal shows: a line when a step begins, how far it is while it takes long, and how long it took. */

const SHOW_PROGRESS_EVERY_MS = 5_000;
/** What is over sooner gets one line, not two. */
const WORTH_A_LINE_MS = 150;
const NAME_WIDTH = 11;

/**
 * @param {(line: string) => void} print what the command says
 * @param {(line: string) => void} progress how far it is; on standard error where the output is for programs
 */
export function createSteps(print = (line) => process.stdout.write(`${line}\n`), progress = print) {
  let expected = 0;
  let done = 0;
  const begun = performance.now();

  return {
    /** More steps are coming: shown as "3 of 12". */
    expect(count) {
      expected += count;
    },
    say: print,
    secondsSinceStart: () => (performance.now() - begun) / 1000,
    /** Runs `work(tell)`. The last text told is shown with the result. Steps may run side by side. */
    async step(name, work) {
      const started = performance.now();
      const label = name.padEnd(NAME_WIDTH);
      const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      let text = '';
      let shownAt = started;
      const show = () => {
        shownAt = performance.now();
        progress(`  … ${label} ${text || 'working'} (${seconds()})`);
      };
      const tell = (news) => {
        text = news;
        if (performance.now() - shownAt < SHOW_PROGRESS_EVERY_MS) return;
        // The last words before the end are shown with the result.
        clearTimeout(soon);
        soon = setTimeout(show, WORTH_A_LINE_MS);
      };
      let soon = setTimeout(show, WORTH_A_LINE_MS);
      const ticking = setInterval(() => performance.now() - shownAt >= SHOW_PROGRESS_EVERY_MS && show(), SHOW_PROGRESS_EVERY_MS);
      try {
        const result = await work(tell);
        done += 1;
        progress(`  ✓ ${label} ${text}  ${seconds()}  [${done} of ${Math.max(done, expected)}]`);
        return result;
      } catch (error) {
        progress(`  ✗ ${label} failed after ${seconds()}`);
        throw error;
      } finally {
        clearTimeout(soon);
        clearInterval(ticking);
      }
    },
  };
}
