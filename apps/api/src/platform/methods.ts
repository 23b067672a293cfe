/** RFC 9110, 15.5.6: a path that exists and is called with a method it does not take is told so, with those it does. */
import type { Request } from 'express';

export function methodsAt({ app, path }: Request): string[] {
  const methods = app.router.stack.flatMap((layer) => (layer.route && matches(layer, path) ? methodsOf(layer.route) : []));
  return [...new Set(methods)].sort();
}

function methodsOf(route: object): string[] {
  const methods: unknown = 'methods' in route ? route.methods : {};
  return Object.keys(methods ?? {}).map((method) => method.toUpperCase());
}

function matches(layer: object, path: string): boolean {
  try {
    return 'match' in layer && typeof layer.match === 'function' && layer.match(path) === true;
  } catch {
    // A path that cannot be decoded is no path of ours.
    return false;
  }
}
