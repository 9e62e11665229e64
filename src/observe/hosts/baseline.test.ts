import { describe, expect, it } from 'vitest';
import { host, known, silentHost } from '../../../test/support/hosts.ts';
import type { Host } from '../../model/objects/host/host.ts';
import type { Interface } from '../../model/objects/host/net.ts';
import { baselineOf, packBaselines, unpackBaselines } from './baseline.ts';

const at = host('x').reach.at;

const usual = host('x').interfaces;
const eth0 = (usual.state === 'known' ? usual.value[0] : undefined) as Interface;

const usbLink: Interface = {
  ...eth0,
  name: 'enx001122334455',
  index: 3,
  bus: 'usb',
  busPath: '2-1.4:1.0',
  driver: 'r8152',
  speedMbps: 2500,
};
const usbDevice = {
  path: '2-1.4',
  id: '0bda:8156',
  speedMbps: 5000,
  capableMbps: 5000,
  interfaces: [],
};

function recorded(one: Host): unknown {
  const found = baselineOf(one, at);
  return 'baseline' in found ? found.baseline : found.refused;
}

const on = (link: Interface): Partial<Host> => ({
  interfaces: known([link]),
  addresses: known([
    { interface: link.name, address: '192.0.2.11', prefix: 24, family: 'inet', scope: 'global' },
  ]),
  routes: known([
    { destination: 'default', gateway: '192.0.2.1', interface: link.name, family: 'inet' },
  ]),
});

describe('baselineOf', () => {
  it('tells the uplink by everything that it is known by', () => {
    expect(recorded(host('k3s1', { ...on(usbLink), usb: known([usbDevice]) }))).toEqual({
      recordedAt: at,
      uplink: {
        name: 'enx001122334455',
        index: 3,
        mac: '02:00:00:00:00:11',
        busPath: '2-1.4:1.0',
        speedMbps: 2500,
        usbSpeedMbps: 5000,
        bootId: 'boot-k3s1',
      },
      address: '192.0.2.11',
      kubeletRoot: '/var/lib/kubelet',
      defaultRoute: true,
    });
  });

  it('of a bridge is its one adapter', () => {
    const port = { ...usbLink, master: 'vmbr0' };
    const tap = { ...eth0, name: 'veth101i0', index: 9, master: 'vmbr0' };
    const bridge = { ...eth0, name: 'vmbr0', index: 4, kind: 'bridge' };
    const one = host('pve', { ...on(bridge), interfaces: known([port, tap, bridge]) });
    expect(recorded(one)).toMatchObject({
      uplink: { name: 'enx001122334455' },
      address: '192.0.2.11',
      defaultRoute: true,
    });
  });

  it('believes a declaration, and the address where no route leads out', () => {
    const other = { ...eth0, name: 'eth1', index: 5 };
    const one = host('k3s1', { ...on(other), routes: known([]) });
    expect(recorded(one)).toMatchObject({ uplink: { name: 'eth1' }, defaultRoute: false });
    const declared = { addresses: [], uplink: 'eth9' };
    expect(recorded(host('k3s1', { declared }))).toBe('there is no eth9, its declared uplink');
  });

  it.each([
    [silentHost('k3s1', 'timed-out', 'no answer'), 'it did not answer: no answer'],
    [host('k3s1', on({ ...eth0, operstate: 'down' })), 'eth0 has no link'],
    [host('k3s1', on({ ...eth0, carrier: false })), 'eth0 has no link'],
    [host('k3s1', on({ ...eth0, adminUp: false })), 'eth0 is switched off'],
    [host('k3s1', on({ ...eth0, duplex: 'half' })), 'eth0 runs at half duplex'],
    [host('k3s1', { ...on(eth0), addresses: known([]) }), 'eth0 has no address'],
    [
      host('k3s1', { ...on(usbLink), usb: known([{ ...usbDevice, speedMbps: 480 }]) }),
      'enx001122334455 runs at 480 Mbit/s of USB, and could at 5000',
    ],
    [
      host('k3s1', { interfaces: { state: 'unknown', reason: 'timed-out', detail: 'no' } }),
      'its interfaces were not seen',
    ],
    [
      host('k3s1', { addresses: known([]), routes: known([]) }),
      'no interface carries its default route or its address',
    ],
  ])('refuses what is not well', (one, why) => {
    expect(recorded(one)).toBe(why);
  });

  it('refuses an adapter that the kernel complained about within the hour', () => {
    const complaint = (ago: number): Host => {
      const record = {
        class: 'transmit-timeout',
        at: at - ago,
        usb: '2-1.4',
        count: 1,
        text: 'Tx timeout',
      } as const;
      const kernel = known({ source: 'kmsg' as const, records: [record], read: 1, shared: true });
      return host('k3s1', { ...on(usbLink), usb: known([usbDevice]), kernel });
    };
    expect(recorded(complaint(60_000))).toMatch(/^the kernel complained about enx001122334455/);
    expect(recorded(complaint(7_200_000))).toMatchObject({ uplink: { name: 'enx001122334455' } });
  });
});

describe('the file', () => {
  const found = baselineOf(host('k3s1'), at);
  const baseline = 'baseline' in found ? found.baseline : { recordedAt: 0 };

  it('holds what was put into it, in order', () => {
    const text = packBaselines(
      new Map([
        ['b', baseline],
        ['a', baseline],
      ]),
    );
    const unpacked = unpackBaselines(text);
    expect('baselines' in unpacked ? [...unpacked.baselines] : unpacked).toEqual([
      ['a', baseline],
      ['b', baseline],
    ]);
  });

  it.each([
    ['no json', 'it is no JSON'],
    ['[]', /^the whole: /],
    ['{"schema":"evenkeel/hosts-baseline/v9","hosts":{}}', /^schema: /],
    ['{"schema":"evenkeel/hosts-baseline/v1","hosts":{},"more":1}', /more/],
    [
      '{"schema":"evenkeel/hosts-baseline/v1","hosts":{"a":{"recordedAt":"x"}}}',
      /^hosts\.a\.recordedAt: /,
    ],
    [
      '{"schema":"evenkeel/hosts-baseline/v1","hosts":{"a":{"recordedAt":1,"uplinc":{}}}}',
      /uplinc/,
    ],
    [
      '{"schema":"evenkeel/hosts-baseline/v1","hosts":{"a":{"recordedAt":1,"uplink":{"name":"e","index":1,"x":1}}}}',
      /"x"/,
    ],
  ])('refuses %s', (text, problem) => {
    const unpacked = unpackBaselines(text);
    expect('problem' in unpacked ? unpacked.problem : 'taken').toMatch(problem);
  });
});
