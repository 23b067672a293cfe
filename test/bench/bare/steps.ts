/** What a workflow did, one step after the other, as its history tells it. A bare workflow does the same and nothing in it. */
import type { Queue } from '#workflows/contract';

export type Step =
  | { readonly do: 'record' }
  | { readonly do: 'activity'; readonly queue: Queue }
  /** Answered after so many records. */
  | { readonly do: 'update'; readonly records: number }
  | { readonly do: 'signal' }
  /** Signals another workflow. */
  | { readonly do: 'tell' }
  /** Set, and taken back when the next update or signal comes. */
  | { readonly do: 'timer' }
  /** Says in search attributes where it stands. */
  | { readonly do: 'mark' };

export interface Script {
  readonly steps: readonly Step[];
  /** Whom `tell` tells. */
  readonly told?: string;
}
