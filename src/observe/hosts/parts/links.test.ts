import { describe, expect, it } from 'vitest';
import { lxcAgent } from '../testing/lxc-agent.ts';
import { look, seen } from '../testing/seen.ts';

const net = '/sys/class/net';
const link = 'link' as const;

/** An adapter on USB, which `ip` of Debian 12 shows like this. */
const usbLinks = JSON.stringify([
  {
    ifindex: 1,
    ifname: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    mtu: 65536,
    operstate: 'UNKNOWN',
  },
  {},
  {
    ifindex: 3,
    ifname: 'enx001122334455',
    flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
    mtu: 1500,
    operstate: 'DOWN',
    master: 'vmbr0',
    address: '00:11:22:33:44:55',
    parentbus: 'usb',
    parentdev: '2-1.4:1.0',
  },
]);

describe('interfaces', () => {
  it('tells a container’s veth', async () => {
    const files = {
      [`${net}/eth0/speed`]: '10000\n',
      [`${net}/eth0/duplex`]: 'full\n',
      [`${net}/eth0/name_assign_type`]: '4\n',
    };
    const found = await seen('interfaces', lxcAgent({ files }));
    expect(found.find(({ name }) => name === 'eth0')).toEqual({
      name: 'eth0',
      index: 2,
      mac: '02:00:00:00:00:11',
      operstate: 'up',
      adminUp: true,
      carrier: true,
      speedMbps: 10_000,
      duplex: 'full',
      mtu: 1500,
      carrierChanges: 2,
      driver: 'veth',
      bus: 'virtual',
      kind: 'veth',
      nameAssignType: 4,
      statistics: {
        rxPackets: 100,
        txPackets: 200,
        rxErrors: 1,
        txErrors: 4,
        rxDropped: 2,
        txDropped: 5,
        rxMissed: 3,
      },
    });
  });

  it('tells where an adapter sits, and that it has no link', async () => {
    const host = lxcAgent({
      runs: { 'ip -j -d -s -s link show': usbLinks },
      stats: {
        [`${net}/enx001122334455`]: {
          type: link,
          target:
            '../../devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1.4/2-1.4:1.0/net/enx001122334455',
        },
        [`${net}/enx001122334455/device/driver`]: {
          type: link,
          target: '../../../../bus/usb/drivers/r8152',
        },
      },
      files: {
        [`${net}/enx001122334455/speed`]: '-1\n',
        [`${net}/enx001122334455/duplex`]: 'unknown\n',
      },
    });
    const found = await seen('interfaces', host);
    expect(found).toHaveLength(2);
    expect(found[1]).toMatchObject({
      bus: 'usb',
      busPath: '2-1.4:1.0',
      driver: 'r8152',
      master: 'vmbr0',
      operstate: 'down',
      adminUp: true,
      carrier: false,
    });
    expect(found[1]?.speedMbps).toBeUndefined();
    expect(found[1]?.duplex).toBeUndefined();
  });

  it.each([
    ['0000:03:00.0', 'pci'],
    ['virtio2', 'virtio'],
    ['fd580000.ethernet', 'platform'],
  ])('knows the bus of %s', async (device, bus) => {
    const stats = { [`${net}/eth0`]: { type: link, target: `../../devices/x/${device}/net/eth0` } };
    const found = await seen('interfaces', lxcAgent({ stats }));
    expect(found[1]).toMatchObject({ bus, busPath: device });
  });

  it('reads /sys where there is no ip', async () => {
    const eth0 = {
      ifindex: '2',
      address: '02:00:00:00:00:11',
      operstate: 'up',
      flags: '0x1003',
      carrier: '1',
      mtu: '1500',
      carrier_changes: '2',
      uevent: 'INTERFACE=eth0\nIFINDEX=2',
      'statistics/rx_packets': '100',
      'statistics/tx_errors': '4',
    };
    const files = Object.fromEntries(
      Object.entries(eth0).map(([name, text]) => [`${net}/eth0/${name}`, `${text}\n`]),
    );
    const runs = { 'ip -j -d -s -s link show': 'no-program' as const };
    const [found] = await seen('interfaces', lxcAgent({ files, runs }));
    expect(found).toMatchObject({
      name: 'eth0',
      index: 2,
      adminUp: true,
      carrier: true,
      carrierChanges: 2,
      statistics: { rxPackets: 100, txErrors: 4, rxErrors: 0 },
    });
    const nothing = await look(lxcAgent({ runs }));
    expect(nothing.interfaces).toMatchObject({ state: 'unknown', reason: 'no-answer' });
  });
});

