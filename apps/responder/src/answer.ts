/** What the responder answers to the bytes of a request (RFC 6960). It never throws: whatever happens, there is a response for it. */
import type { Logger } from '#observability';
import {
  isOfIssuer,
  ocspRefusal,
  ocspResponse,
  readOcspRequest,
  type CertificateStatus,
  type CertificateView,
  type OcspRefusal,
  type OcspRequest,
  type OcspSigner,
} from '#pki/ocsp';

/** In whose place this responder signs, with what, and until when. */
export interface Standing {
  readonly issuer: CertificateView;
  readonly responder: OcspSigner;
  readonly notAfter: Date;
}

export interface AnswerDeps {
  /** Null until the responder has its certificate, and when that has run out. */
  standing: () => Standing | null;
  /** By serial number; what is not in it is unknown. */
  statusesOf: (issuer: CertificateView, serials: readonly string[]) => Promise<ReadonlyMap<string, CertificateStatus>>;
  now: () => Date;
  log: Logger;
  /** How long the database may take. */
  patienceMs?: number;
}

export interface Answer {
  readonly der: Buffer;
  /** Absent where no cache may keep it: refusals, answers to a nonce, and unknown certificates, which may be issued any moment. */
  readonly fresh?: { readonly thisUpdate: Date; readonly nextUpdate: Date };
}

/** D: a client may go on with an answer for an hour. The answer itself is made anew each time: a revocation shows at once. */
export const GOOD_FOR_MS = 60 * 60_000;
const PATIENCE_MS = 3_000;

const refuse = (status: OcspRefusal): Answer => ({ der: ocspRefusal(status) });

function readOrNothing(bytes: Uint8Array): OcspRequest | null {
  try {
    return readOcspRequest(bytes);
  } catch {
    return null;
  }
}

export async function answer(deps: AnswerDeps, bytes: Uint8Array): Promise<Answer> {
  const request = readOrNothing(bytes);
  if (!request) return refuse('malformedRequest');
  const standing = deps.standing();
  if (!standing) return refuse('tryLater');
  // RFC 5019, 2.2.3: of other authorities' certificates, the root's among them, nothing is known here.
  if (!request.certIds.every((certId) => isOfIssuer(certId, standing.issuer))) return refuse('unauthorized');
  const serials = [...new Set(request.certIds.map(({ serial }) => serial))];
  const statuses = await within(deps.patienceMs ?? PATIENCE_MS, deps.statusesOf(standing.issuer, serials)).catch((error: unknown) => {
    deps.log.warn({ err: error }, 'no certificate status from the database');
    return null;
  });
  if (!statuses) return refuse('tryLater');
  try {
    return signed(request, standing, statuses, deps.now());
  } catch (error) {
    deps.log.error({ err: error }, 'an answer could not be signed');
    return refuse('internalError');
  }
}

function signed(request: OcspRequest, standing: Standing, statuses: ReadonlyMap<string, CertificateStatus>, at: Date): Answer {
  const answers = request.certIds.map((certId) => ({ certId, status: statuses.get(certId.serial) ?? { state: 'unknown' as const } }));
  const thisUpdate = new Date(Math.floor(at.getTime() / 1000) * 1000);
  // An answer does not outlive the certificate by which it is believed.
  const nextUpdate = new Date(Math.min(thisUpdate.getTime() + GOOD_FOR_MS, standing.notAfter.getTime()));
  const { nonce } = request;
  const der = ocspResponse(standing.responder, { producedAt: thisUpdate, thisUpdate, nextUpdate, answers, nonce });
  const lasting = nonce === null && answers.every(({ status }) => status.state !== 'unknown');
  return lasting ? { der, fresh: { thisUpdate, nextUpdate } } : { der };
}

/** A database behind a dead line neither answers nor fails: whoever asks must not wait with it. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
