import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bootLog, podStart } from '../../test/support/ordinary-kernel-log.ts';
import { titled } from '../../test/support/titled.ts';
import { type Classified, classifyKernelLine, ordinaryClasses } from './kernel-lines.ts';
import type { KernelClass } from './objects/host/kernel.ts';

const said = (text: string): Classified | undefined => classifyKernelLine({ text });

const linesFile = join(import.meta.dirname, '../../../shared/kernel-lines.tsv');

/** What becomes of each class of the collected lines: one of ours, several, or nothing. */
const fates: { readonly [theirs: string]: readonly (KernelClass | undefined)[] } = {
  tx_error: ['transmit-error'],
  tx_timeout: ['transmit-timeout'],
  tx_hang: ['transmit-hang'],
  watchdog: ['watchdog'],
  reset: ['usb-reset'],
  reset_failed: ['usb-reset-failed'],
  enum_error: ['usb-enumeration-error'],
  port_error: ['usb-port-error'],
  reg_error: ['register-error'],
  intr_error: ['interrupt-error'],
  disconnect: ['usb-disconnect'],
  attach: ['usb-attach'],
  rename: ['rename'],
  link_up: ['link-up'],
  link_down: ['link-down'],
  speed: ['link-speed'],
  unregister: ['unregister'],
  power: ['usb-over-current', 'power'],
  // A port's configuration error is the port's, not the controller's.
  xhci: ['xhci-trouble', 'usb-port-error'],
  // A controller that answers late for one device is in trouble, and lives.
  xhci_dead: ['xhci-dead', 'xhci-trouble'],
  // While all is well, 30 times a second. The speed is worth keeping once.
  flood: [undefined, 'link-speed'],
  // A version, a firmware, an address, a module: nothing happened.
  probe: [undefined],
  firmware: [undefined],
  mac: [undefined],
  driver: [undefined],
  // Harmless by the word of the driver's maintainers.
  xhci_noise: [undefined],
  // What follows from a member's own link, which has a line of its own.
  bond: [undefined],
  bridge: [undefined],
};

/** Lines that no device is named in: all that may be left of a longer message. */
const withoutDevice = /^WARNING: /;

const noLines = existsSync(linesFile) ? '' : 'skipped: no ../shared';

