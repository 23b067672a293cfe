/** The key that is certified. */
import { OID } from '../oids.js';
import { ALL, ISSUED, OF_ORGANISATIONS, type Lint } from './lint.js';
import { identifier, type TbsRead } from './reading.js';

/** GB/T 32918.5: y² = x³ + ax + b over the field of p elements. */
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const A = P - 3n;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;

/** The key as 04 ‖ X ‖ Y, or null when it is not written so. */
export function pointOf({ key }: TbsRead): Buffer | null {
  const point = key.content.subarray(1);
  return key.content[0] === 0 && point.length === 65 && point[0] === 0x04 ? point : null;
}

function isOnCurve(point: Buffer): boolean {
  const x = BigInt(`0x${point.toString('hex', 1, 33)}`);
  const y = BigInt(`0x${point.toString('hex', 33)}`);
  return x < P && y < P && (y * y - (x * x * x + A * x + B)) % P === 0n;
}

export const keyLints: readonly Lint[] = [
  {
    id: 'key-algorithm',
    source: 'RFC 5480, 2.1.1; GM/T 0009: id-ecPublicKey',
    appliesTo: ALL,
    check: ({ keyAlgorithm }) => keyAlgorithm.items[0] !== undefined && identifier(keyAlgorithm.items[0]) === OID.ecPublicKey,
  },
  {
    id: 'key-curve',
    source: 'RFC 5480, 2.1.1.1; GM/T 0006: the named curve 1.2.156.10197.1.301',
    appliesTo: ALL,
    check: ({ keyAlgorithm: { items } }) => items.length === 2 && items[1] !== undefined && identifier(items[1]) === OID.sm2Curve,
  },
  {
    id: 'key-uncompressed',
    source: 'GM/T 0009, 7.1: 04 ‖ X ‖ Y',
    appliesTo: ALL,
    check: (tbs) => pointOf(tbs) !== null,
  },
  {
    id: 'key-on-curve',
    source: 'GB/T 32918.1, 6.2.1',
    appliesTo: ALL,
    check: (tbs) => {
      const point = pointOf(tbs);
      return point === null || isOnCurve(point);
    },
  },
  {
    id: 'key-not-issuers',
    source: 'GM/T 0034: the key of an authority signs and serves nobody else',
    appliesTo: ISSUED,
    check: (tbs) => !tbs.issuer || pointOf(tbs)?.equals(tbs.issuer.point) !== true,
  },
  {
    id: 'key-pair-distinct',
    source: 'GM/T 0034, dual certificates: the signing key is never the escrowed one',
    appliesTo: OF_ORGANISATIONS,
    check: (tbs) => !tbs.pairedPoint || pointOf(tbs)?.equals(tbs.pairedPoint) !== true,
  },
];
