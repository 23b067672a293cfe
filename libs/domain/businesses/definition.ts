/** What every certificate business says about itself. Catalogue, forms, OpenAPI, fee orders and documents read this; nothing else knows it. */
import type { FeeRequest } from '../fees.js';
import type { Agreement, Material } from '../materials.js';
import type { Stage } from '../stages.js';

export type Channel = 'online' | 'window';

export interface BusinessDefinition {
  readonly slug: string;
  readonly zh: string;
  readonly en: string;
  /** Begins the application number, so that a number heard on the phone says which business it is. */
  readonly numberPrefix: string;
  readonly channels: readonly Channel[];
  readonly materials: Readonly<Partial<Record<Channel, readonly Material[]>>>;
  readonly agreements: readonly Agreement[];
  readonly fees: (order: { count: number; years: number }) => readonly FeeRequest[];
  readonly proof: 'corporate-transfer' | 'current-key' | 'window';
  readonly stages: readonly Stage[];
  /** D: how long each stage may take before it is closed or counted as overdue. Calendar time, in days. */
  readonly deadlineDays: Readonly<Partial<Record<Stage, number>>>;
}

export function defineBusiness<const T extends BusinessDefinition>(definition: T): T {
  return definition;
}
