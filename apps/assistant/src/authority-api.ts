/** What the assistant asks of the authority, over its public API. */
export interface Challenge {
  applicationId: string;
  number: string;
  container: string;
  challengeId: string;
  text: string;
}

export interface IssuedPackage {
  container: string;
  signing: string;
  encryption: string;
  envelope: string;
  seal: string;
}

interface Proof {
  serial: string;
  challengeId: string;
  signature: string;
}

/** A refusal in the authority's own words. */
export class RefusedByAuthority extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    readonly remedy: string,
  ) {
    super(`${code}: ${title} ${remedy}`);
    this.name = 'RefusedByAuthority';
  }
}

const PATIENCE_MS = 60_000;

export class AuthorityApi {
  /** @param base e.g. `https://wt.example.cn` */
  constructor(private readonly base: string) {}

  installationChallenge = (serial: string) => this.post<Challenge>('installations/challenges', { serial });
  requestInstallation = (request: Proof & { certificationRequest: string }) => this.post<IssuedPackage>('installations/requests', request);
  confirmationChallenge = (serial: string) => this.post<Challenge>('installations/confirmation-challenges', { serial });
  /** @param request code and challenge; PIN and keys stay here */
  redeemUnlock = (request: { serial: string; code: string; challenge: string }) => this.post<{ answer: string }>('unlocks', request);
  confirmInstallation = (proof: Proof) => this.post<void>('installations/confirmations', proof);

  private async post<Answer>(path: string, body: object): Promise<Answer> {
    const response = await fetch(`${this.base}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}

function refusal(status: number, text: string): RefusedByAuthority {
  try {
    const { code, title, remedy } = JSON.parse(text) as Record<string, unknown>;
    return new RefusedByAuthority(String(code ?? status), String(title ?? ''), String(remedy ?? ''));
  } catch {
    return new RefusedByAuthority(String(status), '服务暂不可用 The service does not answer.', '请稍后重试 Try again later.');
  }
}
