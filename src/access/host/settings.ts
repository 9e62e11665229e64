/**
 * How hosts are reached, as `evenkeel.yaml` says it (section `hosts`, checked in src/config).
 * What is absent has its default where it is used.
 */
export interface SshSettings {
  readonly address: string;
  /** 22, or what `~/.ssh/config` says. */
  readonly port?: number | undefined;
  /** Ours on this machine, or what `~/.ssh/config` says. */
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  /** The name of another host. */
  readonly jump?: string | undefined;
  /** Become root there; by default we do. */
  readonly sudo?: boolean | undefined;
  /** Ours, or the machine's `ssh`; by default ours where it can do what `~/.ssh/config` asks for. */
  readonly client?: 'builtin' | 'system' | undefined;
}

export interface HostSettings {
  readonly name: string;
  /** Of the Kubernetes node. */
  readonly node?: string | undefined;
  readonly ssh?: SshSettings | undefined;
  readonly pct?: { readonly host: string; readonly id: number } | undefined;
  readonly lxc?:
    | {
        readonly name: string;
        readonly path?: string | undefined;
        /** The name of another host; this machine when absent. */
        readonly host?: string | undefined;
      }
    | undefined;
  readonly local?: { readonly sudo: boolean } | undefined;
  /** The name of the host that it is a guest of. */
  readonly hypervisor?: string | undefined;
  /** What several hosts share. */
  readonly switch?: string | undefined;
  /** May be off. */
  readonly optional: boolean;
  /** The interface to the network; what was recorded when absent. */
  readonly uplink?: string | undefined;
  /** HAProxy's statistics, to be asked for on this very host. */
  readonly haproxy?: { readonly socket: string } | { readonly url: string } | undefined;
}
