/** Reads a list of extensions (RFC 5280, 4.2), as certificates and OCSP messages hold them. */
import { elements, oidText, only, TAG, type Element } from './der.js';
import { refusal } from './refusal.js';

export interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** @param list the EXPLICIT tag around the SEQUENCE, absent when there are none; `field` is what a refusal names */
export function readExtensions(list: Element | undefined, field: string): Map<string, Extension> {
  const found = new Map<string, Extension>();
  for (const item of list ? elements(only(list.content, TAG.sequence).content) : []) {
    const [type, second, third] = elements(item.content);
    const value = third ?? second;
    if (!type || value?.tag !== TAG.octetString) throw refusal(field);
    const name = oidText(type);
    // RFC 5280, 4.2: never twice; two readers could each believe another one.
    if (found.has(name)) throw refusal(field);
    found.set(name, { critical: third !== undefined && second?.content[0] === 0xff, value: value.content });
  }
  return found;
}
