/** The codec server of the Temporal UI: shows histories in plain text to staff who are logged in. */
import { XinyinError } from '#domain';
import { fromWire, payloadCodec, toWire, type WirePayload } from '#temporal';
import { Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Input } from '../platform/input.js';
import { LOGIN_PAGE, LOGIN_SCRIPT } from './login-page.js';

const payload = z.looseObject({ metadata: z.record(z.string(), z.string()).optional(), data: z.string().optional() });
/** The command line has what is nothing encoded too, and then leaves the list out. */
const payloads = z.strictObject({ payloads: z.array(payload).max(1000).default([]) });
type Payloads = z.infer<typeof payloads>;

@ApiExcludeController()
@Controller('codec')
export class CodecController {
  constructor(private readonly context: ApiContext) {}

  /** Payloads as JSON with bytes in base64, as the UI sends them. */
  @Post('decode')
  @HttpCode(200)
  @Allow('history.read')
  async decode(@Input(payloads) input: Payloads): Promise<{ payloads: WirePayload[] }> {
    const plain = await this.codec.decode(input.payloads.map(fromWire));
    return { payloads: plain.map(toWire) };
  }

  @Post('encode')
  @HttpCode(200)
  @Allow('history.read')
  async encode(@Input(payloads) input: Payloads): Promise<{ payloads: WirePayload[] }> {
    const sealed = await this.codec.encode(input.payloads.map(fromWire));
    return { payloads: sealed.map(toWire) };
  }

  /** Where an operator logs in before looking at histories. */
  @Get('login')
  @Allow('anybody')
  login(@Res() response: Response) {
    response.type('html').send(LOGIN_PAGE);
  }

  @Get('login.js')
  @Allow('anybody')
  script(@Res() response: Response) {
    response.type('text/javascript').send(LOGIN_SCRIPT);
  }

  private get codec() {
    const { payloadKey } = this.context.settings.temporal;
    if (!payloadKey) throw new XinyinError('NOT_FOUND');
    return payloadCodec(payloadKey);
  }
}
