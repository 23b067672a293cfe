/** A token as GM/T 0016 has it: PINs with their counts, containers, and keys that work inside and never come out. */
import type { KeyObject } from 'node:crypto';
import { XinyinError } from '#domain';
import {
  createCertificationRequest,
  exportPkcs8,
  exportSpki,
  generateSm2KeyPair,
  importPkcs8,
  importSpki,
  openEnvelopedKey,
  parseCertificate,
  sm2Decrypt,
  sm2Sign,
  toPem,
  type SubjectName,
} from '#pki';
import type { Container, KeyRole, KeySlot, TokenContent } from './content.js';
import { PinGuard } from './pin-guard.js';
import { open, seal } from './pin.js';
import type { TokenFile } from './token-file.js';

/** What anybody may see who holds the token. */
export interface TokenView {
  serialNumber: string;
  label: string;
  initialPin: boolean;
  pins: { user: { left: number; limit: number }; admin: { left: number; limit: number } };
  containers: { name: string; signing: KeyView; encryption: KeyView | null; hasSeal: boolean }[];
}

export interface KeyView {
  publicKey: string;
  certificate: string | null;
}

/** What the authority made for one container: certificates and seal as DER, the encryption key as SM2EnvelopedKey. */
export interface Issued {
  signing: Buffer;
  envelope: Buffer;
  encryption: Buffer;
  seal: Buffer;
}

interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

const CONTAINER_NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
/** The file area of a common token. */
const SEAL_ROOM_BYTES = 256 * 1024;

export class SoftwareToken {
  private readonly pins: PinGuard;
  #storageKey: Buffer | null = null;
  /** By their sealed form: a key that was replaced in the file is never served from memory. */
  readonly #opened = new Map<string, KeyObject>();

  constructor(private readonly file: TokenFile) {
    this.pins = new PinGuard(file);
  }

  get serialNumber(): string {
    return this.file.serialNumber;
  }

  get loggedIn(): boolean {
    return this.#storageKey !== null;
  }

  /** VerifyPIN. @throws XinyinError TOKEN_PIN_WRONG with `left`, TOKEN_PIN_LOCKED */
  login(pin: string): void {
    this.logout();
    this.#storageKey = this.pins.verify('user', pin);
  }

  logout(): void {
    this.#storageKey?.fill(0);
    this.#storageKey = null;
    this.#opened.clear();
  }

  /** ChangePIN. A wrong old PIN spends a try like any other. */
  changePin(oldPin: string, newPin: string): void {
    this.pins.change(oldPin, newPin);
  }

  /** UnblockPIN: gives the user a new PIN and a full count. A wrong administrator's PIN spends the administrator's count. */
  unblockPin(adminPin: string, newPin: string): void {
    this.pins.unblock(adminPin, newPin);
  }

  /** What the desk has to answer so that this token takes a new PIN without the administrator's. Good for one answer. @throws XinyinError TOKEN_UNBLOCK_UNSUPPORTED */
  unblockChallenge(): string {
    return this.pins.challenge();
  }

  /** Takes the desk's answer: a new PIN and a full count. @throws XinyinError TOKEN_ANSWER_WRONG for any answer but the one to the challenge that waits */
  unblockByAnswer(answer: string, newPin: string): void {
    this.pins.unblockByAnswer(answer, newPin);
  }

  /** Makes the container if there is none. A container has one signing pair for life, so asking again answers with the same. */
  generateSigningKey(container: string): KeyObject {
    if (!CONTAINER_NAME.test(container)) throw new XinyinError('INPUT_INVALID');
    const storageKey = this.requireLogin();
    return this.file.update((content) => {
      const known = findContainer(content, container);
      if (known) return importSpki(Buffer.from(known.signing.publicKey, 'base64'));
      const pair = generateSm2KeyPair();
      content.containers[container] = {
        signing: this.keySlot(storageKey, container, 'signing', pair),
        encryption: null,
        seal: null,
      };
      return pair.publicKey;
    });
  }

  /** PKCS#10, signed inside. */
  certificationRequest(container: string, subject: SubjectName): Buffer {
    const { signing } = this.container(container);
    const publicKey = importSpki(Buffer.from(signing.publicKey, 'base64'));
    return createCertificationRequest({ subject, publicKey, privateKey: this.privateKey(container, 'signing') });
  }

  /**
   * Takes all that was issued for a container at once: a token pulled out in the middle holds what it held before, not half of the new.
   * @throws XinyinError TOKEN_CONTENT when a part of it is not for this container
   */
  personalise(container: string, issued: Issued): void {
    const pair = this.openEnvelope(container, issued.envelope);
    this.change(container, (slots) => {
      putCertificate(slots, 'signing', issued.signing);
      this.putEncryptionKey(slots, container, pair);
      putCertificate(slots, 'encryption', issued.encryption);
      putSeal(slots, issued.seal);
    });
  }

  /**
   * Takes the encryption pair that the KMC made, opened with the signing key. Another pair than before drops the certificate of the old one.
   * @throws XinyinError TOKEN_CONTENT when the envelope is not for this container
   */
  importEncryptionKey(container: string, envelope: Buffer): void {
    const pair = this.openEnvelope(container, envelope);
    this.change(container, (slots) => this.putEncryptionKey(slots, container, pair));
  }

