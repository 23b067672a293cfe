/**
 * Postgres reads, rewrites and plans a statement anew each time it is told its text. Told under a name, a connection does it once: for our short
 * questions that was more than half of their cost.
 */
import pg from 'pg';

/** D: some three hundred texts are ours; a text that keeps changing must not fill the memory of every connection. */
const NAMED_AT_MOST = 1_000;

/** What is asked about whole sets is planned by how many there are: never from a plan that was made for others. */
const ABOUT_SETS = /\b(?:any|unnest|json_to_recordset)\s*\(/i;

/** The same text has the same name on every connection of this process. */
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= NAMED_AT_MOST || ABOUT_SETS.test(text)) return known;
  const name = `xinyin_${names.size}`;
  names.set(text, name);
  return name;
}

/** A connection that prepares what it is asked with parameters. Statements without, like those around a transaction, cost nothing to read. */
export class PreparingClient extends pg.Client {}

type Ask = (this: pg.Client, config: unknown, values?: unknown, callback?: unknown) => unknown;
const ask = pg.Client.prototype.query as Ask;
const prepareAndAsk: Ask = function (text, values, callback) {
  const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
  return name === undefined ? ask.call(this, text, values, callback) : ask.call(this, { name, text, values }, callback);
};
PreparingClient.prototype.query = prepareAndAsk as typeof PreparingClient.prototype.query;
