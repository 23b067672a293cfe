/** JSON lines to stdout. Only ids, codes and figures are logged; what slips into an object under a telling name is removed. */
import { pino, type Logger } from 'pino';

const NEVER = [
  'phone',
  'password',
  'code',
  'pin',
  'cookie',
  'authorization',
  'secret',
  'identityNumber',
  'certificateName',
  'payerName',
  'address',
  'text',
];

export type { Logger };

export function createLogger(process: string, level = 'info'): Logger {
  return pino({
    name: process,
    level,
    base: { process },
    redact: { paths: NEVER.flatMap((name) => [name, `*.${name}`]), censor: '[removed]' },
  });
}
