/** A person's way in: forms and JSON arrive at the same addresses, unsigned, since this is a sandbox. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { readInput } from '#gateways';
import type { System } from '../machine/faults.js';

export function isForm(request: Request): boolean {
  return request.is('application/x-www-form-urlencoded') !== false;
}

/** The message as the schema wants it. A form sends text only, and sends fields left empty: `fromForm` turns it into the JSON it stands for. */
export function readMessage<S extends z.ZodType>(
  request: Request,
  schema: S,
  fromForm: (form: Record<string, string>) => object,
): z.output<S> {
  if (!isForm(request)) return readInput(schema, request.body ?? {});
  const form: Record<string, string> = {};
  for (const [name, value] of Object.entries((request.body ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'string' && value.trim() !== '') form[name] = value.trim();
  }
  return readInput(schema, fromForm(form));
}

/** After a form the page again (303, so that reloading does not send it twice); otherwise the value. */
export function show(request: Request, response: Response, system: System, value: object, status = 200): void {
  if (isForm(request)) response.redirect(303, `/${system}`);
  else response.status(status).json(value);
}

/** `450` or `450.5` or `450.00` yuan, as people write it, in fen and without floating point; anything else stays what it is and is refused. */
export function fenFromYuan(text: string | undefined): number | string | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text ?? '');
  return match ? Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`) : text;
}

export function wholeNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
}
