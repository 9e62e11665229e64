import type { Way, WayFailure } from '../../model/objects/host/reach.ts';

export interface HostFailureText {
  what: string;
  why: string;
  /** In place of `why` where the host is there all the same. */
  whyPresent?: string;
  next: string;
}

/**
 * What a person reads for each way that led nowhere.
 * Placeholders: {host} is the host as evenkeel.yaml calls it, {way} the way, {byHand} a command
 * that goes the same way.
 */
export const hostFailureTexts: Record<WayFailure, HostFailureText> = {
  refused: {
    what: '{host} refuses connections ({way})',
    why: 'The machine is up and nothing listens on that port: sshd is down, or the port is wrong.',
    next: "See it by hand with '{byHand}'; on the host's console: 'systemctl status ssh'.",
  },
  'timed-out': {
    what: '{host} did not answer in time ({way})',
    why: 'The machine hangs, is overloaded or off, or packets to it are dropped on the way.',
    whyPresent: 'It is there: its login shell hangs, or a disk that it needs, or it is overloaded.',
    next: "See how far it gets with '{byHand}'.",
  },
  unreachable: {
    what: '{host} cannot be reached ({way})',
    why: 'There is no route to it, or its machine is off the network.',
    next: "See it by hand with '{byHand}', then ask the neighbours: 'ip neigh show'.",
  },
  'unknown-host': {
    what: 'The address of {host} does not resolve ({way})',
    why: 'The name is misspelt in evenkeel.yaml, or the name server is wrong or does not answer.',
    next: "See it by hand with '{byHand}', or write the address itself into evenkeel.yaml.",
  },
  cut: {
    what: 'The connection to {host} was cut in the middle ({way})',
    why: 'The host, its sshd or the network between went away while it was answering.',
    next: "Run it again; if it happens again: '{byHand}'.",
  },
  'host-key-changed': {
    what: '{host} shows another host key than the one that is pinned ({way})',
    why: 'The host was installed anew, another machine has its address now, or somebody sits between us and it.',
    next: "Compare with the fingerprint on the host's console: 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'.",
  },
  denied: {
    what: '{host} does not let us in ({way})',
    why: 'It does not know our key, the user is wrong, or no usable key was found here.',
    next: "See which keys are offered with '{byHand}', and which the agent holds with 'ssh-add -l'.",
  },
  'no-sudo': {
    what: 'We are not root on {host} and may not become it ({way})',
    why: "'sudo -n' asks for a password there, is not allowed for this user, or is not installed.",
    next: "See it by hand with '{byHand}'; or allow it in sudoers, log in as root, or set 'sudo: false' to look without.",
  },
  'output-too-large': {
    what: '{host} sent more than a look may have ({way})',
    why: "A shell's start-up file, or a program there, prints without end.",
    next: "See what it prints with '{byHand} | head -c 1000'.",
  },
  malformed: {
    what: 'What {host} sent is not the answer to what was asked ({way})',
    why: 'The login shell is no POSIX shell, ends at once, or something else answers in its place.',
    next: "See what it prints with '{byHand}'.",
  },
  'container-stopped': {
    what: '{host} does not run: its hypervisor says so ({way})',
    why: 'The container was stopped, or it ended by itself.',
    next: "See its state with '{byHand}'.",
  },
  'container-frozen': {
    what: '{host} is frozen: its hypervisor says so ({way})',
    why: 'The container was frozen by hand or by a backup that never thawed it.',
    next: "See its state with '{byHand}'.",
  },
  'no-such-container': {
    what: 'The hypervisor knows no container for {host} ({way})',
    why: 'Its number or name in evenkeel.yaml is wrong, or it was destroyed or moved to another hypervisor.',
    next: "See it by hand with '{byHand}'.",
  },
  'no-program': {
    what: 'A program that is needed to look at {host} is missing ({way})',
    why: 'It is not installed where it is needed, or not on the PATH there.',
    next: "See it by hand with '{byHand}'.",
  },
  through: {
    what: 'The way to {host} leads through another host, which does not answer ({way})',
    why: 'The hypervisor or jump host is down, cannot be reached, or does not let us in.',
    next: "See it by hand with '{byHand}'.",
  },
  cancelled: {
    what: 'Looking at {host} was stopped ({way})',
    why: 'The run was interrupted, or no longer needs it.',
    next: 'Run it again when you want the answer.',
  },
};

/** Why this usually happens, as far as the way had come. */
export function whyOf({ why, whyPresent }: HostFailureText, way: Way | undefined): string {
  return way?.present ? (whyPresent ?? why) : why;
}
