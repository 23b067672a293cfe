/** What the resources are given. One object, made at the composition root: no resource opens a connection of its own. */
import { createHmac } from 'node:crypto';
import type { HolidayCalendar, WorkingDays } from '#domain';
import type { Settings } from '#config';
import type { Logger, Metrics } from '#observability';
import type { ObjectStore } from '#persistence';
import type { Gateways } from '#gateways';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

export class ApiContext {
  constructor(
    readonly data: DataSource,
    readonly engine: Client,
    readonly objects: ObjectStore,
    readonly gateways: Pick<Gateways, 'sms' | 'sms2' | 'smsOrder' | 'platform'>,
    readonly holidays: HolidayCalendar & WorkingDays,
    readonly settings: Settings,
    readonly log: Logger,
    readonly metrics: Metrics,
    readonly now: () => Date,
  ) {}

  /** Keys the digests of codes, phones and addresses. */
  get codeKey(): Buffer {
    return this.settings.codeKey;
  }

  /** A keyed digest: the table of limits holds no phone and no address. */
  blind(value: string): string {
    return createHmac('sha256', this.codeKey).update(value).digest('base64url');
  }
}
