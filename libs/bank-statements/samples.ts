/** Statement files as banks write them, made from plain facts: for specs. Not part of the library's face. */
import { zipSync } from 'fflate';

export interface Sample {
  day: string;
  valueDay: string;
  amountFen: number;
  reversal: boolean;
  reference: string | null;
  name: string;
  account: string;
  remittance: string;
}

const OPENING_FEN = 100_000_000;
const sumOf = (samples: readonly Sample[]) => samples.reduce((sum, { amountFen }) => sum + amountFen, 0);
const decimal = (fen: number) => `${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
const grouped = (fen: number) => decimal(fen).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
const signed = (fen: number, negative: boolean) => `${negative ? '-' : ''}${grouped(fen)}`;

const HEADINGS = ['记账日期', '起息日', '借方发生额', '贷方发生额', '余额', '对方户名', '对方账号', '附言', '交易流水号'];

/** A side is credit for what comes in and for what takes it back. */
const isCreditSide = ({ amountFen, reversal }: Sample) => amountFen > 0 !== reversal;

function tableOf(samples: readonly Sample[]): string[][] {
  let balance = OPENING_FEN;
  const rows = samples.map((sample) => {
    const { day, valueDay, amountFen, reversal, name, account, remittance, reference } = sample;
    balance += amountFen;
    const money = signed(amountFen, reversal);
    const credit = isCreditSide(sample);
    return [
      day,
      valueDay,
      credit ? '' : money,
      credit ? money : '',
      signed(balance, balance < 0),
      name,
      account,
      remittance,
      reference ?? '',
    ];
  });
  const inFen = sumOf(samples.filter(isCreditSide));
  const outFen = -sumOf(samples.filter((sample) => !isCreditSide(sample)));
  const total = [`合计${samples.length}笔`, '', signed(outFen, outFen < 0), signed(inFen, inFen < 0), '', '', '', '', ''];
  return [HEADINGS, ...rows, total];
}

const csvCell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csvText = (samples: readonly Sample[]): string =>
  tableOf(samples)
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');
export const csvOf = (samples: readonly Sample[]): Buffer => Buffer.from(csvText(samples), 'utf8');

export interface SheetCell {
  text: string;
  number?: boolean;
  red?: boolean;
  formula?: string;
}

export function xlsxOf(samples: readonly Sample[]): Buffer {
  return workbookOf(
    tableOf(samples).map((cells, line) =>
      cells.map((text, column) => {
        const money = line > 0 && column >= 2 && column <= 4 && text !== '';
        return money ? { text: text.replaceAll(',', ''), number: true } : { text };
      }),
    ),
  );
}

/** A workbook of one sheet; style 1 is red. Every second text is shared, the others stand in their cells. */
export function workbookOf(rows: readonly (readonly SheetCell[])[], sheetName = '明细'): Buffer {
  const shared: string[] = [];
  const cellOf = ({ text, number, red, formula }: SheetCell, place: string) => {
    const style = red ? ' s="1"' : '';
    if (formula !== undefined) return `<c r="${place}"${style}><f>${formula}</f><v>${text}</v></c>`;
    if (text === '') return '';
    if (number) return `<c r="${place}"${style}><v>${text}</v></c>`;
    if (shared.length % 2 === 1) {
      shared.push(text);
      return `<c r="${place}"${style} t="s"><v>${shared.length - 1}</v></c>`;
    }
    shared.push(text);
    return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
  };
  const sheet = rows
    .map((cells, row) => `<row r="${row + 1}">${cells.map((cell, column) => cellOf(cell, `${letter(column)}${row + 1}`)).join('')}</row>`)
    .join('');
  return zipOf({
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets><sheet name="${xmlText(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet><fonts><font/><font><color rgb="FFFF0000"/></font></fonts><cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `<sst>${shared.map((text) => `<si><t xml:space="preserve">${xmlText(text)}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
  });
}

export function zipOf(parts: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  const bytes = Object.entries(parts).map(
    ([name, part]) => [name, typeof part === 'string' ? Buffer.from(declaration + part) : part] as const,
  );
  return Buffer.from(zipSync(Object.fromEntries(bytes)));
}

const letter = (column: number) => String.fromCharCode(65 + column);
const xmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function camtText(samples: readonly Sample[]): string {
  const balance = (code: string, fen: number) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">${decimal(fen)}</Amt><CdtDbtInd>${fen < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd></Bal>\n`;
  const entries = samples.map((sample) => {
    const { day, valueDay, amountFen, reversal, reference, name, account, remittance } = sample;
    const party = isCreditSide(sample) ? 'Dbtr' : 'Cdtr';
    return (
      `<Ntry><Amt Ccy="CNY">${decimal(amountFen)}</Amt><CdtDbtInd>${amountFen > 0 ? 'CRDT' : 'DBIT'}</CdtDbtInd>` +
      `${reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>BOOK</Cd></Sts>\n` +
      `<BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${valueDay}</Dt></ValDt>${reference === null ? '' : `<AcctSvcrRef>${reference}</AcctSvcrRef>`}\n` +
      `<NtryDtls><TxDtls><RltdPties><${party}><Pty><Nm>${xmlText(name)}</Nm></Pty></${party}>` +
      `<${party}Acct><Id><Othr><Id>${account}</Id></Othr></Id></${party}Acct></RltdPties>` +
      `<RmtInf><Ustrd>${xmlText(remittance)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n`
    );
  });
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>` +
    `<GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><Acct><Id><Othr><Id>5100</Id></Othr></Id><Ccy>CNY</Ccy></Acct>\n` +
    balance('OPBD', OPENING_FEN) +
    balance('CLBD', OPENING_FEN + sumOf(samples)) +
    `<TxsSummry><TtlNtries><NbOfNtries>${samples.length}</NbOfNtries></TtlNtries></TxsSummry>\n` +
    `${entries.join('')}</Stmt></BkToCstmrStmt></Document>\n`
  );
}
export const camtOf = (samples: readonly Sample[]): Buffer => Buffer.from(camtText(samples), 'utf8');

export function mt940Text(samples: readonly Sample[]): string {
  const comma = (fen: number) => decimal(fen).replace('.', ',');
  const short = (day: string) => day.slice(2).replaceAll('-', '');
  const balance = (fen: number) => `${fen < 0 ? 'D' : 'C'}${short(samples[0]?.day ?? '2026-03-06')}CNY${comma(fen)}`;
  const entries = samples.map((sample) => {
    const { day, valueDay, amountFen, reversal, reference, name, account, remittance } = sample;
    const mark = `${reversal ? 'R' : ''}${isCreditSide(sample) ? 'C' : 'D'}`;
    const details = `/ACCT/${account}/NAME/${name}/REMI/${remittance}`;
    return (
      `:61:${short(valueDay)}${short(day).slice(2)}${mark}${comma(amountFen)}NTRFNONREF${reference === null ? '' : `//${reference}`}\r\n` +
      `:86:${wrapped(details).join('\r\n')}\r\n`
    );
  });
  return (
    `:20:STATEMENT\r\n:25:5100\r\n:28C:65/1\r\n:60F:${balance(OPENING_FEN)}\r\n${entries.join('')}` +
    `:62F:${balance(OPENING_FEN + sumOf(samples))}\r\n-\r\n`
  );
}
export const mt940Of = (samples: readonly Sample[]): Buffer => Buffer.from(mt940Text(samples), 'utf8');

/** Lines of 65; none begins as a field or the end of a message does. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  const rest = [...text];
  while (rest.length > 0) {
    let width = Math.min(65, rest.length);
    while (width > 1 && /[:{\-\s]/.test(rest[width] ?? '')) width -= 1;
    lines.push(rest.splice(0, width).join(''));
  }
  return lines;
}

/** Node.js decodes GB18030 and does not encode it; its two-byte part is enough here, and is found by decoding all of it. */
let twoBytes: Map<string, readonly [number, number]> | undefined;
export function gb18030Of(text: string): Buffer {
  twoBytes ??= tableOfTwoBytes();
  const bytes: number[] = [];
  for (const character of text) {
    const pair = twoBytes.get(character);
    if (pair) bytes.push(...pair);
    else if (character < '\u0080') bytes.push(character.charCodeAt(0));
    else throw new Error(`not in the two-byte part: ${character}`);
  }
  return Buffer.from(bytes);
}

function tableOfTwoBytes(): Map<string, readonly [number, number]> {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if ([...text].length === 1 && text !== '\ufffd') table.set(text, [lead, trail]);
    }
  return table;
}
