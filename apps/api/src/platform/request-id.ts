/** Every answer carries an id that finds its log lines. Ids from outside are not taken over: they could be anything. */
import { v7 as uuidv7 } from 'uuid';
import type { NextFunction, Request, Response } from 'express';

export function giveRequestId(_request: Request, response: Response, next: NextFunction): void {
  response.locals['requestId'] = uuidv7();
  response.setHeader('X-Request-Id', requestId(response));
  next();
}

export const requestId = (response: Response): string => String(response.locals['requestId'] ?? '');
