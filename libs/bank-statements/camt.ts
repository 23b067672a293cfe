/** camt.053 (ISO 20022, bank to customer statement), any version of it: entries, held against the balances and counts that frame them. */
import { encodingOf, textOf } from './encoding.js';
import { fenOf } from './amounts.js';
import { momentOf, type Moment } from './days.js';
import type { EntryDraft } from './entry.js';
import { requireOwn, type OwnAccounts } from './own-account.js';
import { refusal, type StatementFault } from './refusal.js';
import { childAt, childrenOf, elementsOf, textAt, type Element } from './xml.js';

export async function* camtEntries(bytes: Buffer, { ownAccounts }: { ownAccounts: OwnAccounts }): AsyncGenerator<EntryDraft> {
  const frame = new Frame(ownAccounts);
  let statements = 0;
  for await (const element of elementsOf(textOf(bytes, encodingOf(bytes)), ['GrpHdr', 'Acct', 'Bal', 'TxsSummry', 'Ntry'])) {
    if (element.name === 'GrpHdr') statements += 1;
    if (element.name === 'Acct') frame.begin(element);
    if (element.name === 'Bal') frame.balance(element);
    if (element.name === 'TxsSummry') frame.summary(element);
    if (element.name !== 'Ntry' || !isBooked(element)) continue;
    const drafts = entryOf(element);
    frame.add(drafts);
    yield* drafts;
  }
  if (statements === 0) throw refusal({ line: 1, column: 'GrpHdr' }, 'STATEMENT_FORMAT');
  frame.end();
}

/** Only what is booked is money; pending and informational entries come again when they are. */
const isBooked = (entry: Element) => /^(BOOK|)$/.test(textAt(entry, 'Sts', 'Cd') || textAt(entry, 'Sts'));

/** What one statement says of itself. Balances come before the entries, or behind them. */
class Frame {
  private openingFen: number | null = null;
  private closing: { fen: number; line: number } | null = null;
  private count: { expected: number; line: number } | null = null;
  private sumFen = 0;
  private entries = 0;
  private begun: Element | null = null;

  constructor(private readonly ownAccounts: OwnAccounts) {}

  begin(account: Element): void {
    this.end();
    const currency = textAt(account, 'Ccy');
    if (!/^(CNY|)$/.test(currency)) throw refuse(account, 'Ccy', 'STATEMENT_CURRENCY');
    const id = textAt(account, 'Id', 'IBAN') || textAt(account, 'Id', 'Othr', 'Id');
    requireOwn(id, this.ownAccounts, { line: account.line, column: 'Acct' });
    this.begun = account;
    this.openingFen = null;
    this.closing = null;
    this.count = null;
    this.sumFen = 0;
    this.entries = 0;
  }

  balance(element: Element): void {
    const code = textAt(element, 'Tp', 'CdOrPrtry', 'Cd');
    const fen = signed(element);
    if (code === 'OPBD' || code === 'PRCD') this.openingFen ??= fen;
    if (code === 'CLBD') this.closing = { fen, line: element.line };
  }

  summary(element: Element): void {
    const text = textAt(element, 'TtlNtries', 'NbOfNtries');
    if (text !== '') this.count = { expected: Number(text), line: element.line };
  }

  add(drafts: readonly EntryDraft[]): void {
    this.entries += 1;
    this.sumFen += drafts.reduce((sum, { amountFen }) => sum + amountFen, 0);
  }

  end(): void {
    if (!this.begun) return;
    const { closing, count, openingFen } = this;
    // Without both, an entry that was lost would not be missed.
    if (!closing || openingFen === null) throw refuse(this.begun, 'Bal', 'STATEMENT_CUT');
    if (openingFen + this.sumFen !== closing.fen) throw refusal({ line: closing.line, column: 'Bal' }, 'STATEMENT_BALANCE');
    if (count && count.expected !== this.entries) throw refusal({ line: count.line, column: 'NbOfNtries' }, 'STATEMENT_TOTAL');
    this.begun = null;
  }
}

