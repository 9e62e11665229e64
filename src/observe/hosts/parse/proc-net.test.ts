import { expect, it } from 'vitest';
import { ipv4Of, ipv6Of, parseSnmp, parseTcp, shortened } from './proc-net.ts';

it('reads addresses as the kernel writes them', () => {
  expect(ipv4Of('0A0200C0')).toBe('192.0.2.10');
  expect(ipv6Of('B80D0120000000000000000001000000')).toBe('2001:db8::1');
  expect(ipv6Of('0000000000000000FFFF00000A0200C0')).toBe('192.0.2.10');
  expect(ipv6Of('00000000000000000000000001000000')).toBe('::1');
  expect(ipv4Of('xyz')).toBeUndefined();
});

it('shortens the longest run of zeros, and only one', () => {
  expect(shortened('20010db8000000000001000000000001')).toBe('2001:db8::1:0:0:1');
  expect(shortened('00000000000000000000000000000000')).toBe('::');
  expect(shortened('fe8000000000000000fc00fffe000001')).toBe('fe80::fc:ff:fe00:1');
  expect(shortened('20010db8000100000001000100010001')).toBe('2001:db8:1:0:1:1:1:1');
});

it('reads connections of both families', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   1: 0B0200C0:D431 0A0200C0:192B 01 00000000:00000000 02:00000576 00000000     0        0 1 1 0
   2: 0B0200C0:D432 0A0200C0:192B 01 000000AB:00000000 01:00000576 00000003     0        0 1 1 0
   3: 0000000000000000FFFF00000B0200C0:D433 0000000000000000FFFF00000A0200C0:192B 02 00000001:00000000 01:0000005F 00000002 0 0 1
`;
  expect(parseTcp(text)).toMatchObject([
    {
      local: '192.0.2.11',
      remote: '192.0.2.10',
      remotePort: 6443,
      state: 1,
      timer: 2,
      retransmits: 0,
    },
    { state: 1, timer: 1, retransmits: 3 },
    { local: '192.0.2.11', remote: '192.0.2.10', remotePort: 6443, state: 2 },
  ]);
});

it('reads counters by their names', () => {
  const text = 'Ip: A\nIp: 1\nTcp: RtoMin OutSegs RetransSegs\nTcp: 200 7 3\n';
  expect([...parseSnmp(text, 'Tcp')]).toEqual([
    ['RtoMin', 200],
    ['OutSegs', 7],
    ['RetransSegs', 3],
  ]);
  expect([...parseSnmp(text, 'Udp')]).toEqual([]);
});
