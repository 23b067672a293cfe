/** Time of each request by route pattern, method and status. */
import type { Metrics } from '#observability';
import type { NextFunction, Request, Response } from 'express';

export function measureRequests(metrics: Metrics) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const stop = metrics.requests.startTimer({ method: request.method });
    response.on('finish', () => {
      const route: unknown = (request as { route?: { path?: unknown } }).route?.path;
      stop({ route: typeof route === 'string' ? route : 'unmatched', status: String(response.statusCode) });
    });
    next();
  };
}
