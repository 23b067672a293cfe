import {
  parseBankPush,
  parseBindingDecision,
  parsePaymentReport,
  parseSmsReceipt,
  parseTrackingEvent,
  verifySignedRequest,
} from '#gateways';
import { recordCredit } from '#persistence';
import { XinyinError } from '#domain';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { PlatformDecisions } from '../account-bindings/platform-decisions.js';
import { CaseStarter } from '../cases/case-starter.js';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Documented } from '../platform/input.js';
import { SmsReceipts } from './sms-receipts.js';
import { ParcelEvents } from '../letters/parcel-events.js';
import { Refunds } from '../finance/refunds.js';
import { fileOf } from '../drafts/drafts.controller.js';

/** What outside systems tell us. Each call is signed; a nonce is taken once. */
@ApiTags('callbacks')
@Controller('callbacks')
export class CallbacksController {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
    private readonly platformDecisions: PlatformDecisions,
    private readonly smsReceipts: SmsReceipts,
    private readonly parcels: ParcelEvents,
    private readonly refunds: Refunds,
  ) {}

  /** A credit on our account. Recorded before anything is decided; told again, it is the same credit. */
  @Post('bank')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ status: 202 })
  async bank(@Req() request: Request): Promise<void> {
    const { data, settings, now, log } = this.context;
    const entry = parseBankPush(await this.told(request, settings.secrets.bankPush));
    const credit = await data.transaction((tx) => recordCredit(tx, entry, 'push', now()));
    // Told again after it was decided, or held at once because it contradicts what was told before: nothing is left to match.
    if (credit.state !== 'recorded') return;
    await this.starter
      .startMatching(credit)
      .catch((error: unknown) =>
        log.warn({ creditId: credit.id, failure: error instanceof Error ? error.name : '' }, 'the sweep will match this credit'),
      );
  }

  /** How a payment from our account ended. Told again, nothing happens again. */
  @Post('bank-payments')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ status: 202 })
  async payment(@Req() request: Request): Promise<void> {
    await this.refunds.takeReport(parsePaymentReport(await this.told(request, this.context.settings.secrets.bankPush)));
  }

  /** What the platform's administrator decided about an account. Told again, it is the same decision. */
  @Post('platform')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ status: 202 })
  async platform(@Req() request: Request): Promise<void> {
    await this.platformDecisions.take(parseBindingDecision(await this.told(request, this.context.settings.secrets.platformPush)));
  }

  /** What became of a message, by either operator. Repeated, late, contradictory or about nothing we know: it is taken all the same. */
  @Post('sms')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ status: 202 })
  async sms(@Req() request: Request): Promise<void> {
    await this.smsReceipts.take('sms', parseSmsReceipt(await this.told(request, this.context.settings.secrets.smsReceipts)));
  }

  @Post('sms2')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ status: 202 })
  async sms2(@Req() request: Request): Promise<void> {
    await this.smsReceipts.take('sms2', parseSmsReceipt(await this.told(request, this.context.settings.secrets.sms2Receipts)));
  }

  /** What happened to a parcel. Recorded first; told again, it is the same event. */
  @Post('courier')
  @HttpCode(202)
  @Allow('anybody')
  @Documented({ status: 202 })
  async courier(@Req() request: Request): Promise<void> {
    await this.parcels.take(parseTrackingEvent(await this.told(request, this.context.settings.secrets.courierPush)));
  }

  /** What was told, once it is certain who told it. */
  private async told(request: Request, { keyId, secret }: { keyId: string; secret: string }): Promise<unknown> {
    const rawBody = fileOf(request);
    await verifySignedRequest(
      { method: request.method, path: request.originalUrl, headers: request.headers, rawBody },
      {
        secretFor: (id) => (id === keyId ? secret : undefined),
        now: this.context.now,
        rememberNonce: (id, nonce, expiresAt) => this.rememberNonce(id, nonce, expiresAt),
      },
    );
    return parseJson(rawBody);
  }

  private async rememberNonce(keyId: string, nonce: string, expiresAt: Date): Promise<boolean> {
    const { data, now } = this.context;
    const rows: unknown[] = await data.query(
      `WITH over AS (DELETE FROM seen_nonce WHERE expires_at < $4)
       INSERT INTO seen_nonce (key_id, nonce, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING nonce`,
      [keyId, nonce, expiresAt, now()],
    );
    return rows.length > 0;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    // Bytes that are not UTF-8 would be replaced, and a payer's name with them.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    throw new XinyinError('BODY_MALFORMED');
  }
}
