/** The connection and what it knows. */
import type { DataSource } from 'typeorm';
import * as agentChange from './entities/agent-change.js';
import * as application from './entities/application.js';
import * as audit from './entities/audit.js';
import * as bindings from './entities/bindings.js';
import * as calendar from './entities/calendar.js';
import * as dispatch from './entities/dispatch.js';
import * as finance from './entities/finance.js';
import * as invoices from './entities/invoices.js';
import * as issuance from './entities/issuance.js';
import * as messages from './entities/messages.js';
import * as money from './entities/money.js';
import * as objects from './entities/objects.js';
import * as people from './entities/people.js';
import * as queue from './entities/queue.js';
import * as review from './entities/review.js';
import * as statements from './entities/statements.js';
import * as unlock from './entities/unlock.js';
import { migrations } from './migrations/index.js';
import { PreparingClient } from './prepared-statements.js';
import { RowDataSource } from './row-by-columns.js';

export const entities = [
  agentChange,
  application,
  audit,
  bindings,
  calendar,
  dispatch,
  finance,
  invoices,
  issuance,
  messages,
  money,
  objects,
  people,
  queue,
  review,
  statements,
  unlock,
].flatMap((module) => Object.values(module) as (new () => object)[]);

export interface DatabaseSettings {
  url: string;
  /** Connections this process may hold; all processes together stay under Postgres's own limit. */
  poolSize?: number;
  applicationName: string;
}

/** A data source that never changes the schema by itself. Call `initialize()` before use. */
export function createDataSource({ url, poolSize = 10, applicationName }: DatabaseSettings): DataSource {
  return new RowDataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName,
    entities,
    migrations,
    synchronize: false,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    // A Postgres that is restarting answers again within seconds; do not wait for minutes on a dead socket.
    connectTimeoutMS: 10_000,
    extra: { idleTimeoutMillis: 30_000, Client: PreparingClient },
  });
}
