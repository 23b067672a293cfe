/** Somebody with a browser: speaks the public HTTP API, keeps the cookie, and tries again when the service asks for patience. */
import { randomUUID } from 'node:crypto';

export interface Answer {
  status: number;
  body: unknown;
}

export class RefusedError extends Error {
  constructor(
    readonly status: number,
    readonly problem: { code?: string; title?: string; titleEn?: string; errors?: { field: string; code: string }[] },
    readonly what: string,
  ) {
    super(
      `${what}: ${status} ${problem.code ?? ''} ${problem.titleEn ?? ''} ${(problem.errors ?? []).map((each) => `${each.field} ${each.code}`).join(', ')}`,
    );
    this.name = 'RefusedError';
  }
}

interface Request {
  json?: unknown;
  file?: Uint8Array;
  headers?: Record<string, string>;
}

/** How long somebody keeps trying while the service restarts or says "in a minute". */
const PATIENCE_MS = 90_000;

export class Person {
  private cookie: string | null = null;

  constructor(
    readonly base: string,
    private readonly address?: string,
  ) {}

  get = <T>(path: string) => this.json<T>('GET', path);
  post = <T = void>(path: string, json: unknown = {}, idempotencyKey?: string) =>
    this.json<T>('POST', path, { json, headers: idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {} });
  patch = <T>(path: string, json: unknown) => this.json<T>('PATCH', path, { json });
  put = <T>(path: string, json: unknown) => this.json<T>('PUT', path, { json });
  upload = <T>(path: string, file: Uint8Array) => this.json<T>('PUT', path, { file });
  key = () => randomUUID();

  async download(path: string): Promise<Buffer> {
    const response = await this.send('GET', path, {});
    if (!response.ok) throw await refused(response, `GET ${path}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** One attempt, whatever the answer: for looking at refusals. */
  async attempt(method: string, path: string, request: Request = {}): Promise<Answer & { headers: Headers }> {
    const response = await this.once(method, path, request);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : readJson(text) };
  }

  private async json<T>(method: string, path: string, request: Request = {}): Promise<T> {
    const response = await this.send(method, path, request);
    if (!response.ok) throw await refused(response, `${method} ${path}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async send(method: string, path: string, request: Request): Promise<Response> {
    const giveUp = Date.now() + PATIENCE_MS;
    for (;;) {
      const response = await this.once(method, path, request).catch((error: unknown) => {
        if (Date.now() > giveUp) throw error;
        return null;
      });
      if (response && (response.status !== 503 || Date.now() > giveUp)) return response;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  private async once(method: string, path: string, { json, file, headers }: Request): Promise<Response> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(file ? { 'Content-Type': 'application/octet-stream' } : {}),
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...(this.address ? { 'X-Forwarded-For': this.address } : {}),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      ...(file ? { body: new Blob([new Uint8Array(file)]) } : {}),
    });
    const given = response.headers.getSetCookie().find((each) => each.startsWith('xinyin_session='));
    if (given) this.cookie = given.split(';')[0] ?? null;
    return response;
  }
}

async function refused(response: Response, what: string): Promise<RefusedError> {
  const body = readJson(await response.text());
  return new RefusedError(response.status, body && typeof body === 'object' ? body : {}, what);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
