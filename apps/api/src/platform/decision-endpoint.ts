/** The endpoint where a member of staff decides: answered once it took effect, under a key by which a request sent again is known. */
import { applyDecorators, HttpCode, Post } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { z } from 'zod';
import { Allow } from './access.js';
import { Documented } from './input.js';

export const Decision = (path: string, may: Parameters<typeof Allow>[0], takes?: z.ZodType): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(204),
    Allow(may),
    ApiHeader({ name: 'Idempotency-Key', required: true }),
    Documented({ ...(takes ? { takes } : {}), status: 204 }),
  );
