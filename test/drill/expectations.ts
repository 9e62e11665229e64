/** What each fault of the bed is, in the words of the checks: the yardstick of the drill. */

/** How the machines are looked at. `pct` goes through the hypervisor, past a broken uplink. */
export const ways = ['ssh', 'pct'] as const;
export type Way = (typeof ways)[number];

export interface Expectation {
  /** Name of the fault, as `npm run bed -- break` takes it. */
  readonly fault: string;
  /** What a person would call it, for the table. */
  readonly title: string;
  /** The check that must be the root, and what it must say at least. */
  readonly root: Readonly<Record<Way, Root>>;
  /** Seconds after which the right root must have been named. */
  readonly withinSeconds: number;
}

export interface Root {
  /** Any of these: `check subject`, where several say the same of one machine. */
  readonly names: readonly string[];
  /** The least certainty that counts as right. */
  readonly least: 'certain' | 'suspected';
}

const certain = (...names: readonly string[]): Root => ({ names, least: 'certain' });
const suspected = (...names: readonly string[]): Root => ({ names, least: 'suspected' });
const both = (root: Root): Readonly<Record<Way, Root>> => ({ ssh: root, pct: root });

/** A machine that does not answer over ssh: what is the matter with it cannot be seen from there. */
const silent = (name: string): Root =>
  suspected(`host/host-unreachable Host/${name}`, `node/lease-stale Node/${name}`);

export const expectations: readonly Expectation[] = [
  {
    fault: 'kmsg',
    title: 'container restarted, /dev/kmsg gone (I2)',
    root: both(certain('host/kmsg-missing Host/k3s2')),
    withinSeconds: 10,
  },
  {
    fault: 'rename',
    title: 'uplink down, renamed, up without its address (I1)',
    root: {
      ssh: silent('k3s3'),
      pct: certain('link/interface-renamed Link/k3s3/eth0'),
    },
    withinSeconds: 20,
  },
  {
    fault: 'unit-stopped',
    title: 'k3s unit stopped',
    root: both(certain('host/unit-stopped Host/k3s2')),
    withinSeconds: 10,
  },
  {
    fault: 'kubelet-killed',
    title: 'kubelet killed in a loop (I4)',
    root: both(certain('host/unit-failed Host/k3s2')),
    withinSeconds: 30,
  },
  {
    fault: 'frozen',
    title: 'container frozen',
    root: { ssh: silent('k3s2'), pct: certain('host/container-frozen Host/k3s2') },
    withinSeconds: 30,
  },
  {
    fault: 'stopped',
    title: 'container stopped',
    root: { ssh: silent('k3s2'), pct: certain('host/container-stopped Host/k3s2') },
    withinSeconds: 30,
  },
  {
    fault: 'cut',
    title: 'network cut both ways',
    root: { ssh: silent('k3s2'), pct: certain('link/link-down Link/k3s2/eth0') },
    withinSeconds: 30,
  },
  {
    fault: 'cut-one-way',
    title: 'network cut one way: node to API',
    root: both(suspected('host/api-path-cut Host/k3s2')),
    withinSeconds: 60,
  },
  {
    fault: 'disk-pod',
    title: 'disk filled by a pod',
    root: both(suspected('workload/disk-hog')),
    withinSeconds: 120,
  },
  {
    fault: 'disk-file',
    title: 'disk filled by a file',
    root: both(certain('host/disk-full Host/k3s2')),
    withinSeconds: 30,
  },
  {
    fault: 'certificate',
    title: 'agent certificate expired',
    root: both(certain('host/certs-expiring Host/k3s2')),
    withinSeconds: 30,
  },
  {
    fault: 'config',
    title: '/etc/rancher/k3s/config.yaml broken',
    root: both(certain('host/config-broken Host/k3s2')),
    withinSeconds: 30,
  },
  {
    fault: 'server-stopped',
    title: 'server stopped',
    root: both(certain('host/unit-stopped Host/k3s1')),
    withinSeconds: 30,
  },
];

/** Only in the full drill: they need a kubelet of their own. */
export const clockExpectations: readonly Expectation[] = [
  {
    fault: 'clock',
    title: "a kubelet's clock 10 min behind",
    root: both(suspected('host/clock-skew Host/k3s2')),
    withinSeconds: 120,
  },
  {
    fault: 'clock-minute',
    title: "a kubelet's clock 60 s ahead",
    root: both(suspected('host/clock-skew Host/k3s2')),
    withinSeconds: 120,
  },
];
