/**
 * How the responder comes by its certificate, and by the next one in time: it makes a key, leaves a request in the database, and finds the
 * certificate there when the pki worker has made it. Each certificate has a fresh key, and the old one is removed (decision 0021).
 */
import type { Logger } from '#observability';
import { AuthorityCertificate, OcspResponder } from '#persistence';
import {
  assertMayRespond,
  createCertificationRequest,
  keySigner,
  parseCertificate,
  publicPoint,
  responderRequestCode,
  type CertificateView,
  type Sm2KeyPair,
} from '#pki/ocsp';
import { In, type DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Standing } from './answer.js';
import { openKeyFolder } from './key-folder.js';

const DAY = 86_400_000;
/** D: ten days in which the pki worker may be away before anybody goes without an answer. */
export const RENEWED_BEFORE_MS = 10 * DAY;
/** A request that found nobody for a day is made anew, with a key that did not lie about. The pki worker takes none older than two. */
const REQUEST_GOOD_FOR_MS = DAY;
/** Certificates that cannot be used must not make the pki worker sign one after the other. */
const ASKED_AT_MOST_EVERY_MS = 10 * 60_000;
const LOOKS_WHILE_WAITING_MS = 2_000;
const LOOKS_OTHERWISE_MS = 60_000;

export interface EnrolmentDeps {
  data: DataSource;
  folder: string;
  secret: string;
  now: () => Date;
  log: Logger;
}

export interface Enrolment {
  standing(): Standing | null;
  /** Looks for the certificate, asks for one where it is time to, and removes keys that have served. */
  look(): Promise<void>;
  /** Looks again and again. @returns what ends it */
  start(): () => void;
}

interface Certified extends Standing {
  readonly id: string;
}

export function openEnrolment({ data, folder, secret, now, log }: EnrolmentDeps): Enrolment {
  const keys = openKeyFolder(folder);
  let certified: Certified | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  const standing = () => (certified && now() < certified.notAfter ? certified : null);

  const ask = async (id: string, pair: Sm2KeyPair): Promise<void> => {
    // The pki worker names the responder as it sees fit; a request must bear some name.
    const request = createCertificationRequest({ ...pair, subject: { organisation: 'OCSP', commonName: id } });
    const row = { id, request, madeAt: now() };
    const code = responderRequestCode(secret, row);
    await data
      .createQueryBuilder()
      .insert()
      .into(OcspResponder)
      .values({ ...row, code })
      .orIgnore()
      .execute();
    log.info({ request: id }, 'asked for a certificate');
  };

  const look = async (): Promise<void> => {
    const at = now();
    const authority = await data.manager.findOneBy(AuthorityCertificate, { role: 'issuing' });
    const held = await keys.load();
    const rows = await data.manager.findBy(OcspResponder, { id: In([...held.keys()]) });
    const usable = rows.flatMap((row) => usableBy(row, held.get(row.id), authority && parseCertificate(authority.der), at) ?? []);
    const [best = null] = usable.sort((one, other) => other.notAfter.getTime() - one.notAfter.getTime());
    if (best && best.id !== certified?.id) log.info({ request: best.id, until: best.notAfter }, 'certified');
    certified = best;

    const waiting = new Set(
      rows.filter((row) => !row.certificate && row.madeAt.getTime() > at.getTime() - REQUEST_GOOD_FOR_MS).map(({ id }) => id),
    );
    // A crash came between the key and its request.
    for (const [id, pair] of held) {
      if (rows.some((row) => row.id === id)) continue;
      await ask(id, pair);
      waiting.add(id);
    }
    // Until the authority is known no certificate can be judged: then only what waited too long goes.
    const judged = rows.filter((row) => authority || !row.certificate);
    for (const { id } of judged) if (id !== best?.id && !waiting.has(id)) await keys.remove(id);

    const lasts = best !== null && best.notAfter.getTime() - at.getTime() > RENEWED_BEFORE_MS;
    if (lasts || waiting.size > 0 || at.getTime() - askedAt < ASKED_AT_MOST_EVERY_MS) return;
    askedAt = at.getTime();
    const id = uuidv7();
    await ask(id, await keys.make(id));
  };

  return { standing, look, start: () => repeatedly(look, () => (standing() ? LOOKS_OTHERWISE_MS : LOOKS_WHILE_WAITING_MS), log) };
}

/** Whoever can write to the database could put anything there: what is used must fit our key and come from our authority. */
function usableBy(row: OcspResponder, pair: Sm2KeyPair | undefined, issuer: CertificateView | null, at: Date): Certified | null {
  if (!row.certificate || !pair || !issuer) return null;
  try {
    const certificate = parseCertificate(row.certificate);
    assertMayRespond(certificate, issuer, at);
    if (!publicPoint(certificate.publicKey).equals(publicPoint(pair.publicKey))) return null;
    const responder = { certificate: certificate.der, signer: keySigner(pair.privateKey, pair.publicKey) };
    return { id: row.id, issuer, responder, notAfter: certificate.notAfter };
  } catch {
    return null;
  }
}

function repeatedly(look: () => Promise<void>, pauseMs: () => number, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const again = async () => {
    await look().catch((error: unknown) => log.warn({ err: error }, 'could not look for the certificate'));
    if (!ended) timer = setTimeout(() => void again(), pauseMs());
  };
  void again();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
