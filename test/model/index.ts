/**
 * A small model of a case, to hold the office against: what may happen in each business, and where state, money, certificates and messages
 * are afterwards. Written from the rules, and it imports nothing of the product, so that both can be wrong only in different ways.
 *
 * Promises: pure and deterministic; a story that was found by chance can be written down and told again. `players.ts` tells it to a real
 * office over HTTP, with real workflows, activities, Postgres and a server that skips time; `seen.ts` looks at what came of it.
 */
export { begin } from './progress.js';
export { after, canBeTried } from './rules.js';
export { closing, storyOf, type Story } from './stories.js';
export { ways, type Beginning, type Case, type Happening, type Kind, type Order, type Staff, type Standing, type Way } from './words.js';
