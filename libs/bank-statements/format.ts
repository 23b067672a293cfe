/** Which format a file is in, by what is in it: a name says nothing. */
import type { StatementFormat } from './entry.js';
import { refusal } from './refusal.js';

const ZIP = Buffer.from([0x50, 0x4b]);
/** Compound files: the old .xls, and a workbook with a password. */
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** @throws XinyinError STATEMENT_REFUSED STATEMENT_FORMAT for what is none of them */
export function formatOf(bytes: Buffer): StatementFormat {
  if (bytes.subarray(0, 2).equals(ZIP)) return 'xlsx';
  const head = bytes
    .subarray(0, 2048)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (bytes.subarray(0, 4).equals(COMPOUND) || head === '' || head.startsWith('%PDF'))
    throw refusal({ line: 1, column: 'file' }, 'STATEMENT_FORMAT');
  if (head.startsWith('<')) return 'camt.053';
  if (/^(\{1:|:20:|:\d\d[A-Z]?:)/.test(head)) return 'mt940';
  return 'csv';
}
