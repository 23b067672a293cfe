import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { Allow } from '../platform/access.js';
import { Documented, Input } from '../platform/input.js';
import { InstallationsService } from './installations.service.js';

const serial = z.strictObject({ serial: z.string().max(80) });
const proof = { challengeId: z.string().max(60), signature: z.string().max(400) };
const request = z.strictObject({ ...proof, serial: z.string().max(80), certificationRequest: z.string().max(8000) });
const confirmation = z.strictObject({ ...proof, serial: z.string().max(80) });
const challengeView = z.object({
  applicationId: z.string(),
  number: z.string(),
  container: z.string(),
  challengeId: z.string(),
  serial: z.string(),
  text: z.string(),
  expiresAt: z.string(),
});
const packageView = z.object({
  container: z.string(),
  signing: z.string(),
  encryption: z.string(),
  envelope: z.string(),
  seal: z.string(),
});

/**
 * For the assistant, which has a token and no session: whoever holds the key of the old certificate brings the request for the new one.
 * All bytes are DER in base64.
 */
@ApiTags('installations')
@Controller('installations')
@Allow('anybody')
export class InstallationsController {
  constructor(private readonly installations: InstallationsService) {}

  /** The renewal that waits for the token of this certificate, and a text for the old key to sign. */
  @Post('challenges')
  @Documented({ takes: serial, answers: challengeView, status: 201 })
  challenge(@Input(serial) input: z.infer<typeof serial>, @Req() received: Request) {
    return this.installations.challenge(input.serial, received.ip ?? '');
  }

  /** Answers what was issued; asked again, by the same key for the same request, it answers the same. */
  @Post('requests')
  @HttpCode(200)
  @Documented({ takes: request, answers: packageView })
  request(@Input(request) input: z.infer<typeof request>) {
    return this.installations.request(input);
  }

  /** A text for the new key to sign, once everything is on the token. */
  @Post('confirmation-challenges')
  @Documented({ takes: serial, answers: challengeView, status: 201 })
  confirmationChallenge(@Input(serial) input: z.infer<typeof serial>, @Req() received: Request) {
    return this.installations.confirmationChallenge(input.serial, received.ip ?? '');
  }

  /** The new key has signed: it is on the token, and the old pair may go. Told again, it answers the same. */
  @Post('confirmations')
  @HttpCode(204)
  @Documented({ takes: confirmation, status: 204 })
  confirm(@Input(confirmation) input: z.infer<typeof confirmation>) {
    return this.installations.confirm(input);
  }
}
