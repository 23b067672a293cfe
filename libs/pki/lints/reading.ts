/**
 * Reads a to-be-signed certificate once for all lints. It uses asn1js and nothing that the builder uses, so that one mistake cannot
 * both write a wrong byte and overlook it.
 */
import { fromBER, ObjectIdentifier, type BaseBlock, type ValueBlock } from 'asn1js';
import { OID } from '../oids.js';
import type { Profile } from '../profiles.js';

/** One element: `tag` is the identifier octet, `items` what a constructed one holds. */
export interface Node {
  readonly tag: number;
  readonly bytes: Buffer;
  readonly content: Buffer;
  readonly items: readonly Node[];
}

export interface Attribute {
  readonly type: string;
  readonly value: Node;
  /** Null when the bytes are no UTF-8. */
  readonly text: string | null;
}

export interface ExtensionRead {
  readonly type: string;
  readonly critical: boolean;
  /** False when the default FALSE was written out. */
  readonly minimal: boolean;
  readonly value: Node;
}

/** What is known of the authority that is going to sign. Null for a root, which is its own. */
export interface IssuerFacts {
  readonly subjectDer: Buffer;
  readonly keyIdentifier: Buffer;
  readonly point: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface LintContext {
  readonly profile: Profile;
  readonly issuer: IssuerFacts | null;
  /** The key of the other certificate of the pair, when there is one. */
  readonly pairedPoint?: Buffer;
}

export interface TbsRead extends LintContext {
  readonly whole: Node;
  readonly version: Node | undefined;
  readonly serial: Node;
  readonly algorithm: Node;
  readonly issuerName: Node;
  readonly notBefore: Node;
  readonly notAfter: Node;
  readonly subject: Node;
  readonly relativeNames: readonly (readonly Attribute[])[];
  readonly attributes: readonly Attribute[];
  readonly keyAlgorithm: Node;
  readonly key: Node;
  readonly uniqueIdentifiers: readonly Node[];
  readonly extensions: readonly ExtensionRead[];
  /** The first extension of that type. */
  extension(type: string): ExtensionRead | undefined;
}

class Unreadable extends Error {}

export const TAG = { version: 0xa0, issuerUnique: 0x81, subjectUnique: 0x82, extensions: 0xa3 } as const;
const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_IDENTIFIER = 0x06;
const BOOLEAN = 0x01;
const OCTET_STRING = 0x04;
const BIT_STRING = 0x03;
const INTEGER = 0x02;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

function toNode(block: BaseBlock<ValueBlock>, bytes: Buffer, start: number): Node {
  const header = block.idBlock.blockLength + block.lenBlock.blockLength;
  const end = start + block.blockLength;
  const items: Node[] = [];
  const constructed = ((bytes[start] ?? 0) & 0x20) !== 0;
  if (constructed && 'value' in block.valueBlock) {
    let offset = start + header;
    for (const child of block.valueBlock.value as BaseBlock<ValueBlock>[]) {
      items.push(toNode(child, bytes, offset));
      offset += child.blockLength;
    }
    if (offset !== end) throw new Unreadable();
  }
  return { tag: bytes[start] ?? 0, bytes: bytes.subarray(start, end), content: bytes.subarray(start + header, end), items };
}

/** Octet and bit strings are left closed: what is inside an extension is parsed on its own. */
export function parse(bytes: Buffer): Node {
  const { offset, result } = fromBER(bytes, { parseEmbedded: false });
  if (offset !== bytes.length) throw new Unreadable();
  return toNode(result, bytes, 0);
}

const recent = new Map<string, Node>();
const RECENT_KEPT = 64;

/** Issuer, algorithm and most extensions are the same in every certificate: what was parsed lately is not parsed again. */
function recall(bytes: Buffer): Node {
  const key = bytes.toString('latin1');
  const node = recent.get(key) ?? parse(Buffer.from(bytes));
  recent.delete(key);
  recent.set(key, node);
  const oldest = recent.size > RECENT_KEPT ? recent.keys().next().value : undefined;
  if (oldest !== undefined) recent.delete(oldest);
  return node;
}

/** Where the value of the element at `start` begins and ends. */
function frame(bytes: Buffer, start: number): { from: number; to: number } {
  const first = bytes[start + 1] ?? 0x80;
  const count = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || count > 3 || start + 2 + count > bytes.length) throw new Unreadable();
  const from = start + 2 + count;
  const to = from + (count === 0 ? first : bytes.readUIntBE(start + 2, count));
  if (to > bytes.length) throw new Unreadable();
  return { from, to };
}

