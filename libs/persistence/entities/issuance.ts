/** What is made: certificates, escrowed keys, seals, tokens, and the way to the holder. */
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Application } from './application.js';
import { bytes, instant, integer, text, uuid } from './columns.js';

/**
 * A certificate. The row is written, with serial and to-be-signed bytes, before the signature is made: a crash after signing
 * finds the serial taken and signs the same bytes again, so there are never two certificates for one place.
 */
@Entity({ name: 'certificate' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_certificate_application' })
@Unique('uq_certificate_place', ['applicationId', 'index', 'kind'])
@Unique('uq_certificate_serial', ['serial'])
@Index('ix_certificate_revoked', ['revokedAt'], { where: `state = 'revoked'` })
@Check('ck_certificate_kind', `kind IN ('signing','encryption')`)
@Check('ck_certificate_state', `(state = 'prepared') = (der IS NULL)`)
export class Certificate {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @integer('index') index!: number;
  @text('kind') kind!: 'signing' | 'encryption';
  @text('serial') serial!: string;
  @bytes('tbs') tbs!: Buffer;
  @bytes('der', { nullable: true }) der!: Buffer | null;
  @text('state') state!: 'prepared' | 'valid' | 'revoked';
  @instant('not_before') notBefore!: Date;
  @instant('not_after') notAfter!: Date;
  @instant('issued_at', { nullable: true }) issuedAt!: Date | null;
  @instant('revoked_at', { nullable: true }) revokedAt!: Date | null;
  @text('revocation_reason', { nullable: true }) revocationReason!: string | null;
}

/** The holder's encryption key as the key management centre keeps it: encrypted under its master key, which only the pki worker has. */
@Entity({ name: 'escrowed_key' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_escrowed_key_application' })
@Unique('uq_escrowed_key_place', ['applicationId', 'index'])
export class EscrowedKey {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @integer('index') index!: number;
  @bytes('public_point') publicPoint!: Buffer;
  @bytes('escrow') escrow!: Buffer;
  @instant('created_at') createdAt!: Date;
}

@Entity({ name: 'seal' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_seal_application' })
@Unique('uq_seal_place', ['applicationId', 'index'])
@Unique('uq_seal_es_id', ['esId'])
export class Seal {
  @uuid('id', { primary: true }) id!: string;
  @uuid('application_id') applicationId!: string;
  @integer('index') index!: number;
  @text('es_id') esId!: string;
  @bytes('der') der!: Buffer;
  @bytes('png') png!: Buffer;
  @instant('made_at') madeAt!: Date;
  @instant('revoked_at', { nullable: true }) revokedAt!: Date | null;
  @text('revocation_reason', { nullable: true }) revocationReason!: string | null;
}

/** What is put on a token for one place. A token lives through several: a renewal fills another container of the same token. */
@Entity({ name: 'token' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_token_application' })
@Unique('uq_token_container', ['serialNumber', 'container'])
export class Token {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @integer('index', { primary: true }) index!: number;
  @text('serial_number') serialNumber!: string;
  @text('container') container!: string;
  @text('state') state!: 'blank' | 'keyed' | 'written';
  @bytes('certification_request', { nullable: true }) certificationRequest!: Buffer | null;
  /** SM2EnvelopedKey: opened only by the signing key on the token. */
  @bytes('enveloped_key', { nullable: true }) envelopedKey!: Buffer | null;
  @instant('written_at', { nullable: true }) writtenAt!: Date | null;
}

/** A document that was printed or received; its bytes lie encrypted in the object store. `owner` is `application/<uuid>` or `dispatch/<day>`. */
@Entity({ name: 'document' })
@Unique('uq_document_place', ['owner', 'kind', 'index'])
export class DocumentRow {
  @uuid('id', { primary: true }) id!: string;
  @text('owner') owner!: string;
  @text('kind') kind!: string;
  @integer('index') index!: number;
  @text('media_type') mediaType!: string;
  @text('sha256') sha256!: string;
  @instant('made_at') madeAt!: Date;
}

/** The authority's own certificates, put here by the pki worker so that others can hand them out without its keys. */
@Entity({ name: 'authority_certificate' })
export class AuthorityCertificate {
  @text('role', { primary: true }) role!: 'root' | 'issuing' | 'seal-maker';
  @bytes('der') der!: Buffer;
}

/** Revocation lists as published; the responder serves the newest. */
@Entity({ name: 'published_crl' })
@Check('ck_published_crl_issuer', `issuer IN ('root','issuing')`)
export class PublishedCrl {
  @text('issuer', { primary: true }) issuer!: 'root' | 'issuing';
  /** cRLNumber: grows with every list of its issuer. */
  @integer('number', { primary: true }) number!: number;
  @instant('this_update') thisUpdate!: Date;
  @instant('next_update') nextUpdate!: Date;
  @bytes('der') der!: Buffer;
}

/**
 * An OCSP responder's request for a certificate, and the certificate it got. The key stays with the responder. `code` proves that the
 * request is a responder's: whoever else writes here cannot compute it.
 */
@Entity({ name: 'ocsp_responder' })
@Check('ck_ocsp_responder_certified', `(certificate IS NULL) = (not_after IS NULL)`)
export class OcspResponder {
  @uuid('id', { primary: true }) id!: string;
  /** PKCS#10. */
  @bytes('request') request!: Buffer;
  @bytes('code') code!: Buffer;
  @bytes('certificate', { nullable: true }) certificate!: Buffer | null;
  @instant('not_after', { nullable: true }) notAfter!: Date | null;
  @instant('made_at') madeAt!: Date;
}

/** One of the two persons who let an encryption key come back from escrow. The pki worker looks here, not at what it is told. */
@Entity({ name: 'key_recovery_approval' })
@ForeignKey(() => Application, ['applicationId'], ['id'], { name: 'fk_key_recovery_approval_application' })
export class KeyRecoveryApproval {
  @uuid('application_id', { primary: true }) applicationId!: string;
  @uuid('approved_by', { primary: true }) approvedBy!: string;
  @instant('approved_at') approvedAt!: Date;
}

/** A text that a holder's key is to sign, once, within minutes. `digest` is what it is bound to: the content of a draft, or an application. */
@Entity({ name: 'key_challenge' })
@Index('ix_key_challenge_expires_at', ['expiresAt'])
export class KeyChallenge {
  @uuid('id', { primary: true }) id!: string;
  /** `draft/<uuid>` or `installation/<uuid>`. */
  @text('subject') subject!: string;
  @text('serial') serial!: string;
  @bytes('nonce') nonce!: Buffer;
  @bytes('digest') digest!: Buffer;
  @instant('created_at') createdAt!: Date;
  @instant('expires_at') expiresAt!: Date;
  @instant('used_at', { nullable: true }) usedAt!: Date | null;
}
