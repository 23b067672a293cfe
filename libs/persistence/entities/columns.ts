/** Column decorators that say name and type each time, and nothing more. Instants are timestamptz, money is fen in a bigint. */
import { Column, PrimaryColumn } from 'typeorm';

type Options = { nullable?: boolean; primary?: boolean };
const column = (
  name: string,
  type: 'text' | 'integer' | 'boolean' | 'uuid' | 'jsonb' | 'bytea' | 'date',
  { nullable = false, primary = false }: Options,
): PropertyDecorator => (primary ? PrimaryColumn({ name, type }) : Column({ name, type, nullable }));

export const text = (name: string, options: Options = {}) => column(name, 'text', options);
export const integer = (name: string, options: Options = {}) => column(name, 'integer', options);
export const flag = (name: string) => column(name, 'boolean', {});
export const uuid = (name: string, options: Options = {}) => column(name, 'uuid', options);
export const json = (name: string, options: Options = {}) => column(name, 'jsonb', options);
export const bytes = (name: string, options: Options = {}) => column(name, 'bytea', options);
/** A calendar day; the driver hands dates over as `YYYY-MM-DD` text. */
export const day = (name: string, options: Options = {}) => column(name, 'date', options);
export const instant = (name: string, { nullable = false, primary = false }: Options = {}): PropertyDecorator =>
  primary ? PrimaryColumn({ name, type: 'timestamptz', precision: 3 }) : Column({ name, type: 'timestamptz', precision: 3, nullable });

/** bigint comes from the driver as text; neither an amount nor a count above 2^53 exists in this business. */
const exactNumber = {
  to: (value: number | null) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
export const money = (name: string, { nullable = false }: Options = {}): PropertyDecorator =>
  Column({ name, type: 'bigint', nullable, transformer: exactNumber });
/** How many there are, where that may outgrow an integer. */
export const count = (name: string): PropertyDecorator => Column({ name, type: 'bigint', transformer: exactNumber });
