/** How many certificates one core issues (build, lint, sign, check), against how many bare SM2 signatures the same core makes in OpenSSL. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateSm2KeyPair, LINTS, openAuthority, sm2Sign, type Authority, type CertificateRequest, type Linted } from '#pki';

const CERTIFICATES = 3000;
const WARM_UP = 300;
const OPENSSL_SECONDS = 3;
const NOT_BEFORE = new Date('2026-11-24T01:02:03Z');
const NOT_AFTER = new Date('2028-11-24T01:02:03Z');

/** Seconds of processor time, all threads: what `openssl speed` counts too, so that neighbours on the machine do not change the ratio. */
function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

interface Bound {
  readonly signaturesPerSecond: number;
  readonly by: string;
}

/** The last line of `openssl speed`: ` 256 bits SM2 (CurveSM2)   0.0003s   0.0002s   3908.0   4310.1`. */
async function opensslBound(): Promise<Bound | null> {
  try {
    const { stdout } = await promisify(execFile)('openssl', ['speed', '-seconds', String(OPENSSL_SECONDS), 'sm2']);
    const found = /bits SM2 \(CurveSM2\)\s+\S+\s+\S+\s+([\d.]+)/.exec(stdout)?.[1];
    return found ? { signaturesPerSecond: Number(found), by: `openssl speed -seconds ${OPENSSL_SECONDS} sm2` } : null;
  } catch {
    return null;
  }
}

function nodeBound(): Bound {
  const { privateKey } = generateSm2KeyPair();
  const message = Buffer.alloc(32);
  const signatures = 5000;
  const seconds = processorSeconds(() => {
    for (let index = 0; index < signatures; index += 1) sm2Sign(privateKey, message);
  });
  return { signaturesPerSecond: signatures / seconds, by: 'a loop of sm2Sign in Node, for want of openssl speed with SM2' };
}

function requests(count: number): CertificateRequest[] {
  return Array.from({ length: count }, (_unused, index) => {
    const name = `成都某某医药科技有限公司第${index}分公司`;
    const subject = { organisation: name, commonName: name, locality: '成都市', unit: '采购部' };
    return { subject, publicKey: generateSm2KeyPair().publicKey, notBefore: NOT_BEFORE, notAfter: NOT_AFTER, uscc: '91350100M000100Y43' };
  });
}

interface Parts {
  readonly prepare: number;
  readonly lint: number;
  readonly bareSign: number;
  readonly sign: number;
}

/** Milliseconds a certificate for each part, taken one part at a time so that the clock is not read inside. */
function measureParts(authority: Authority, asked: readonly CertificateRequest[]): Parts {
  const { privateKey } = generateSm2KeyPair();
  const linted: Linted[] = [];
  const each = (work: (index: number) => void) =>
    (1000 / asked.length) * processorSeconds(() => asked.forEach((_request, index) => work(index)));
  const at = (index: number): Linted => linted[index] ?? authority.prepare('organisation-signing', asked[index] as CertificateRequest);
  const prepare = each((index) => linted.push(authority.prepare('organisation-signing', asked[index] as CertificateRequest)));
  const lint = each((index) => authority.lintTbs('organisation-signing', at(index).tbs));
  const bareSign = each((index) => sm2Sign(privateKey, at(index).tbs));
  const sign = each((index) => authority.sign(at(index)));
  return { prepare, lint, bareSign, sign };
}

async function withAuthority<T>(work: (authority: Authority) => T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-issue-'));
  const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };
  try {
    return work(await openAuthority({ folder, passphrase: 'only for this bench', urls, now: () => NOT_BEFORE }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function issueAll(authority: Authority, asked: readonly CertificateRequest[]): number {
  return processorSeconds(() => asked.forEach((request) => authority.sign(authority.prepare('organisation-signing', request))));
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

export async function bench(): Promise<{ name: 'issue'; figures: Record<string, number | string>; notes: string[] }> {
  const before = (await opensslBound()) ?? nodeBound();
  const { perSecond, parts } = await withAuthority((authority) => {
    issueAll(authority, requests(WARM_UP));
    const asked = requests(CERTIFICATES);
    return { perSecond: CERTIFICATES / issueAll(authority, asked), parts: measureParts(authority, requests(CERTIFICATES)) };
  });
  const after = (await opensslBound()) ?? nodeBound();
  const bound = (before.signaturesPerSecond + after.signaturesPerSecond) / 2;
  const total = parts.prepare + parts.sign;
  const share = (milliseconds: number) => `${Math.round((100 * milliseconds) / total)}% (${milliseconds.toFixed(3)} ms)`;
  return {
    name: 'issue',
    figures: {
      certificatesPerSecond: Math.round(perSecond),
      boundSignaturesPerSecond: Math.round(bound),
      ratio: round(perSecond / bound, 3),
      build: share(parts.prepare - parts.lint),
      lint: share(parts.lint),
      sign: share(parts.bareSign),
      check: share(parts.sign - parts.bareSign),
      lints: LINTS.length,
    },
    notes: [
      `${CERTIFICATES} organisation signing certificates, each for its own key and name, on one thread; ${WARM_UP} before to warm up. Counted in processor seconds of all threads, as openssl speed counts.`,
      `Bound: ${before.by}, mean of a run before (${Math.round(before.signaturesPerSecond)}/s) and one after (${Math.round(after.signaturesPerSecond)}/s).`,
      'Check: the certificate is read back, its TBS compared with the linted bytes, its signature verified under the issuer’s key.',
      'A certificate costs one signature and one verification at least: with nothing else the ratio would be about one half.',
    ],
  };
}

export default bench;
export const run = bench;
