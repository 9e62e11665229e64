import { readFileSync } from 'node:fs';
import { fingerprint } from '../known-hosts-file.ts';
import type { SshSettings } from '../settings.ts';
import { TestHosts } from './looks.ts';
import { TestPlace } from './place.ts';
import { newKey, type SshdOptions, TestSshd } from './sshd.ts';

/** Keys, an sshd that runs for all tests of a file, and those that one test starts. */
export class SshBed {
  readonly key: string;
  readonly otherKey: string;
  readonly hostKey: string;
  readonly sshd: TestSshd;
  hosts = new TestHosts();
  readonly #keys: TestPlace;
  readonly #started: { stop: () => Promise<unknown> }[] = [];

  private constructor(keys: TestPlace, sshd: TestSshd) {
    this.#keys = keys;
    this.key = keys.path('ours');
    this.otherKey = keys.path('theirs');
    this.hostKey = keys.path('host');
    this.sshd = sshd;
  }

  static async start(): Promise<SshBed> {
    const keys = new TestPlace();
    for (const name of ['ours', 'theirs', 'host']) newKey(keys, name);
    const options = { keys: [keys.path('ours')], hostKey: keys.path('host') };
    return new SshBed(keys, await TestSshd.start(keys, options));
  }

  /** One more sshd, until the end of the test. */
  async another(options: Partial<SshdOptions>): Promise<TestSshd> {
    const { key, hostKey } = this;
    const server = await TestSshd.start(this.#keys, { keys: [key], hostKey, ...options });
    this.untilEnd(server);
    return server;
  }

  untilEnd(server: { stop: () => Promise<unknown> }): void {
    this.#started.push(server);
  }

  to(server: { readonly port: number }, more: Partial<SshSettings> = {}): SshSettings {
    const { user } = this.sshd;
    const { port } = server;
    return { address: '127.0.0.1', port, user, identityFile: this.key, sudo: false, ...more };
  }

  /** `type base64` of a key, as it stands in known_hosts. */
  publicKey(file: string): string {
    return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  }

  printOf(file: string): string {
    return fingerprint(Buffer.from(this.publicKey(file).split(' ')[1] ?? '', 'base64'));
  }

  async endTest(): Promise<void> {
    await this.hosts.end();
    for (const each of this.#started.splice(0)) await each.stop();
    this.hosts = new TestHosts();
  }

  async end(): Promise<void> {
    await this.hosts.end();
    await this.sshd.stop();
    this.#keys.remove();
  }
}