/** An entry, or, where a batch was booked as one, each of its transactions. */
function entryOf(entry: Element): EntryDraft[] {
  const details = childrenOf(entry, 'NtryDtls').flatMap((each) => childrenOf(each, 'TxDtls'));
  const amountFen = signed(entry);
  if (amountFen === 0) throw refuse(entry, 'Amt', 'STATEMENT_AMOUNT');
  const [only] = details;
  if (details.length <= 1) return [draftOf(entry, only, amountFen, referenceOf(entry, only))];
  const drafts = details.map((each, index) => {
    const own = textAt(each, 'Refs', 'AcctSvcrRef');
    const shared = textAt(entry, 'AcctSvcrRef');
    const fen = fenOfElement(childAt(each, 'Amt') ?? childAt(each, 'AmtDtls', 'TxAmt', 'Amt'), each);
    return draftOf(entry, each, Math.sign(amountFen) * fen, own || (shared === '' ? null : `${shared}/${index + 1}`));
  });
  const sum = drafts.reduce((total, draft) => total + draft.amountFen, 0);
  if (sum !== amountFen) throw refuse(entry, 'TxDtls', 'STATEMENT_TOTAL');
  return drafts;
}

function draftOf(entry: Element, details: Element | undefined, amountFen: number, reference: string | null): EntryDraft {
  const booked = moment(entry, 'BookgDt') ?? moment(entry, 'ValDt');
  if (!booked) throw refuse(entry, 'BookgDt', 'STATEMENT_DATE');
  const incoming = textAt(entry, 'CdtDbtInd') === 'CRDT';
  const reversal = /^(true|1)$/.test(textAt(entry, 'RvslInd'));
  // A reversed credit goes out to the one it came from: whose money it was is still the debtor (ISO 20022, RvslInd).
  const party = incoming !== reversal ? 'Dbtr' : 'Cdtr';
  const related = childAt(details, 'RltdPties');
  const account = childAt(related, `${party}Acct`);
  const unstructured = childrenOf(childAt(details, 'RmtInf'), 'Ustrd').map(({ text }) => text.trim());
  const original = childrenOf(childAt(details, 'Refs'), 'Prtry').find((each) => textAt(each, 'Tp') === 'ORIG');
  return {
    place: { line: entry.line, column: 'Ntry' },
    columns: { day: 'BookgDt', amount: 'Amt' },
    reference,
    bookedDay: booked.day,
    valueDay: (moment(entry, 'ValDt') ?? booked).day,
    bookedAt: booked.at,
    amountFen,
    reversal,
    reversalOf: reversal ? textAt(original, 'Ref') || null : null,
    payerName: textAt(related, party, 'Pty', 'Nm') || textAt(related, party, 'Nm'),
    payerAccount: textAt(account, 'Id', 'IBAN') || textAt(account, 'Id', 'Othr', 'Id'),
    payerAccountType: typeOf(textAt(account, 'Tp', 'Prtry')),
    remittance: unstructured.join('') || textAt(details, 'AddtlTxInf') || textAt(entry, 'AddtlNtryInf'),
  };
}

const referenceOf = (entry: Element, details: Element | undefined) =>
  textAt(entry, 'AcctSvcrRef') || textAt(details, 'Refs', 'AcctSvcrRef') || null;

function moment(entry: Element, name: string): Moment | null {
  const text = textAt(entry, name, 'DtTm') || textAt(entry, name, 'Dt');
  if (text === '') return null;
  const found = momentOf(text);
  if (!found) throw refuse(entry, name, 'STATEMENT_DATE');
  return found;
}

function signed(element: Element): number {
  const side = textAt(element, 'CdtDbtInd');
  if (side !== 'CRDT' && side !== 'DBIT') throw refuse(element, 'CdtDbtInd', 'STATEMENT_DIRECTION');
  const fen = fenOfElement(childAt(element, 'Amt'), element);
  return side === 'CRDT' || fen === 0 ? fen : -fen;
}

function fenOfElement(amount: Element | undefined, within: Element): number {
  if (amount?.attributes['Ccy'] !== undefined && amount.attributes['Ccy'] !== 'CNY') throw refuse(amount, 'Amt', 'STATEMENT_CURRENCY');
  const fen = fenOf(amount?.text ?? '');
  if (fen === null || fen < 0) throw refuse(amount ?? within, 'Amt', 'STATEMENT_AMOUNT');
  return fen;
}

const typeOf = (text: string) => (text === 'corporate' || text === 'personal' ? text : null);

const refuse = ({ line }: Element, column: string, code: StatementFault) => refusal({ line, column }, code);
