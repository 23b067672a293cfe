/** All migrations, oldest first. They only add; a name never changes once released. */
import { AccountBinding1764000000007 } from './account-binding-1764000000007.js';
import { AgentChange1764000000011 } from './agent-change-1764000000011.js';
import { AuditChainEnd1764000000005 } from './audit-chain-end-1764000000005.js';
import { AuditCheckpoints1764000000003 } from './audit-checkpoints-1764000000003.js';
import { BankStatements1764000000013 } from './bank-statements-1764000000013.js';
import { Businesses1764000000006 } from './businesses-1764000000006.js';
import { Finance1764000000015 } from './finance-1764000000015.js';
import { FourEyes1764000000023 } from './four-eyes-1764000000023.js';
import { Fridays1764000000016 } from './fridays-1764000000016.js';
import { GrantedReissue1764000000020 } from './granted-reissue-1764000000020.js';
import { Intake1764000000001 } from './intake-1764000000001.js';
import { Invoices1764000000017 } from './invoices-1764000000017.js';
import { LeanerLedgerGuards1764000000027 } from './leaner-ledger-guards-1764000000027.js';
import { LeftDraftsAndLateCases1764000000024 } from './left-drafts-and-late-cases-1764000000024.js';
import { Ledger1764000000014 } from './ledger-1764000000014.js';
import { MessageDelivery1764000000012 } from './message-delivery-1764000000012.js';
import { MoneyAndIssuance1764000000002 } from './money-and-issuance-1764000000002.js';
import { OcspResponder1764000000004 } from './ocsp-responder-1764000000004.js';
import { Queue1764000000010 } from './queue-1764000000010.js';
import { Refunds1764000000022 } from './refunds-1764000000022.js';
import { Reminders1764000000009 } from './reminders-1764000000009.js';
import { StatementsBySets1764000000018 } from './statements-by-sets-1764000000018.js';
import { TwoPersons1764000000025 } from './two-persons-1764000000025.js';
import { Unlock1764000000008 } from './unlock-1764000000008.js';
import { WindowAndMessages1764000000019 } from './window-and-messages-1764000000019.js';

export const migrations = [
  Intake1764000000001,
  MoneyAndIssuance1764000000002,
  AuditCheckpoints1764000000003,
  OcspResponder1764000000004,
  AuditChainEnd1764000000005,
  Businesses1764000000006,
  AccountBinding1764000000007,
  Unlock1764000000008,
  Reminders1764000000009,
  Queue1764000000010,
  AgentChange1764000000011,
  MessageDelivery1764000000012,
  BankStatements1764000000013,
  Ledger1764000000014,
  Finance1764000000015,
  Fridays1764000000016,
  Invoices1764000000017,
  StatementsBySets1764000000018,
  WindowAndMessages1764000000019,
  GrantedReissue1764000000020,
  Refunds1764000000022,
  FourEyes1764000000023,
  LeftDraftsAndLateCases1764000000024,
  TwoPersons1764000000025,
  LeanerLedgerGuards1764000000027,
];
