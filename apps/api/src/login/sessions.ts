/** Sessions: a random cookie, of which only the digest is stored. */
import { createHash, randomBytes } from 'node:crypto';
import { minutes, XinyinError } from '#domain';
import { Session, StaffAccount } from '#persistence';
import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

const COOKIE = 'xinyin_session';
/** D: long enough to fill in a form, short enough for a shared computer at an office. */
const LIFETIME_MS = minutes(120);

@Injectable()
export class Sessions {
  private readonly principals = new WeakMap<Request, Promise<Principal | null>>();

  constructor(private readonly context: ApiContext) {}

  async open(owner: { phone: string } | { staffId: string }, response: Response): Promise<string> {
    const token = randomBytes(32);
    const now = this.context.now();
    const id = uuidv7();
    const expiresAt = new Date(now.getTime() + LIFETIME_MS);
    const who = 'phone' in owner ? { phone: owner.phone, staffId: null } : { phone: null, staffId: owner.staffId };
    await this.context.data.manager.insert(Session, { id, tokenHash: digest(token), createdAt: now, expiresAt, endedAt: null, ...who });
    response.cookie(COOKIE, token.toString('base64url'), { ...this.cookie(), maxAge: LIFETIME_MS });
    return id;
  }

  async end(request: Request, response: Response): Promise<void> {
    const token = readCookie(request);
    if (token) await this.context.data.manager.update(Session, { tokenHash: digest(token) }, { endedAt: this.context.now() });
    response.clearCookie(COOKIE, this.cookie());
  }

  /** Who calls; looked up once a request, whoever asks. */
  principalOf(request: Request): Promise<Principal | null> {
    const known = this.principals.get(request) ?? this.lookUp(request);
    this.principals.set(request, known);
    return known;
  }

  private async lookUp(request: Request): Promise<Principal | null> {
    const token = readCookie(request);
    if (!token) return null;
    const session = await this.context.data.manager.findOneBy(Session, { tokenHash: digest(token) });
    if (!session || session.endedAt || session.expiresAt <= this.context.now()) return null;
    if (session.phone !== null) return { kind: 'applicant', sessionId: session.id, phone: session.phone };
    const staff = await this.context.data.manager.findOneBy(StaffAccount, { id: session.staffId ?? '' });
    if (!staff || staff.disabledAt) throw new XinyinError('LOGIN_REQUIRED');
    return {
      kind: 'staff',
      sessionId: session.id,
      staffId: staff.id,
      phone: staff.phone,
      displayName: staff.displayName,
      roles: staff.roles,
    };
  }

  private cookie(): CookieOptions {
    return { httpOnly: true, sameSite: 'strict', secure: this.context.settings.urls.api.startsWith('https:'), path: '/api' };
  }
}

const digest = (token: Buffer) => createHash('sha256').update(token).digest();

function readCookie(request: Request): Buffer | null {
  const found = /(?:^|;\s*)xinyin_session=([\w-]{43})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  return found ? Buffer.from(found, 'base64url') : null;
}
