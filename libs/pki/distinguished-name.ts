/** Distinguished names in the one order this authority writes: C, ST, L, O, OU, CN. */
import { elements, oid, oidText, only, printableString, sequence, setOf, TAG, utf8String } from './der.js';
import { OID } from './oids.js';

/** The subject of a certificate as it is asked for. Country is always CN; province is 四川省 unless given. */
export interface SubjectName {
  readonly organisation: string;
  readonly commonName: string;
  readonly province?: string;
  readonly locality?: string;
  readonly unit?: string;
}

export interface NameParts {
  readonly country?: string;
  readonly province?: string;
  readonly locality?: string;
  readonly organisation?: string;
  readonly unit?: string;
  readonly commonName?: string;
}

const ATTRIBUTES: readonly { part: keyof NameParts; oid: string; short: string }[] = [
  { part: 'country', oid: OID.country, short: 'C' },
  { part: 'province', oid: OID.province, short: 'ST' },
  { part: 'locality', oid: OID.locality, short: 'L' },
  { part: 'organisation', oid: OID.organisation, short: 'O' },
  { part: 'unit', oid: OID.unit, short: 'OU' },
  { part: 'commonName', oid: OID.commonName, short: 'CN' },
];

export function nameDer(subject: SubjectName): Buffer {
  const parts: NameParts = { country: 'CN', province: '四川省', locality: '成都市', ...subject };
  const relative = ATTRIBUTES.flatMap(({ part, oid: type }) => {
    const value = parts[part];
    if (value === undefined) return [];
    // RFC 5280, appendix A: countryName is a PrintableString; everything else is written in UTF-8 (4.1.2.4).
    return [setOf(sequence(oid(type), part === 'country' ? printableString(value) : utf8String(value)))];
  });
  return sequence(...relative);
}

/** The attributes this authority knows; a name of somebody else may hold others, which are passed over. */
export function nameParts(der: Uint8Array): NameParts {
  const parts: Partial<Record<keyof NameParts, string>> = {};
  for (const relative of elements(only(der, TAG.sequence).content)) {
    for (const attribute of elements(relative.content)) {
      const [type, value] = elements(attribute.content);
      const known = type && ATTRIBUTES.find((candidate) => candidate.oid === oidText(type));
      if (known && value) parts[known.part] = value.content.toString('utf8');
    }
  }
  return parts;
}

/** `C=CN, ST=四川省, …, CN=…`: for people, never for comparison. */
export function nameText(der: Uint8Array): string {
  const parts = nameParts(der);
  return ATTRIBUTES.flatMap(({ part, short }) => (parts[part] === undefined ? [] : [`${short}=${parts[part]}`])).join(', ');
}