/** Opens one constructed element by hand and gives its members to `open`, so that each can be recalled by itself. */
function opened(bytes: Buffer, open: (member: Buffer) => Node): Node {
  const { from, to } = frame(bytes, 0);
  if (to !== bytes.length) throw new Unreadable();
  const items: Node[] = [];
  for (let start = from; start < to;) {
    const end = frame(bytes, start).to;
    items.push(open(bytes.subarray(start, end)));
    start = end;
  }
  return { tag: bytes[0] ?? 0, bytes, content: bytes.subarray(from), items };
}

function parseTbs(bytes: Buffer): Node {
  if (bytes[0] !== SEQUENCE) throw new Unreadable();
  const openList = (list: Buffer) => (list[0] === SEQUENCE ? opened(list, recall) : recall(list));
  return opened(bytes, (field) => (field[0] === TAG.extensions ? opened(field, openList) : recall(field)));
}

let dottedByHex: Map<string, string> | undefined;

/** Dotted form of an identifier that this authority knows; of any other, its bytes. */
export function identifier(node: Node): string {
  dottedByHex ??= new Map(
    Object.values(OID).map((dotted) => [Buffer.from(new ObjectIdentifier({ value: dotted }).toBER()).toString('hex'), dotted]),
  );
  const hex = node.bytes.toString('hex');
  return dottedByHex.get(hex) ?? hex;
}

const encodings = new Map<string, Buffer>();

/** Whether the node is that identifier, known to this authority or not. */
export function isIdentifier(node: Node | undefined, dotted: string): boolean {
  let encoding = encodings.get(dotted);
  if (!encoding) {
    encoding = Buffer.from(new ObjectIdentifier({ value: dotted }).toBER());
    encodings.set(dotted, encoding);
  }
  return node?.bytes.equals(encoding) ?? false;
}

/** The child at `index`, which must bear one of the tags. */
function child(node: Node | undefined, index: number, ...tags: number[]): Node {
  const found = node?.items[index];
  if (!found || (tags.length > 0 && !tags.includes(found.tag))) throw new Unreadable();
  return found;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function attributeOf(pair: Node): Attribute {
  const type = identifier(child(pair, 0, OBJECT_IDENTIFIER));
  const value = child(pair, 1);
  try {
    return { type, value, text: utf8.decode(value.content) };
  } catch {
    return { type, value, text: null };
  }
}

function extensionOf(node: Node): ExtensionRead {
  const written = node.items.length === 3;
  const flag = written ? child(node, 1, BOOLEAN) : undefined;
  const critical = flag !== undefined && flag.content[0] !== 0;
  const value = child(node, written ? 2 : 1, OCTET_STRING);
  return { type: identifier(child(node, 0, OBJECT_IDENTIFIER)), critical, minimal: critical === written, value: recall(value.content) };
}

function read(tbs: Buffer, context: LintContext): TbsRead {
  const whole = parseTbs(tbs);
  const version = whole.items[0]?.tag === TAG.version ? child(whole.items[0], 0, INTEGER) : undefined;
  const first = version ? 1 : 0;
  const field = (index: number, ...tags: number[]) => child(whole, first + index, ...tags);
  const validity = field(3, SEQUENCE);
  const subject = field(4, SEQUENCE);
  const spki = field(5, SEQUENCE);
  const rest = whole.items.slice(first + 6);
  const last = rest.find((node) => node.tag === TAG.extensions);
  const relativeNames = subject.items.map((set) => set.items.map(attributeOf));
  if (subject.items.some((set) => set.tag !== SET)) throw new Unreadable();
  const extensions = last ? child(last, 0, SEQUENCE).items.map(extensionOf) : [];
  return {
    ...context,
    whole,
    version,
    serial: field(0, INTEGER),
    algorithm: field(1, SEQUENCE),
    issuerName: field(2, SEQUENCE),
    notBefore: child(validity, 0, UTC_TIME, GENERALIZED_TIME),
    notAfter: child(validity, 1, UTC_TIME, GENERALIZED_TIME),
    subject,
    relativeNames,
    attributes: relativeNames.flat(),
    keyAlgorithm: child(spki, 0, SEQUENCE),
    key: child(spki, 1, BIT_STRING),
    uniqueIdentifiers: rest.filter((node) => node.tag === TAG.issuerUnique || node.tag === TAG.subjectUnique),
    extensions,
    extension: (type) => extensions.find((candidate) => candidate.type === type),
  };
}

/** Null when it is no certificate at all; every finer fault is for a lint to name. */
export function readTbs(tbs: Buffer, context: LintContext): TbsRead | null {
  try {
    return read(tbs, context);
  } catch {
    return null;
  }
}
