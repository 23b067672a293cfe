/** Each case of the sample as the real workflows have left it, beside the simulation's own. */
import { Application, DispatchItem, FeeOrder, Refund } from '#persistence';
import type { SimulatedCase } from '../office/case.js';
import type { Year } from '../year.js';
import type { SampleEngine } from './engine.js';
import { recorded } from './steps.js';

export async function compareCases(
  engine: SampleEngine,
  year: Year,
  cases: ReadonlyMap<string, SimulatedCase>,
  expected: ReadonlyMap<string, string[]>,
): Promise<string[]> {
  const findings: string[] = [];
  for (const [id, current] of cases) {
    const real = await realOf(engine, id);
    const simulated = simulatedOf(year, current, expected.get(id) ?? []);
    for (const aspect of Object.keys(real) as (keyof typeof real)[]) {
      const [one, other] = [JSON.stringify(simulated[aspect]), JSON.stringify(real[aspect])];
      if (one !== other) findings.push(`${current.facts.number} ${aspect}: simulated ${one}, workflow ${other}`);
    }
  }
  return findings;
}

async function realOf({ books, steps, texts }: SampleEngine, id: string) {
  const { manager } = books.data;
  const { stage, waitingFor, outcome } = await manager.findOneByOrFail(Application, { id });
  const order = await manager.findOneBy(FeeOrder, { applicationId: id });
  const refunds = order ? await manager.findBy(Refund, { orderId: order.id }) : [];
  const letter = await manager.findOneBy(DispatchItem, { applicationId: id });
  return {
    standing: { stage, waitingFor, outcome },
    steps: recorded(steps.get(id) ?? []),
    money: order && { due: order.amountFen, received: order.receivedFen, status: order.status },
    refunds: refunds.map(({ reason, amountFen, state }) => `${reason} ${amountFen} ${state}`).sort(),
    messages: [...(texts.get(id) ?? [])].sort(),
    friday: letter && { day: letter.day, sent: letter.handedOverAt !== null, carried: letter.timesCarried },
  };
}

function simulatedOf(year: Year, { facts, stage, waitingFor, outcome, order, messages, letter }: SimulatedCase, steps: string[]) {
  const refunds = year.refunds.all.filter(({ key }) => key.caseId === facts.id);
  return {
    standing: { stage, waitingFor, outcome },
    steps,
    money: order && { due: order.amountFen, received: order.receivedFen, status: order.status },
    refunds: refunds.map(({ key, amountFen, state }) => `${key.reason} ${amountFen} ${state}`).sort(),
    messages: [...messages].sort(),
    friday: letter && { day: letter.day, sent: letter.handedOverAt !== null, carried: letter.carried.length },
  };
}
