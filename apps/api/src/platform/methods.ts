/** RFC 9110, 15.5.6: a path that exists and is called with a method it does not take is told so, with those it does. */
import type { Request } from 'express';

export function methodsAt(request: Request): string[] {
  const { app } = request;
  const path = pathOf(request);
  const methods = app.router.stack.flatMap((layer) => (layer.route && matches(layer, path) ? methodsOf(layer.route) : []));
  return [...new Set(methods)].sort();
}

/** As it was called: inside a mounted router `request.path` is only what is left of it. */
export const pathOf = ({ originalUrl }: Request): string => originalUrl.split('?')[0] ?? '/';

/** A controller's route takes one method; a route for all of them is the one that says "not found". */
function methodsOf(route: object): string[] {
  const methods = Object.keys(('methods' in route ? route.methods : null) ?? {});
  return methods.length === 1 ? methods.map((method) => method.toUpperCase()) : [];
}

function matches(layer: object, path: string): boolean {
  try {
    return Boolean((layer as { match?: (path: string) => unknown }).match?.(path));
  } catch {
    // A path that cannot be decoded is no path of ours.
    return false;
  }
}
