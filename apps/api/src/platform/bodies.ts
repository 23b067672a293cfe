/** How bodies are read: files and signed callbacks as raw bytes, everything else as JSON in UTF-8; each up to its limit, and nothing else. */
import { isUtf8 } from 'node:buffer';
import { fieldError, fileRules, isMaterial, statementRules, XinyinError } from '#domain';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';

const MATERIAL = /^\/api\/v1\/(?:drafts|applications|agent-changes|window)\/[^/]+\/materials\/([^/]+)$/;
/** RFC 8259, 8.1: JSON between systems is UTF-8. */
const OTHER_CHARSET = /;\s*charset=(?!"?utf-8"?\s*(;|$))/i;
const MEGABYTE = 1024 * 1024;

const signedBody = express.raw({ type: () => true, limit: '64kb' });
// One byte more than is taken, so that the rule for files, not the parser, says what is too large.
const fileBody = express.raw({ type: () => true, limit: fileRules.maxBytes + 1 });
/** The file itself is a statement; who may bring one is asked before it is taken into memory. */
const STATEMENTS = '/api/v1/credits/statements';
const statementBody = express.raw({ type: () => true, limit: statementRules.maxUploadBytes });
const jsonBody = express.json({ limit: '128kb', strict: true, verify: refuseOtherEncodings });

/**
 * A signature is over what was sent, not over what was parsed; a file is what it is.
 * Before a file is taken into memory its sender is asked for: nobody fills it without having logged in.
 */
export function readBody({ mayUpload, mayImport }: BodyGuards): RequestHandler {
  return (request, response, next) => {
    const material = request.method === 'PUT' ? MATERIAL.exec(request.path)?.[1] : undefined;
    if (request.path.startsWith('/api/v1/callbacks/')) signedBody(request, response, next);
    else if (request.method === 'POST' && request.path === STATEMENTS)
      mayImport(request).then(
        (refusal) => (refusal ? next(refusal) : statementBody(request, response, (error?: unknown) => next(tooLong(error)))),
        next,
      );
    else if (material === undefined) readJson(request, response, next);
    else {
      const read = () => fileBody(request, response, (error?: unknown) => next(tooLarge(error, material)));
      mayUpload(request).then((may) => (may ? read() : next(new XinyinError('LOGIN_REQUIRED'))), next);
    }
  };
}

/** Who is asked before a file is read: a session for materials, the right to import for a statement. */
export interface BodyGuards {
  mayUpload(request: Request): Promise<boolean>;
  /** Why it is not taken, or null. */
  mayImport(request: Request): Promise<XinyinError | null>;
}

function tooLong(error: unknown): unknown {
  if (!isTooLarge(error)) return error;
  return new XinyinError('STATEMENT_TOO_LARGE', { params: { limit: statementRules.maxUploadBytes / MEGABYTE } });
}

const isTooLarge = (error: unknown) => error instanceof Error && 'type' in error && error.type === 'entity.too.large';

function readJson(request: Request, response: Response, next: NextFunction): void {
  const empty = request.get('content-length') === '0';
  // A body of another type would be passed over in silence, and what it asks for with it.
  const otherType = request.is('application/json') === false || OTHER_CHARSET.test(request.get('content-type') ?? '');
  if (!empty && otherType) return next(new XinyinError('BODY_TYPE'));
  jsonBody(request, response, next);
}

function tooLarge(error: unknown, material: string): unknown {
  if (!isTooLarge(error) || !isMaterial(material)) return error;
  return fieldError(`materials/${material}`, 'FILE_TOO_LARGE', { limit: fileRules.maxBytes / MEGABYTE });
}

/** Bytes that are not UTF-8 would be replaced by the decoder, and a letter of somebody's name with them. */
function refuseOtherEncodings(_request: unknown, _response: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new XinyinError('BODY_MALFORMED');
}
