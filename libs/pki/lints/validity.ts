/** When the certificate is valid. A time that cannot be read is refused by `validity-format` alone. */
import type { LongestValidity } from '../profiles.js';
import { ALL, ISSUED, type Lint } from './lint.js';
import type { Node, TbsRead } from './reading.js';

const UTC_TIME = 0x17;
const UTC_FORM = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_FORM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

function instant(node: Node): number | null {
  const fields = (node.tag === UTC_TIME ? UTC_FORM : GENERALIZED_FORM).exec(node.content.toString('latin1'))?.slice(1).map(Number);
  if (!fields) return null;
  const [written = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const year = node.tag === UTC_TIME ? written + (written < 50 ? 2000 : 1900) : written;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const real = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && at.getUTCHours() === hour && at.getUTCMinutes() === minute;
  return real && at.getUTCSeconds() === second ? at.getTime() : null;
}

/** Runs the comparison when both times can be read. */
function compare(tbs: TbsRead, holds: (notBefore: number, notAfter: number) => boolean): boolean {
  const notBefore = instant(tbs.notBefore);
  const notAfter = instant(tbs.notAfter);
  return notBefore === null || notAfter === null || holds(notBefore, notAfter);
}

const DAY = 86_400_000;

function latestEnd(at: number, validity: LongestValidity): number {
  const date = new Date(at);
  date.setUTCFullYear(date.getUTCFullYear() + (validity.years ?? 0));
  return date.getTime() + (validity.days ?? 0) * DAY;
}

export const validityLints: readonly Lint[] = [
  {
    id: 'validity-format',
    source: 'RFC 5280, 4.1.2.5.1 and 4.1.2.5.2: whole seconds, Z, no fractions',
    appliesTo: ALL,
    check: ({ notBefore, notAfter }) => instant(notBefore) !== null && instant(notAfter) !== null,
  },
  {
    id: 'validity-encoding',
    source: 'RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050',
    appliesTo: ALL,
    check: ({ notBefore, notAfter }) =>
      [notBefore, notAfter].every((node) => node.tag === UTC_TIME || (instant(node) ?? Infinity) >= Date.UTC(2050, 0, 1)),
  },
  {
    id: 'validity-order',
    source: 'RFC 5280, 4.1.2.5',
    appliesTo: ALL,
    check: (tbs) => compare(tbs, (notBefore, notAfter) => notAfter > notBefore),
  },
  {
    id: 'validity-within-issuer',
    source: 'GM/T 0034: an authority signs nothing that outlives it',
    appliesTo: ISSUED,
    check: (tbs) => {
      const { issuer } = tbs;
      return compare(tbs, (from, to) => issuer !== null && from >= issuer.notBefore.getTime() && to <= issuer.notAfter.getTime());
    },
  },
  {
    id: 'validity-maximum',
    source: 'Certificate profile: the most years that can be bought; RFC 6960, 4.2.2.2.1: short-lived where nobody checks',
    appliesTo: ALL,
    check: (tbs) => compare(tbs, (notBefore, notAfter) => notAfter <= latestEnd(notBefore, tbs.profile.validity)),
  },
];
