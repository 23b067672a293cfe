/** Who comes in: sessions, SMS codes, allowances, staff. */
import type { Role } from '#domain';
import { Check, Entity, Index, Unique } from 'typeorm';
import { bytes, instant, integer, text, uuid } from './columns.js';

/** A person of the office. Passwords are argon2id. */
@Entity({ name: 'staff_account' })
@Unique('uq_staff_account_username', ['username'])
export class StaffAccount {
  @uuid('id', { primary: true }) id!: string;
  @text('username') username!: string;
  @text('display_name') displayName!: string;
  /** So that nobody reviews an application of their own (four eyes). */
  @text('phone') phone!: string;
  @text('password_hash') passwordHash!: string;
  @text('roles') rolesText!: string;
  @instant('disabled_at', { nullable: true }) disabledAt!: Date | null;

  get roles(): Role[] {
    return this.rolesText.split(',') as Role[];
  }
}

/** A login. Only the SHA-256 of the cookie is kept: who reads the table can impersonate nobody. */
@Entity({ name: 'session' })
@Check('ck_session_owner', `(phone IS NULL) <> (staff_id IS NULL)`)
@Index('ix_session_expires_at', ['expiresAt'])
@Unique('uq_session_token_hash', ['tokenHash'])
export class Session {
  @uuid('id', { primary: true }) id!: string;
  @bytes('token_hash') tokenHash!: Buffer;
  @text('phone', { nullable: true }) phone!: string | null;
  @uuid('staff_id', { nullable: true }) staffId!: string | null;
  @instant('created_at') createdAt!: Date;
  @instant('expires_at') expiresAt!: Date;
  @instant('ended_at', { nullable: true }) endedAt!: Date | null;
}

/** A code sent by SMS, hashed with a key. `subject` is `login`, `application/<uuid>`, `agent-change/<uuid>` or `unlock/<uuid>`. */
@Entity({ name: 'sms_code' })
@Index('ix_sms_code_subject_phone', ['subject', 'phone'])
@Check('ck_sms_code_attempts', `attempts BETWEEN 0 AND 5`)
export class SmsCode {
  @uuid('id', { primary: true }) id!: string;
  @text('subject') subject!: string;
  @text('phone') phone!: string;
  @bytes('code_hash') codeHash!: Buffer;
  @instant('created_at') createdAt!: Date;
  @instant('expires_at') expiresAt!: Date;
  @integer('attempts') attempts!: number;
  @instant('used_at', { nullable: true }) usedAt!: Date | null;
}

/** How much of a limit is used: a window that starts again, and the time of the last use. Counted in one atomic statement. */
@Entity({ name: 'allowance' })
export class Allowance {
  @text('key', { primary: true }) key!: string;
  @instant('window_start') windowStart!: Date;
  @integer('used') used!: number;
  @instant('last_at') lastAt!: Date;
}

/** Nonces of signed callbacks that were seen; kept until their timestamp would be refused anyway. */
@Entity({ name: 'seen_nonce' })
@Index('ix_seen_nonce_expires_at', ['expiresAt'])
export class SeenNonce {
  @text('key_id', { primary: true }) keyId!: string;
  @text('nonce', { primary: true }) nonce!: string;
  @instant('expires_at') expiresAt!: Date;
}

/** A phone that wants no reminders. Messages that a case needs are sent all the same. */
@Entity({ name: 'reminder_opt_out' })
export class ReminderOptOut {
  @text('phone', { primary: true }) phone!: string;
  @instant('since') since!: Date;
}
