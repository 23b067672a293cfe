/** What makes a certificate that of an OCSP responder. A missing extension is refused by `extensions-present` alone. */
import { OID } from '../oids.js';
import { OCSP_RESPONDERS, type Lint } from './lint.js';
import { isIdentifier } from './reading.js';

const NULL = Buffer.from([0x05, 0x00]);

export const ocspLints: readonly Lint[] = [
  {
    id: 'extended-key-usage-exact',
    source: 'RFC 6960, 4.2.2.2: id-kp-OCSPSigning; RFC 5280, 4.2.1.12: and nothing the profile does not name, such as any usage',
    appliesTo: OCSP_RESPONDERS,
    check: (tbs) => {
      const value = tbs.extension(OID.extendedKeyUsage)?.value;
      const named = tbs.profile.extendedKeyUsages;
      return !value || (value.items.length === named.length && named.every((usage, index) => isIdentifier(value.items[index], usage)));
    },
  },
  {
    id: 'ocsp-nocheck-null',
    source: 'RFC 6960, 4.2.2.2.1: the value is NULL',
    appliesTo: OCSP_RESPONDERS,
    check: (tbs) => tbs.extension(OID.ocspNoCheck)?.value.bytes.equals(NULL) ?? true,
  },
];
