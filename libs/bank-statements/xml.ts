/**
 * XML as a stream of the elements that are wanted, each with what is in it, so that a file is never in memory as a tree. No document type
 * is taken: so there are no entities to unfold and nothing to fetch (OWASP, XML External Entity Prevention).
 */
import { SaxesParser } from 'saxes';
import { statementLimits } from './limits.js';
import { refusal, type StatementFault } from './refusal.js';

export interface Element {
  /** Without its namespace prefix. */
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
  line: number;
}

const DEEPEST = 40;

/** @param place names the part of a file that holds several; the line is added */
export async function* elementsOf(
  text: Iterable<string> | AsyncIterable<string>,
  wanted: readonly string[],
  place = '',
  maxCharacters: number = statementLimits.maxElementCharacters,
): AsyncGenerator<Element> {
  const reading = new Reading(wanted, place, maxCharacters);
  for await (const piece of text) {
    reading.write(piece);
    yield* reading.take();
  }
  reading.end();
  yield* reading.take();
}

class Reading {
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly open: string[] = [];
  /** The wanted element being read, and those open within it. */
  private readonly stack: Element[] = [];
  private found: Element[] = [];
  private characters = 0;

  constructor(
    private readonly wanted: readonly string[],
    private readonly place: string,
    private readonly maxCharacters: number,
  ) {
    const { parser } = this;
    parser.on('error', () => {
      throw this.refuse('STATEMENT_STRUCTURE');
    });
    parser.on('doctype', () => {
      throw this.refuse('STATEMENT_STRUCTURE');
    });
    parser.on('opentag', ({ name, attributes }) => this.enter(localName(name), attributes));
    parser.on('text', (text) => this.addText(text));
    parser.on('cdata', (text) => this.addText(text));
    parser.on('closetag', () => this.leave());
  }

  write(piece: string): void {
    this.parser.write(piece);
  }

  end(): void {
    if (this.open.length > 0) throw this.refuse('STATEMENT_CUT');
    this.parser.close();
  }

  take(): Element[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  private enter(name: string, attributes: Record<string, string>): void {
    this.open.push(name);
    if (this.open.length > DEEPEST) throw this.refuse('STATEMENT_STRUCTURE');
    if (this.stack.length === 0 && !this.wanted.includes(name)) return;
    if (this.stack.length === 0) this.characters = 0;
    this.count(name.length + Object.values(attributes).join('').length);
    const element: Element = { name, attributes, text: '', children: [], line: this.parser.line };
    this.stack.at(-1)?.children.push(element);
    this.stack.push(element);
  }

  private addText(text: string): void {
    const element = this.stack.at(-1);
    if (!element) return;
    this.count(text.length);
    element.text += text;
  }

  private leave(): void {
    this.open.pop();
    const element = this.stack.pop();
    if (element && this.stack.length === 0) this.found.push(element);
  }

  private count(characters: number): void {
    this.characters += characters;
    if (this.characters > this.maxCharacters) throw this.refuse('STATEMENT_STRUCTURE');
  }

  private refuse(code: StatementFault) {
    return refusal({ line: this.parser.line, column: `${this.place}${this.open.at(-1) ?? 'XML'}` }, code);
  }
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/** The first element at a path of names, or undefined. */
export function childAt(element: Element | undefined, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at?.children.find((child) => child.name === name), element);
}
export const textAt = (element: Element | undefined, ...path: string[]) => childAt(element, ...path)?.text.trim() ?? '';
export const childrenOf = (element: Element | undefined, name: string) => element?.children.filter((child) => child.name === name) ?? [];
