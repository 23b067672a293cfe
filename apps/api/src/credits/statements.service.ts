import { describeError, entryReason, fieldError, statementRules, XinyinError, type EntryStanding } from '#domain';
import { BankCredit, BankStatement, BankStatementEntry, receiveStatement } from '#persistence';
import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { CaseStarter } from '../cases/case-starter.js';
import { ApiContext } from '../platform/context.js';
import type { entryView, statementView } from './statements.schema.js';

const LISTED = 100;

@Injectable()
export class StatementsService {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
  ) {}

  /** Keeps the file and promises to take it; what is in it is read by the worker, where a file that is too much takes no session with it. */
  async receive(staffId: string, file: Buffer): Promise<z.infer<typeof statementView>> {
    const { data, objects, now, log } = this.context;
    if (file.length === 0) throw fieldError('file', 'FILE_EMPTY');
    const sha256 = await objects.put(file);
    const statement = await data.transaction((tx) => receiveStatement(tx, { sha256, now: now(), from: { source: 'upload', staffId } }));
    if (statement.state !== 'done')
      await this.starter
        .startStatement(statement)
        .catch((error: unknown) =>
          log.warn({ sha256, failure: error instanceof Error ? error.name : '' }, 'the sweep will start this statement'),
        );
    return this.view(statement);
  }

  async list(): Promise<z.infer<typeof statementView>[]> {
    const statements = await this.context.data.manager.find(BankStatement, { order: { receivedAt: 'DESC' }, take: LISTED });
    return Promise.all(statements.map((statement) => this.view(statement)));
  }

  async read(sha256: string): Promise<z.infer<typeof statementView>> {
    return this.view(await this.find(sha256));
  }

  async entries(sha256: string, after: number): Promise<z.infer<typeof entryView>[]> {
    await this.find(sha256);
    const { manager } = this.context.data;
    const entries = await manager.find(BankStatementEntry, {
      where: { statementSha256: sha256, position: MoreThan(after) },
      order: { position: 'ASC' },
      take: statementRules.entriesOfAPage,
    });
    const ids = entries.flatMap(({ creditId }) => (creditId === null ? [] : [creditId]));
    const credits = new Map((await manager.findBy(BankCredit, { id: In(ids) })).map((credit) => [credit.id, credit]));
    return entries.map((entry) => viewOf(entry, entry.creditId === null ? undefined : credits.get(entry.creditId)));
  }

  private async find(sha256: string): Promise<BankStatement> {
    const statement = /^[0-9a-f]{64}$/.test(sha256) ? await this.context.data.manager.findOneBy(BankStatement, { sha256 }) : null;
    if (!statement) throw new XinyinError('NOT_FOUND');
    return statement;
  }

  private async view(statement: BankStatement): Promise<z.infer<typeof statementView>> {
    const { sha256, source, format, receivedAt, state, entryCount, recordedCount, decidedCount, finishedAt, refusal } = statement;
    const added = await this.context.data.manager.countBy(BankStatementEntry, { statementSha256: sha256, outcome: 'added' });
    const counts = { entries: entryCount, recorded: recordedCount, decided: decidedCount, added };
    return {
      ...{ sha256, source, format, state, ...counts },
      receivedAt: receivedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      refusal: refusal && { place: refusal.place, ...wordsOf(refusal) },
    };
  }
}

function wordsOf({ code, params }: NonNullable<BankStatement['refusal']>) {
  const { zh, en } = describeError(code, params);
  return { code, zh, en };
}

function viewOf(entry: BankStatementEntry, credit: BankCredit | undefined): z.infer<typeof entryView> {
  const { position, place, identity, bankReference, bookedDay, valueDay, amountFen, payerName, creditId, refundId } = entry;
  const standing = standingOf(entry, credit);
  const linked = creditId !== null ? 'credit' : refundId !== null ? 'refund' : null;
  const reason = entryReason(standing, credit?.heldReason ?? null, linked);
  const facts = { position, place, amountFen, valueDay, creditId };
  return { ...facts, reference: bankReference ?? identity, day: bookedDay, payer: payerName, outcome: standing, reason };
}

function standingOf({ outcome, reversal, amountFen, refundId }: BankStatementEntry, credit: BankCredit | undefined): EntryStanding {
  if (outcome === null) return 'waiting';
  if (outcome !== 'added') return outcome;
  if (reversal) return 'reversal';
  if (refundId !== null) return 'refund';
  return amountFen < 0 ? 'debit' : (credit?.state ?? 'recorded');
}
