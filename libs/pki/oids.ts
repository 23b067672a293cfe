/** Object identifiers by the names of their standards. */
export const OID = {
  // GM/T 0006
  sm2WithSm3: '1.2.156.10197.1.501',
  sm2Curve: '1.2.156.10197.1.301',
  sm4Ecb: '1.2.156.10197.1.104.1',
  // RFC 5480
  ecPublicKey: '1.2.840.10045.2.1',
  // X.520
  country: '2.5.4.6',
  province: '2.5.4.8',
  locality: '2.5.4.7',
  organisation: '2.5.4.10',
  unit: '2.5.4.11',
  commonName: '2.5.4.3',
  // RFC 5280
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  extendedKeyUsage: '2.5.29.37',
  // RFC 6960
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  ocspBasic: '1.3.6.1.5.5.7.48.1.1',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  // RFC 3279, RFC 5754, GM/T 0006
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sm3: '1.2.156.10197.1.401',
  /** GM/T 0015: organisation code; in SM2 certificates it carries the unified social credit code. */
  organisationCode: '1.2.156.10260.4.1.4',
} as const;
