/** Whether a statement is of an account of ours: money of another account is not ours to book. A file that names no account is taken. */
import { refusal, type Place } from './refusal.js';

/** Our accounts, as they are printed; none where nobody has said which they are, and then every account is taken. */
export type OwnAccounts = readonly string[];

/** @throws XinyinError STATEMENT_REFUSED STATEMENT_OTHER_ACCOUNT, naming the place and not the account */
export function requireOwn(text: string, ours: OwnAccounts, place: Place): void {
  const names = text
    .split('/')
    .map(plainAccount)
    .filter((each) => each !== '');
  if (names.length === 0 || ours.length === 0) return;
  if (!names.some((name) => ours.some((own) => isAccount(name, plainAccount(own))))) throw refusal(place, 'STATEMENT_OTHER_ACCOUNT');
}

/** Groups of digits and the currency behind them are a matter of printing. */
const plainAccount = (text: string) =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/\(?(CNY|RMB|人民币)\)?$/, '');

/** Banks print some accounts with stars in the middle. */
function isAccount(name: string, own: string): boolean {
  const [head = '', ...rest] = name.split(/\*+/);
  const tail = rest.at(-1);
  if (tail === undefined) return name === own;
  return own.length >= head.length + tail.length && own.startsWith(head) && own.endsWith(tail);
}

const LABEL = /^(本方|我方|查询)?(账号|帐号|账户账号|账户号码|ACCOUNT(NO|NUMBER)?)[.:：]*/i;

/** What a line before the header says of our account: `账号：5101 …` in one cell, or the label in one and the account in the next. */
export function accountInTitle(texts: readonly string[]): { account: string; index: number } | null {
  for (const [index, text] of texts.entries()) {
    const plain = text.normalize('NFKC').replace(/\s/g, '');
    const label = LABEL.exec(plain)?.[0];
    if (label === undefined) continue;
    const rest = plain.slice(label.length);
    const said = rest === '' ? (texts[index + 1] ?? '') : rest;
    const account = /^[\d*][\d*\s-]{3,}/.exec(said.normalize('NFKC'))?.[0];
    if (account !== undefined) return { account, index: rest === '' ? index + 1 : index };
  }
  return null;
}
