/** Which tales are told for `--payment`, `--friday` and `--agent-change`. */
import { LaunchError } from '../failure.js';
import { agentChanges } from './agent-changes.js';
import { fridays } from './fridays.js';
import { payments } from './payments.js';
import type { Tale } from './tale.js';

export type TaleKind = 'payment' | 'friday' | 'agent-change';
const kinds: Record<TaleKind, Readonly<Record<string, Tale>>> = { payment: payments, friday: fridays, 'agent-change': agentChanges };
export const taleKinds = Object.keys(kinds) as TaleKind[];

export interface ChosenTale extends Tale {
  kind: TaleKind;
  name: string;
}

/** Those named, in the order in which they are listed; `all` for each of a kind. Empty where no tale is asked for. */
export function talesFor(asked: Partial<Record<TaleKind, string>>): ChosenTale[] {
  return taleKinds.flatMap((kind) => {
    const name = asked[kind];
    if (name === undefined) return [];
    const told = Object.entries(kinds[kind]).map(([each, tale]) => ({ ...tale, kind, name: each }));
    const found = name === 'all' ? told : told.filter((tale) => tale.name === name);
    if (found.length === 0) throw new LaunchError(refusal(kind, name));
    return found;
  });
}

const refusal = (kind: TaleKind, name: string) => `There is no --${kind} ${name}. There are: ${namesOf(kind).join(', ')}, all.`;

export const namesOf = (kind: TaleKind): string[] => Object.keys(kinds[kind]);
