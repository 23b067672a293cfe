/** What the resources are given. One object, made at the composition root: no resource opens a connection of its own. */
import { createHmac } from 'node:crypto';
import type { OfficeCalendar } from '#domain';
import type { Settings } from '#config';
import type { Logger, Metrics } from '#observability';
import { officeCalendar, type ObjectStore } from '#persistence';
import type { Gateways } from '#gateways';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

export class ApiContext {
  constructor(
    readonly data: DataSource,
    readonly engine: Client,
    readonly objects: ObjectStore,
    readonly gateways: Pick<Gateways, 'sms' | 'sms2' | 'smsOrder' | 'platform'>,
    /** What is published. */
    readonly holidays: OfficeCalendar,
    readonly settings: Settings,
    readonly log: Logger,
    readonly metrics: Metrics,
    readonly now: () => Date,
  ) {}

  /** The calendar of now: with the days that supervisors have set. */
  calendar(): Promise<OfficeCalendar> {
    return officeCalendar(this.data.manager, this.holidays);
  }

  /** Keys the digests of codes, phones and addresses. */
  get codeKey(): Buffer {
    return this.settings.codeKey;
  }

  /** A keyed digest: the table of limits holds no phone and no address. */
  blind(value: string): string {
    return createHmac('sha256', this.codeKey).update(value).digest('base64url');
  }
}