  /** @throws XinyinError TOKEN_CONTENT when the certificate names another key than the container holds */
  importCertificate(container: string, role: KeyRole, certificate: Buffer): void {
    this.requireLogin();
    this.change(container, (slots) => putCertificate(slots, role, certificate));
  }

  /** Replaces the seal of the container. */
  writeSeal(container: string, sealDer: Buffer): void {
    this.requireLogin();
    this.change(container, (slots) => putSeal(slots, sealDer));
  }

  /** Public: a seal is shown to everybody. @throws XinyinError NOT_FOUND */
  readSeal(container: string): Buffer {
    const { seal: found } = this.container(container);
    if (found === null) throw new XinyinError('NOT_FOUND');
    return Buffer.from(found, 'base64');
  }

  /** SM2 with SM3 over the message. */
  sign(container: string, message: Uint8Array): Buffer {
    return sm2Sign(this.privateKey(container, 'signing'), message);
  }

  /** Opens an SM2Cipher that was made for the encryption key. @throws XinyinError TOKEN_CONTENT */
  decrypt(container: string, cipher: Uint8Array): Buffer {
    const key = this.privateKey(container, 'encryption');
    return contentOrRefused(() => sm2Decrypt(key, cipher));
  }

  describe(): TokenView {
    const { serialNumber, label, initialPin, pins, containers } = this.file.read();
    const count = ({ left, limit }: { left: number; limit: number }) => ({ left, limit });
    return {
      serialNumber,
      label,
      initialPin,
      pins: { user: count(pins.user), admin: count(pins.admin) },
      containers: Object.entries(containers).map(([name, { signing, encryption, seal: found }]) => ({
        name,
        signing: keyView(signing),
        encryption: encryption && keyView(encryption),
        hasSeal: found !== null,
      })),
    };
  }

  private requireLogin(): Buffer {
    if (!this.#storageKey) throw new XinyinError('TOKEN_NOT_LOGGED_IN');
    return this.#storageKey;
  }

  private container(name: string): Container {
    return requireContainer(this.file.read(), name);
  }

  private change(name: string, change: (container: Container) => void): void {
    this.file.update((content) => change(requireContainer(content, name)));
  }

  private openEnvelope(container: string, envelope: Buffer) {
    const signingKey = this.privateKey(container, 'signing');
    return contentOrRefused(() => openEnvelopedKey(envelope, signingKey));
  }

  private putEncryptionKey(slots: Container, container: string, pair: KeyPair): void {
    if (slots.encryption?.publicKey === exportSpki(pair.publicKey).toString('base64')) return;
    slots.encryption = this.keySlot(this.requireLogin(), container, 'encryption', pair);
  }

  private keySlot(storageKey: Buffer, container: string, role: KeyRole, pair: KeyPair): KeySlot {
    return {
      publicKey: exportSpki(pair.publicKey).toString('base64'),
      sealed: seal(storageKey, exportPkcs8(pair.privateKey), this.keyContext(container, role)),
      certificate: null,
    };
  }

  private privateKey(container: string, role: KeyRole): KeyObject {
    const storageKey = this.requireLogin();
    const slot = this.container(container)[role];
    if (!slot) throw new XinyinError('TOKEN_CONTENT');
    const known = this.#opened.get(slot.sealed);
    if (known) return known;
    const pkcs8 = open(storageKey, slot.sealed, this.keyContext(container, role));
    if (!pkcs8) throw new XinyinError('TOKEN_CONTENT');
    const key = importPkcs8(pkcs8);
    pkcs8.fill(0);
    this.#opened.set(slot.sealed, key);
    return key;
  }

  private keyContext(container: string, role: KeyRole): string {
    return `${this.serialNumber}/container/${container}/${role}`;
  }
}

function putCertificate(slots: Container, role: KeyRole, certificate: Buffer): void {
  const named = contentOrRefused(() => exportSpki(parseCertificate(certificate).publicKey)).toString('base64');
  const slot = slots[role];
  if (!slot || slot.publicKey !== named) throw new XinyinError('TOKEN_CONTENT');
  slot.certificate = certificate.toString('base64');
}

function putSeal(slots: Container, sealDer: Buffer): void {
  if (sealDer.length === 0 || sealDer.length > SEAL_ROOM_BYTES) throw new XinyinError('TOKEN_CONTENT');
  slots.seal = sealDer.toString('base64');
}

function findContainer(content: TokenContent, name: string): Container | null {
  // `constructor` is a property of every object, not a container of every token.
  return Object.hasOwn(content.containers, name) ? (content.containers[name] ?? null) : null;
}

function requireContainer(content: TokenContent, name: string): Container {
  const container = findContainer(content, name);
  if (!container) throw new XinyinError('NOT_FOUND');
  return container;
}

function keyView({ publicKey, certificate }: KeySlot): KeyView {
  const pem = (label: 'PUBLIC KEY' | 'CERTIFICATE', base64: string) => toPem(label, Buffer.from(base64, 'base64'));
  return { publicKey: pem('PUBLIC KEY', publicKey), certificate: certificate === null ? null : pem('CERTIFICATE', certificate) };
}

/** What cannot be read is not what this token should hold; the cause stays inside, it may name a key. */
function contentOrRefused<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new XinyinError('TOKEN_CONTENT');
  }
}
