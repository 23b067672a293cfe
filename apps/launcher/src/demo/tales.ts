/** Which tales are told for `--payment` and `--friday`. */
import { LaunchError } from '../failure.js';
import { fridays } from './fridays.js';
import { payments } from './payments.js';
import type { Tale } from './tale.js';

const kinds: Record<'payment' | 'friday', Readonly<Record<string, Tale>>> = { payment: payments, friday: fridays };
export type TaleKind = keyof typeof kinds;
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
