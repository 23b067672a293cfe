/**
 * XLSX (ECMA-376): the sheets as tables, row by row. Of a workbook only its list of sheets, shared texts and colours are in memory.
 */
import { XinyinError } from '#domain';
import { openArchive, type Archive } from './archive.js';
import type { EntryDraft } from './entry.js';
import { statementLimits } from './limits.js';
import type { OwnAccounts } from './own-account.js';
import { refusal } from './refusal.js';
import type { Cell, Row } from './rows.js';
import { tableEntries } from './table.js';
import { childAt, childrenOf, elementsOf, textAt, type Element } from './xml.js';

interface Workbook {
  archive: Archive;
  dateSystem: '1900' | '1904';
  sheets: { name: string; part: string }[];
  texts: readonly string[];
  /** By the index that a cell names: whether it shows in red. */
  red: readonly boolean[];
}

const isRead = (name: string) => /^xl\/(workbook|styles|sharedStrings|_rels\/workbook|worksheets\/[^/]+)\.xml(\.rels)?$/.test(name);

export async function* xlsxEntries(
  bytes: Buffer,
  { maxInflatedBytes, ownAccounts }: { maxInflatedBytes: number; ownAccounts: OwnAccounts },
): AsyncGenerator<EntryDraft> {
  const workbook = await open(await openArchive(bytes, isRead, maxInflatedBytes));
  let read = 0;
  let first: unknown = refusal({ line: 1, column: 'workbook' }, 'STATEMENT_FORMAT');
  for (const sheet of workbook.sheets) {
    try {
      yield* tableEntries(rowsOf(workbook, sheet), { dateSystem: workbook.dateSystem, ragged: true, ownAccounts });
      read += 1;
    } catch (failure) {
      // A cover page is no table; a workbook with nothing but such pages is no statement.
      if (!(failure instanceof XinyinError) || failure.params['reason'] !== 'STATEMENT_FORMAT') throw failure;
      first = workbook.sheets.length === 1 ? failure : first;
    }
  }
  if (read === 0) throw first;
}

async function open(archive: Archive): Promise<Workbook> {
  const targets = new Map<string, string>();
  for await (const { attributes } of elementsOf(archive.text('xl/_rels/workbook.xml.rels'), ['Relationship']))
    targets.set(attributes['Id'] ?? '', partName(attributes['Target'] ?? ''));
  const sheets: Workbook['sheets'] = [];
  let dateSystem: Workbook['dateSystem'] = '1900';
  for await (const { name, attributes } of elementsOf(archive.text('xl/workbook.xml'), ['sheet', 'workbookPr'])) {
    if (name === 'workbookPr') dateSystem = /^(1|true)$/.test(attributes['date1904'] ?? '') ? '1904' : '1900';
    // What nobody sees is not what the bank tells.
    else if ((attributes['state'] ?? 'visible') === 'visible')
      sheets.push({ name: attributes['name'] ?? '', part: targets.get(attributes['r:id'] ?? '') ?? '' });
  }
  return { archive, dateSystem, sheets, texts: await sharedTexts(archive), red: await redStyles(archive) };
}

const partName = (target: string) => (target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`);

async function sharedTexts(archive: Archive): Promise<string[]> {
  if (!archive.has('xl/sharedStrings.xml')) return [];
  const texts: string[] = [];
  let characters = 0;
  for await (const item of elementsOf(archive.text('xl/sharedStrings.xml'), ['si'], 'sharedStrings/')) {
    const text = richText(item);
    characters += text.length;
    if (characters > statementLimits.maxSharedTextCharacters)
      throw refusal({ line: item.line, column: 'sharedStrings' }, 'STATEMENT_INFLATED', {
        limit: statementLimits.maxSharedTextCharacters / 1_000_000,
      });
    texts.push(text);
  }
  return texts;
}

/** Plain, or in runs of several fonts; what is written above for reading aloud (rPh) is no part of it. */
const richText = (item: Element | undefined) =>
  [...childrenOf(item, 't'), ...childrenOf(item, 'r').flatMap((run) => childrenOf(run, 't'))].map(({ text }) => text).join('');

async function redStyles(archive: Archive): Promise<boolean[]> {
  if (!archive.has('xl/styles.xml')) return [];
  let fonts: boolean[] = [];
  let styles: number[] = [];
  const parts = elementsOf(archive.text('xl/styles.xml'), ['fonts', 'cellXfs'], 'styles/', STYLES_CHARACTERS);
  for await (const part of parts) {
    if (part.name === 'fonts') fonts = childrenOf(part, 'font').map((font) => isRed(childAt(font, 'color')?.attributes ?? {}));
    else styles = childrenOf(part, 'xf').map(({ attributes }) => Number(attributes['fontId'] ?? 0));
  }
  return styles.map((font) => fonts[font] ?? false);
}
const STYLES_CHARACTERS = 2_000_000;

/** Pure or dark red; 2 and 10 are the reds of the old palette (18.8.27). */
function isRed({ rgb = '', indexed = '' }: Record<string, string>): boolean {
  if (indexed === '2' || indexed === '10') return true;
  const [, red = '', green = '', blue = ''] = /^(?:[0-9A-F]{2})?([0-9A-F]{2})([0-9A-F]{2})([0-9A-F]{2})$/i.exec(rgb) ?? [];
  return parseInt(red, 16) >= 0xc0 && parseInt(green, 16) <= 0x40 && parseInt(blue, 16) <= 0x40;
}

async function* rowsOf(workbook: Workbook, { name, part }: { name: string; part: string }): AsyncGenerator<Row> {
  let next = 1;
  for await (const element of elementsOf(workbook.archive.text(part), ['row'], `${name}!`)) {
    const line = Number(element.attributes['r'] ?? next);
    next = line + 1;
    const column = (index: number) => `${name}!${lettersOf(index)}${line}`;
    const cells: Cell[] = [];
    for (const cell of childrenOf(element, 'c')) {
      const index = cell.attributes['r'] === undefined ? cells.length : indexOf(cell.attributes['r']);
      if (index === null || index >= statementLimits.maxColumns)
        throw refusal({ line, column: column(cells.length) }, 'STATEMENT_STRUCTURE');
      while (cells.length < index) cells.push({ text: '' });
      cells[index] = cellOf(cell, workbook) ?? fail(line, column(index));
    }
    yield { line, cells, column };
  }
}

const fail = (line: number, column: string): never => {
  throw refusal({ line, column }, 'STATEMENT_STRUCTURE');
};

/** Null for what is no value: an error of a calculation, a text that is not there. */
function cellOf(cell: Element, { texts, red }: Workbook): Cell | null {
  const value = textAt(cell, 'v');
  const facts = { red: red[Number(cell.attributes['s'] ?? -1)] ?? false, formula: childAt(cell, 'f') !== undefined };
  switch (cell.attributes['t'] ?? 'n') {
    case 's': {
      const text = texts[Number(value)];
      return text === undefined ? null : { text, ...facts };
    }
    case 'inlineStr':
      return { text: richText(childAt(cell, 'is')), ...facts };
    case 'str':
    case 'd':
    case 'b':
      return { text: value, ...facts };
    case 'n':
      return value === '' ? { text: '', ...facts } : Number.isFinite(Number(value)) ? { text: value, number: true, ...facts } : null;
    default:
      return null;
  }
}

/** `AB7` → 27, or null. */
function indexOf(reference: string): number | null {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1];
  return letters ? [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1 : null;
}

const lettersOf = (index: number): string =>
  (index < 26 ? '' : lettersOf(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));
