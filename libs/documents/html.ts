/**
 * Markup that cannot be forged by data: whatever is put into html`` is escaped, unless it is Markup itself. Names typed by strangers
 * (`<img src=x onerror=…>` has been seen as an organisation name) come out as the letters they are.
 */
export class Markup {
  constructor(readonly source: string) {}

  toString(): string {
    return this.source;
  }
}

export type Insert = Markup | string | number | false | null | undefined | readonly Insert[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function insert(value: Insert): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.source;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(insert).join('');
}

/** Not for use inside <style> or <script>: entities mean nothing there. See `cssString`. */
export function html(strings: TemplateStringsArray, ...values: readonly Insert[]): Markup {
  return new Markup(strings.reduce((whole, part, index) => whole + insert(values[index - 1]) + part));
}

/** A CSS string that stays one: everything but letters and digits becomes a hexadecimal escape (CSS Syntax 4.3.7). */
export function cssString(text: string): Markup {
  return new Markup(`"${text.replace(/[^\p{L}\p{N}]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`);
}
