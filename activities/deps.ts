/** What activities are given. Each worker gets only what its queues need: the authority goes to `pki`, the drawer to `station`. */
import type { OfficeCalendar } from '#domain';
import type { Documents } from '#documents';
import type { Gateways } from '#gateways';
import type { CheckpointCopy, ObjectStore } from '#persistence';
import type { Authority } from '#pki';
import type { TokenDrawer } from '#token';
import type { DataSource } from 'typeorm';

export interface RecordDeps {
  data: DataSource;
  now: () => Date;
  /** What is published; `officeCalendar` lays over it what supervisors have set. */
  holidays: OfficeCalendar;
}
export interface BusinessDeps extends RecordDeps {
  gateways: Gateways;
  /** Where statement files lie. */
  objects: ObjectStore;
  /** Our own, as they are printed: a statement of another account is refused. */
  ownAccounts: readonly string[];
  /** Keys the codes and links sent to agents. */
  codeKey: Buffer;
  /** Whether this is a demonstration, where a letter may have been completed on a day that is over. */
  demo: boolean;
  /** Where such links lead: the address of the API. */
  apiUrl: string;
}
export interface DocumentDeps extends RecordDeps {
  gateways: Gateways;
  documents: Pick<Documents, 'tokenLabel' | 'dispatchList' | 'pickList' | 'applicationForm' | 'receipt' | 'reconciliation'>;
  objects: ObjectStore;
}
export interface PkiDeps extends RecordDeps {
  authority: Authority;
  /** Where checkpoints of the audit are copied to. */
  checkpoints: CheckpointCopy;
  /** Whether this is a demonstration, where a certificate may be given another end than its rule says. */
  demo: boolean;
  /** Keys the codes on requests of OCSP responders. */
  ocspSecret: string;
}
export interface StationDeps extends RecordDeps {
  drawer: TokenDrawer;
}