describe('addresses and routes', () => {
  const withoutIp = {
    'ip -j addr show': 'no-program',
    'ip -j route show': 'no-program',
    'ip -j -6 route show': 'no-program',
  } as const;
  const route = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;

  it('are read from ip', async () => {
    const host = lxcAgent();
    expect(await seen('addresses', host)).toEqual([
      {
        interface: 'eth0',
        address: '192.0.2.11',
        prefix: 24,
        family: 'inet',
        scope: 'global',
        dynamic: true,
      },
    ]);
    expect(await seen('routes', host)).toEqual([
      {
        destination: 'default',
        gateway: '192.0.2.1',
        interface: 'eth0',
        protocol: 'dhcp',
        family: 'inet',
      },
      { destination: '192.0.2.0/24', interface: 'eth0', source: '192.0.2.11', family: 'inet' },
    ]);
  });

  it('leave out routes that are dead, and tell each hop of several', async () => {
    const said = JSON.stringify([
      { dst: '198.51.100.0/24', dev: 'eth1', flags: ['dead', 'linkdown'] },
      { dst: '203.0.113.0/24', type: 'blackhole', flags: [] },
      {
        dst: 'default',
        nexthops: [
          { gateway: '192.0.2.1', dev: 'eth0' },
          { gateway: '192.0.2.2', dev: 'eth1' },
        ],
        flags: [],
      },
    ]);
    const found = await seen('routes', lxcAgent({ runs: { 'ip -j route show': said } }));
    expect(found.map(({ destination, interface: name }) => [destination, name])).toEqual([
      ['default', 'eth0'],
      ['default', 'eth1'],
    ]);
  });

  it('are read from /proc where there is no ip', async () => {
    const host = lxcAgent({
      runs: withoutIp,
      files: {
        '/proc/net/route': route,
        '/proc/net/fib_trie':
          'Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 192.0.2.11\n        /32 host LOCAL\n     |-- 192.0.2.255\n        /32 link BROADCAST\n',
        '/proc/net/if_inet6': '20010db8000000000000000000000011 02 40 00 80     eth0\n',
      },
    });
    expect(await seen('addresses', host)).toEqual([
      { interface: 'eth0', address: '192.0.2.11', prefix: 24, family: 'inet', scope: 'global' },
      { interface: 'eth0', address: '2001:db8::11', prefix: 64, family: 'inet6', scope: 'global' },
    ]);
    expect(await seen('routes', host)).toEqual([
      {
        destination: 'default',
        gateway: '192.0.2.1',
        interface: 'eth0',
        metric: 100,
        family: 'inet',
      },
      { destination: '192.0.2.0/24', interface: 'eth0', family: 'inet' },
    ]);
  });

  it('are unknown where nobody tells', async () => {
    const host = await look(lxcAgent({ runs: withoutIp }));
    expect(host.addresses).toMatchObject({ state: 'unknown', reason: 'no-answer' });
    expect(host.routes).toMatchObject({ state: 'unknown', reason: 'no-answer' });
  });
});

describe('usb', () => {
  it('tells devices with what they carry', async () => {
    const base = '/sys/bus/usb/devices';
    const device = {
      idVendor: '0bda',
      idProduct: '8156',
      product: 'USB 10/100/1G/2.5G LAN',
      speed: '5000',
      version: ' 3.20',
      'power/control': 'on',
      'power/runtime_status': 'active',
      'power/runtime_usage': '1',
      'power/runtime_suspended_time': '0',
    };
    const files = Object.fromEntries(
      Object.entries(device).map(([name, text]) => [`${base}/2-1.4/${name}`, `${text}\n`]),
    );
    const host = lxcAgent({
      files,
      stats: {
        [`${base}/2-1.4:1.0/driver`]: {
          type: link,
          target: '../../../../../../bus/usb/drivers/r8152',
        },
        [`${base}/2-1.4/driver`]: { type: link, target: '../../../../bus/usb/drivers/usb' },
        [`${base}/2-1.4:1.0/net/enx001122334455`]: { type: 'directory' },
        [`${base}/2-1:1.0/driver`]: { type: link, target: '../../bus/usb/drivers/hub' },
      },
    });
    expect(await seen('usb', host)).toEqual([
      {
        path: '2-1.4',
        id: '0bda:8156',
        product: 'USB 10/100/1G/2.5G LAN',
        speedMbps: 5000,
        capableMbps: 5000,
        driver: 'r8152',
        interfaces: ['enx001122334455'],
        powerControl: 'on',
        runtimeStatus: 'active',
        runtimeUsage: 1,
        suspendedMs: 0,
      },
    ]);
  });

  it('is empty where there is none', async () => {
    expect(await seen('usb', lxcAgent())).toEqual([]);
  });
});
