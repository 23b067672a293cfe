/** Runs a day's batch by hand, for a Friday that was missed or, in demo mode, one that has not come. */
import { createTeller } from '../demo/teller.js';
import { LaunchError } from '../failure.js';
import type { CommandContext } from '../steps.js';
import { inWords, logInAs, readDate } from './connection.js';

interface Batch {
  items: { number: string; certificateName: string; state: string; trackingNumber: string | null }[];
}

export async function runDispatch(context: CommandContext): Promise<void> {
  const day = readDate(context.args, 'dispatch');
  const dispatcher = await logInAs('dispatcher', context);
  const answer = await dispatcher.attempt('POST', `/api/v1/dispatches/${day}`, { json: {} });
  if (answer.status !== 202) throw new LaunchError(inWords(answer));
  const batch = await createTeller(context.steps.say).until(async () => {
    const seen = await dispatcher.get<Batch & { working: boolean }>(`/api/v1/dispatches/${day}`);
    return seen.working ? null : seen;
  }, `the batch of ${day}`);
  context.steps.say(`${day}: ${batch.items.length} on the list`);
  for (const { number, state, trackingNumber } of batch.items) context.steps.say(`  ${number}  ${state}  ${trackingNumber ?? ''}`);
}
