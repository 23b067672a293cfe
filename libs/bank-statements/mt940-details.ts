/** Field 86, which every bank fills in its own way: numbered parts (`?20…?32`), code words (`/NAME/…`), or a text. */
import type { EntryDraft } from './entry.js';

type Details = Pick<EntryDraft, 'payerName' | 'payerAccount' | 'payerAccountType' | 'remittance' | 'reversalOf'>;
const CODE_WORDS = 'ORDP|BENM|NAME|ACCT|REMI|OREF|EREF|TYPE';
const BEFORE_CODE = new RegExp(`/(?=(?:${CODE_WORDS})/)`);

/** A line is a width, not a word: what was cut at its end goes on without a space. */
export function readDetails(lines: string, reversal: boolean): Details {
  const text = lines.replaceAll('\n', '');
  if (/^(\d{3})?\?\d{2}/.test(text)) return numbered(text, reversal);
  if (new RegExp(`^/?(?:${CODE_WORDS})/`).test(text)) return worded(text, reversal);
  return { payerName: '', payerAccount: '', payerAccountType: null, remittance: text.trim(), reversalOf: null };
}

function numbered(text: string, reversal: boolean): Details {
  const parts = text.split(/\?(?=\d{2})/).slice(1);
  const of = (wanted: RegExp) =>
    parts
      .filter((part) => wanted.test(part.slice(0, 2)))
      .map((part) => part.slice(2))
      .join('')
      .trim();
  return {
    payerName: of(/^3[23]$/),
    payerAccount: of(/^31$/),
    payerAccountType: typeOf(of(/^38$/)),
    remittance: of(/^(2\d|6[0-3])$/),
    reversalOf: reversal ? of(/^39$/) || null : null,
  };
}

function worded(text: string, reversal: boolean): Details {
  const parts = new Map<string, string>();
  for (const part of text.replace(/^\//, '').split(BEFORE_CODE)) parts.set(part.slice(0, 4), part.slice(5).trim());
  const of = (word: string) => parts.get(word) ?? '';
  return {
    payerName: of('NAME'),
    payerAccount: of('ACCT'),
    payerAccountType: typeOf(of('TYPE')),
    remittance: of('REMI'),
    reversalOf: reversal ? of('OREF') || null : null,
  };
}

const typeOf = (text: string) => (text === 'C' ? 'corporate' : text === 'P' ? 'personal' : null);