describe.skipIf(noLines !== '')(titled('lines collected from the field', noLines), () => {
  const lines = (noLines === '' ? readFileSync(linesFile, 'utf8') : '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));

  test('there are 75 of them', () => {
    expect(lines).toHaveLength(75);
  });

  test.each(lines)('%s: %s', (theirs = '', text = '') => {
    const found = said(text);
    expect(fates[theirs]).toContain(found?.class);
    if (!found || withoutDevice.test(text)) return;
    // Whatever the line names, it is found under.
    const device = / (\d+-\d[\d.]*)(?::\d+\.\d+)?(?: \S+)?: /.exec(text)?.[1];
    if (device) expect(found.usb).toBe(device);
    const name = /\b(enx\w+|enp\w+|eno\d|eth\d)(?:: | \(r8152\)| NIC)/.exec(text)?.[1];
    if (name) expect(found.interface).toBe(name);
    expect(found.usb ?? found.interface ?? found.about).toBeDefined();
  });
});

describe('ordinary logs', () => {
  test('a machine that boots in good health has no record of trouble', () => {
    const found = bootLog.map((text) => ({ text, ...said(text) }));
    const trouble = found.filter((each) => each.class && !ordinaryClasses.includes(each.class));
    expect(trouble).toEqual([]);
  });

  test('what it tells is which devices came, and that their links came up', () => {
    const told = bootLog.flatMap((text) => said(text)?.class ?? []);
    expect([...new Set(told)].sort()).toEqual([...ordinaryClasses].sort());
  });

  test('a hundred pods start and end without one record', () => {
    const lines = Array.from({ length: 100 }, (_, n) => podStart(n)).flat();
    expect(lines.length).toBeGreaterThan(1000);
    expect(lines.filter((text) => said(text))).toEqual([]);
  });
});

describe('devices', () => {
  test.each<[string, Partial<Classified>]>([
    ['usb usb2-port3: unable to enumerate USB device', { usb: '2-3' }],
    ['usb 1-1.2.4-port3: cannot reset (err = -71)', { usb: '1-1.2.4.3' }],
    ['hub 1-1.2.4:1.0: hub_ext_port_status failed (err = -71)', { usb: '1-1.2.4' }],
    [
      'usb 2-1: new SuperSpeed Plus Gen 2x1 USB device number 9 using xhci_hcd',
      { speedMbps: 10_000 },
    ],
    ['usb 2-1: new SuperSpeed USB device number 9 using xhci_hcd', { speedMbps: 5000 }],
    ['usb 1-4: new high-speed USB device number 7 using xhci_hcd', { speedMbps: 480 }],
    ['virtio_net virtio0 ens3: renamed from eth0', { interface: 'ens3', from: 'eth0' }],
    [
      'igb 0000:01:00.0 eno1: igb: eno1 NIC Link is Up 1000 Mbps Full Duplex, Flow Control: RX/TX',
      { interface: 'eno1', speedMbps: 1000, about: '0000:01:00.0' },
    ],
    ['r8169 0000:02:00.0 eth0: Link is Up - 2.5Gbps/Full - flow control off', { speedMbps: 2500 }],
    ['tg3 0000:02:00.0 eth0: Link is up at 1000 Mbps, full duplex', { speedMbps: 1000 }],
    ['r8152 2-1:1.0 enx020000000011: carrier off', { class: 'link-down', usb: '2-1' }],
    ['r8152 2-1:1.0 enx020000000011: carrier on', { class: 'link-up', usb: '2-1' }],
    ['wan0: renamed from eth0 (while UP)', { class: 'rename', interface: 'wan0', from: 'eth0' }],
  ])('%s', (text, expected) => {
    expect(said(text)).toMatchObject(expected);
  });

  test('the continuation lines name the device where the text does not', () => {
    const text = 'NETDEV WATCHDOG: eth1 (r8152): transmit queue 0 timed out';
    expect(classifyKernelLine({ text, subsystem: 'usb', device: '+usb:2-1.4:1.0' })?.usb).toBe(
      '2-1.4',
    );
    expect(classifyKernelLine({ text, subsystem: 'net', device: 'n3' })?.usb).toBeUndefined();
  });
});

describe('the machine', () => {
  test.each<[string, KernelClass, string | undefined]>([
    [
      'Out of memory: Killed process 4242 (java) total-vm:9000000kB, anon-rss:7000000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:900kB oom_score_adj:900',
      'oom-kill',
      'java',
    ],
    [
      'Memory cgroup out of memory: Killed process 4243 (node) total-vm:900000kB, anon-rss:500000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:900kB oom_score_adj:900',
      'oom-kill',
      'node',
    ],
    [
      'Out of memory (oom_kill_allocating_task): Killed process 7 (tmux: server)',
      'oom-kill',
      'tmux: server',
    ],
    [
      'INFO: task kworker/u8:2:1234 blocked for more than 120 seconds.',
      'hung-task',
      'kworker/u8:2',
    ],
    ['INFO: task k3s-server:812 blocked for more than 241 seconds.', 'hung-task', 'k3s-server'],
    ['nfs: server 192.0.2.9 not responding, still trying', 'hung-task', '192.0.2.9'],
    [
      'I/O error, dev sda, sector 12345 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2',
      'io-error',
      'sda',
    ],
    ['blk_update_request: I/O error, dev nvme0n1, sector 12345', 'io-error', 'nvme0n1'],
    ['Buffer I/O error on dev sdb1, logical block 0, async page read', 'io-error', 'sdb1'],
    [
      'critical medium error, dev sdc, sector 99 op 0x0:(READ) flags 0x0 phys_seg 1',
      'io-error',
      'sdc',
    ],
    [
      'EXT4-fs error (device dm-0): ext4_find_entry:1683: inode #2: comm k3s: reading directory lblock 0',
      'io-error',
      'dm-0',
    ],
    ['nvme nvme0: I/O 12 (Write) QID 3 timeout, aborting', 'io-error', 'nvme0'],
    ['EXT4-fs (sda1): Remounting filesystem read-only', 'read-only', 'sda1'],
    ['BTRFS info (device sda2: state EA): forced readonly', 'read-only', 'sda2'],
    ['XFS (dm-3): Filesystem has been shut down due to log error (0x2).', 'read-only', 'dm-3'],
    ['nf_conntrack: nf_conntrack: table full, dropping packet', 'conntrack-full', undefined],
    ['nf_conntrack: table full, dropping packet.', 'conntrack-full', undefined],
    [
      'EXT4-fs (sda1): Delayed block allocation failed for inode 7 at logical offset 0 with max blocks 4 with error 28',
      'disk-full',
      'sda1',
    ],
    [
      'device-mapper: thin: 253:4: switching pool to out-of-data-space (queue IO) mode',
      'disk-full',
      '253:4',
    ],
    ['overlayfs: failed to create whiteout: No space left on device', 'disk-full', undefined],
  ])('%s', (text, expected, about) => {
    expect(said(text)).toMatchObject({
      class: expected,
      ...(about === undefined ? {} : { about }),
    });
  });

  test.each([
    'blk_update_request: I/O error, dev fd0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
    'I/O error, dev sr0, sector 0 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2',
    'EXT4-fs (sda1): mounted filesystem with ordered data mode. Opts: errors=remount-ro. Quota mode: none.',
    'EXT4-fs (sda1): re-mounted 7d1522e1-9dfa-5edb-a43e-98e3a4d20250 ro. Quota mode: none.',
    'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=900',
  ])('not: %s', (text) => {
    expect(said(text)).toBeUndefined();
  });
});

describe('who wrote it', () => {
  const text = 'usb 2-1: USB disconnect, device number 2';

  test('the kernel is believed, a program is not', () => {
    expect(classifyKernelLine({ text, facility: 0 })?.class).toBe('usb-disconnect');
    expect(classifyKernelLine({ text, facility: 1 })).toBeUndefined();
    expect(classifyKernelLine({ text, facility: 3 })).toBeUndefined();
  });
});

describe('a line of 100,000 characters', () => {
  const length = 100_000;
  const long = (start: string, filler: string): string => start.padEnd(length, filler);
  const lines = [
    ...[' ', 'a', '-', '.', ':', '(', '1', 'a ', 'usb ', '1-1.', ': ', 'eth0: '].map((each) =>
      long('', each),
    ),
    long('usb 2-1', '.1'),
    long('usb 2-1: new ', 'x'),
    long('usb 2-1: new ', 'high-speed '),
    long('r8152 2-1:1.0 eth2: NETDEV WATCHDOG: ', 'CPU: 7: '),
    long('Out of memory', ' Killed process 1'),
    long('INFO: task ', 'a:1 '),
    long('INFO: task ', ':'),
    long('EXT4-fs (sda1): Delayed block allocation failed ', 'with error 2'),
    long('XFS (sda1): ', 'Shutting down '),
    long('WARNING: ', 'sch_generic.c:1 '),
    long('IPv6: ADDRCONF(NETDEV_CHANGE): en', 'x'),
    long('nfs: server ', 'x'),
  ];

  test.each(lines.map((line) => [line.slice(0, 48), line]))('%s…', (_, text) => {
    const started = performance.now();
    for (let n = 0; n < 100; n += 1) said(text);
    // A hundred times: a pattern that goes back and forth would need minutes for one.
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
