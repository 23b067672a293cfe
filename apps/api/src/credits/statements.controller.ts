import { fieldError, statementRules } from '#domain';
import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { fileOf } from '../drafts/drafts.controller.js';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Documented } from '../platform/input.js';
import { entryView, statementView } from './statements.schema.js';
import { StatementsService } from './statements.service.js';

/** Statement files that finance brings, how far each is, and what came of its entries. */
@ApiTags('credits')
@Controller('credits/statements')
export class StatementsController {
  constructor(private readonly statements: StatementsService) {}

  /** Takes a file: CSV, XLSX, camt.053 or MT940, told apart by content. Brought twice, it is one import; the answer says how far it is. */
  @Post()
  @HttpCode(202)
  @Allow('credits.import')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Documented({ answers: statementView, status: 202 })
  receive(@Caller() caller: Staff, @Req() request: Request): Promise<z.infer<typeof statementView>> {
    return this.statements.receive(caller.staffId, fileOf(request));
  }

  /** The last hundred, newest first. */
  @Get()
  @Allow('credits.read')
  @Documented({ answers: z.array(statementView) })
  list(): Promise<z.infer<typeof statementView>[]> {
    return this.statements.list();
  }

  @Get(':sha256')
  @Allow('credits.read')
  @Documented({ answers: statementView })
  read(@Param('sha256') sha256: string): Promise<z.infer<typeof statementView>> {
    return this.statements.read(sha256);
  }

  /** What came of each entry, a thousand a page, in the order of the file: those after the position given. */
  @Get(':sha256/entries')
  @Allow('credits.read')
  @ApiQuery({
    name: 'after',
    required: false,
    schema: { type: 'integer', minimum: 0 },
    description: `pages of ${statementRules.entriesOfAPage}`,
  })
  @Documented({ answers: z.array(entryView) })
  entries(@Param('sha256') sha256: string, @Query('after') after: unknown = '0'): Promise<z.infer<typeof entryView>[]> {
    if (typeof after !== 'string' || !/^\d{1,7}$/.test(after)) throw fieldError('after', 'FIELD_FORMAT');
    return this.statements.entries(sha256, Number(after));
  }
}
