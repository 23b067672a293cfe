/** Who may call what. Deny by default: an endpoint that does not say who may call it answers nobody. */
import { mayDo, XinyinError, type Action, type Role } from '#domain';
import { createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Sessions } from '../login/sessions.js';

export type Principal =
  | { kind: 'applicant'; sessionId: string; phone: string }
  | { kind: 'staff'; sessionId: string; staffId: string; phone: string; displayName: string; roles: Role[] };
export type Applicant = Extract<Principal, { kind: 'applicant' }>;
export type Staff = Extract<Principal, { kind: 'staff' }>;

/** The staff id of a caller; null for an applicant. */
export const staffIdOf = (caller: Principal): string | null => (caller.kind === 'staff' ? caller.staffId : null);

type Access = 'anybody' | 'applicant' | Action;
const ACCESS = 'xinyin:access';
const PRINCIPAL = Symbol('principal');
type Carrier = Request & { [PRINCIPAL]?: Principal };

/** `@Allow('anybody')`, `@Allow('applicant')`, or actions of the permission table; several mean any of them. */
export const Allow = (...access: Access[]) => SetMetadata(ACCESS, access);

/** The one who calls, as the endpoint's access says. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const principal = context.switchToHttp().getRequest<Carrier>()[PRINCIPAL];
  if (!principal) throw new XinyinError('LOGIN_REQUIRED');
  return principal;
});

/** Why somebody may not do this, or null: for what must be known before the guard, which comes after the body. */
export function whyNot(access: Access, principal: Principal | null): XinyinError | null {
  if (!principal) return new XinyinError('LOGIN_REQUIRED');
  return permits(access, principal) ? null : new XinyinError('FORBIDDEN_ROLE');
}

export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const allowed = this.reflector.getAllAndOverride<Access[] | undefined>(ACCESS, [context.getHandler(), context.getClass()]) ?? [];
    const request = context.switchToHttp().getRequest<Carrier>();
    refuseOtherSites(request);
    if (allowed.includes('anybody')) return true;
    const principal = await this.sessions.principalOf(request);
    if (!principal) throw new XinyinError('LOGIN_REQUIRED');
    if (!allowed.some((access) => permits(access, principal))) throw new XinyinError('FORBIDDEN_ROLE');
    request[PRINCIPAL] = principal;
    return true;
  }
}

function permits(access: Access, principal: Principal): boolean {
  if (access === 'anybody') return true;
  if (access === 'applicant') return principal.kind === 'applicant';
  return principal.kind === 'staff' && mayDo(principal.roles, access);
}

/** Besides SameSite=Strict: a browser that says the request comes from another site changes nothing here. */
function refuseOtherSites(request: Request): void {
  const site = request.get('sec-fetch-site');
  if (request.method !== 'GET' && site === 'cross-site') throw new XinyinError('FORBIDDEN_ROLE');
}
