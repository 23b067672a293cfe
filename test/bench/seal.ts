/** Milliseconds to draw a seal (vector to PNG), for a short name and for the longest, once the typeface is warm. */
import { drawSeal, sealNameLimit } from '#seal';

const USCC = '91510100MA61RGJ9XP';
const RUNS = 50;

export default async function bench() {
  const names = { 'a name of 12': '成都信印示范医药有限公司', 'the longest name': '鑫'.repeat(sealNameLimit('limited-company')) };
  const figures: Record<string, number> = {};
  for (const [what, name] of Object.entries(names)) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const began = performance.now();
      await drawSeal({ name, uscc: USCC });
      times.push(performance.now() - began);
    }
    const [first = 0, ...warm] = times;
    warm.sort((a, b) => a - b);
    figures[`${what}: first, ms`] = Math.round(first * 10) / 10;
    figures[`${what}: median, ms`] = Math.round((warm[Math.floor(warm.length / 2)] ?? 0) * 10) / 10;
  }
  return { name: 'seal', figures, notes: ['Drawn and rasterised at 300 dpi.'] };
}
