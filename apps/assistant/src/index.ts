/**
 * 证书助手, the holder's side: finds the tokens that are inserted, signs what the authority asks, installs what was issued, unlocks.
 * Promises: keys and PIN never leave this machine; an installation that broke off is taken up where it stopped; the old certificates stay
 * on the token, so that what was encrypted for them can still be read.
 */
import { fromPem, parseCertificate } from '#pki/public';
import { checkNewPin, openTokenDrawer, type SoftwareToken, type TokenDrawer } from '#token';
import { AuthorityApi, type Challenge } from './authority-api.js';

export { AuthorityApi, RefusedByAuthority } from './authority-api.js';

/** A certificate on an inserted token. */
export interface HeldCertificate {
  tokenNumber: string;
  container: string;
  serial: string;
  organisation: string;
  notBefore: Date;
  notAfter: Date;
}

export type InstallStep = 'proving' | 'issuing' | 'writing' | 'confirming' | 'done';

export class Assistant {
  private readonly drawer: TokenDrawer;

  /** @param folder where the tokens are: on a machine with USB keys their slots, here files */
  constructor(
    folder: string,
    private readonly api: AuthorityApi,
  ) {
    this.drawer = openTokenDrawer(folder);
  }

  /** Every certificate on every token, the one that ends last first. Needs no PIN. */
  certificates(): HeldCertificate[] {
    const held = this.drawer.serialNumbers().flatMap((serialNumber) => {
      const { containers } = this.drawer.insert(serialNumber).describe();
      return containers.flatMap(({ name, signing }) => {
        if (signing.certificate === null) return [];
        const { serial, subject, notBefore, notAfter } = parseCertificate(fromPem('CERTIFICATE', signing.certificate));
        return [{ tokenNumber: serialNumber, container: name, serial, organisation: subject.commonName ?? '', notBefore, notAfter }];
      });
    });
    return held.sort((one, other) => other.notAfter.getTime() - one.notAfter.getTime());
  }

  /** Signs the text of a challenge with the key of that certificate. Answers base64. @throws XinyinError NOT_FOUND, TOKEN_PIN_WRONG, TOKEN_PIN_LOCKED */
  sign(serial: string, text: string, pin: string): string {
    const { token, container } = this.open(serial, pin);
    try {
      return token.sign(container, Buffer.from(text, 'utf8')).toString('base64');
    } finally {
      token.logout();
    }
  }

  /** Installs the renewal that waits for this certificate's token. Asked again after a break, it goes on. Answers the new serial number. */
  async install(serial: string, pin: string, tell: (step: InstallStep) => void = () => undefined): Promise<string> {
    const { token, container } = this.open(serial, pin);
    try {
      tell('proving');
      const challenge = await this.api.installationChallenge(serial);
      const request = this.request(token, challenge);
      const proof = { challengeId: challenge.challengeId, signature: signature(token, container, challenge.text) };
      tell('issuing');
      const issued = await this.api.requestInstallation({ serial, certificationRequest: request.toString('base64'), ...proof });
      tell('writing');
      token.personalise(issued.container, {
        signing: bytes(issued.signing),
        envelope: bytes(issued.envelope),
        encryption: bytes(issued.encryption),
        seal: bytes(issued.seal),
      });
      tell('confirming');
      const installed = parseCertificate(bytes(issued.signing)).serial;
      const last = await this.api.confirmationChallenge(installed);
      await this.api.confirmInstallation({
        serial: installed,
        challengeId: last.challengeId,
        signature: signature(token, issued.container, last.text),
      });
      tell('done');
      return installed;
    } finally {
      token.logout();
    }
  }

  /**
   * Unlocks the token of this certificate with the code that customer service had sent to the registered phone, and sets a new PIN.
   * Asked again after a break, it goes on: the same code still answers what the token asked.
   * @throws XinyinError TOKEN_UNBLOCK_UNSUPPORTED, TOKEN_ANSWER_WRONG, INPUT_INVALID for the new PIN; RefusedByAuthority
   */
  async unlock(serial: string, code: string, newPin: string): Promise<void> {
    // Before the code is used: it is good once.
    checkNewPin(newPin);
    const { token } = this.insert(serial);
    const { answer } = await this.api.redeemUnlock({ serial, code, challenge: token.unblockChallenge() });
    token.unblockByAnswer(answer, newPin);
  }

  /** The container keeps its key for life, so that a request made again is for the same key. */
  private request(token: SoftwareToken, { container }: Challenge): Buffer {
    token.generateSigningKey(container);
    const { label } = token.describe();
    return token.certificationRequest(container, { organisation: label, commonName: label });
  }

  private open(serial: string, pin: string) {
    const { token, container } = this.insert(serial);
    token.login(pin);
    return { token, container };
  }

  private insert(serial: string) {
    const found = this.certificates().find((each) => each.serial === serial);
    if (!found) throw new CertificateAbsent(serial);
    return { token: this.drawer.insert(found.tokenNumber), container: found.container };
  }
}

/** 未检测到证书: no token that is inserted holds the certificate. */
export class CertificateAbsent extends Error {
  constructor(serial: string) {
    super(`no inserted token holds the certificate ${serial}`);
    this.name = 'CertificateAbsent';
  }
}

const bytes = (base64: string) => Buffer.from(base64, 'base64');
const signature = (token: SoftwareToken, container: string, text: string) =>
  token.sign(container, Buffer.from(text, 'utf8')).toString('base64');
