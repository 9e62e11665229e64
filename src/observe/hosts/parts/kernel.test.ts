import { describe, expect, it } from 'vitest';
import { allParts } from '../all-parts.ts';
import { observeHost } from '../observe-host.ts';
import { FakeReader } from '../testing/fake-host.ts';
import { lookAt, lxcAgent } from '../testing/lxc-agent.ts';
import { look, seen, still } from '../testing/seen.ts';
import { partFor } from './kernel.ts';

const booted = lookAt - 864_000_000;
const kmsg =
  '6,1,1000000,-;Linux version 6.8.12\n6,9,863990000000,-;usb 2-1: USB disconnect, device number 2\n SUBSYSTEM=usb\n DEVICE=c189:129\n';
const dd = 'dd if=/dev/kmsg *';

describe('kernel', () => {
  it('tells what it recognised, by our own clock', async () => {
    const host = lxcAgent({
      runs: { [dd]: { code: 1, stdout: kmsg, stderr: 'dd: Resource temporarily unavailable' } },
    });
    const found = await seen('kernel', host);
    expect(found).toMatchObject({ source: 'kmsg', read: 2, shared: true, sinceAt: booted + 1000 });
    expect(found.records).toMatchObject([
      { class: 'usb-disconnect', usb: '2-1', at: lookAt - 10_000, count: 1 },
    ]);
  });

  it('counts from the machine’s boot also where lxcfs shows a shorter one', async () => {
    const host = lxcAgent({
      files: { '/proc/uptime': '86400.00 1.00\n' },
      runs: { [dd]: { code: 1, stdout: kmsg } },
    });
    expect((await seen('kernel', host)).records[0]?.at).toBe(lookAt - 10_000);
  });

  it('never reads a link: it may lead to a terminal', async () => {
    const stats = { '/dev/kmsg': { type: 'link', target: '/dev/console' } } as const;
    const reader = new FakeReader(
      lxcAgent({ stats, runs: { 'dmesg -r': '<6>[    1.000000] Linux\n' } }),
    );
    const signal = new AbortController().signal;
    const declared = { addresses: [] };
    const host = await observeHost({ reader, declared }, { clock: still, signal, timeoutMs: 8000 });
    expect(host.kernel).toMatchObject({ state: 'known', value: { source: 'dmesg', read: 1 } });
    const ran = reader.looks.flat().flatMap((each) => (each.kind === 'run' ? each.argv[0] : []));
    expect(ran).not.toContain('dd');
  });

  it.each([
    [{ [dd]: { code: 1, stderr: 'dd: failed to open: Operation not permitted' } }, 'forbidden'],
    [{ [dd]: { code: 0, stdout: '' } }, 'no-answer'],
    [{ [dd]: 'timed-out' as const }, 'timed-out'],
  ])('is unknown, not empty, for %j', async (runs, reason) => {
    const host = await look(lxcAgent({ runs }));
    expect(host.kernel).toMatchObject({ state: 'unknown', reason });
  });

  it('believes other facilities only when tests ask for it', async () => {
    const stdout = '12,1,1000000,-;usb 2-1: USB disconnect, device number 2\n';
    const host = lxcAgent({ runs: { [dd]: { code: 1, stdout } } });
    expect((await seen('kernel', host)).records).toEqual([]);
    const registry = { ...allParts, kernel: partFor({ anyFacility: true }) };
    expect((await seen('kernel', host, { registry })).records).toHaveLength(1);
  });
});

describe('haproxy', () => {
  const csv = '# pxname,svname,status,addr,type,\nnodes,k3s1,UP,192.0.2.11:30080,2,\n';
  const socket = { socket: '/run/haproxy/admin.sock' };

  it('is asked where it is declared, and nowhere else', async () => {
    expect((await look(lxcAgent())).haproxy).toEqual({ state: 'absent' });
    const bySocket = lxcAgent({
      runs: { 'socat EXEC:echo show stat!!STDOUT UNIX-CONNECT:/run/haproxy/admin.sock': csv },
    });
    expect(await seen('haproxy', bySocket, { haproxy: socket })).toHaveLength(1);
    const byUrl = lxcAgent({
      runs: { 'curl -q -sS --fail --max-time 2 http://127.0.0.1:8404/stats;csv': csv },
    });
    const place = { url: 'http://127.0.0.1:8404/stats' };
    expect(await seen('haproxy', byUrl, { haproxy: place })).toHaveLength(1);
  });

  it.each([
    ['no-program', 'no-answer'],
    [{ code: 1, stderr: 'socat: connect: Permission denied' }, 'forbidden'],
    ['<html>', 'malformed'],
  ] as const)('is unknown for %j', async (ran, reason) => {
    const host = await look(lxcAgent({ runs: { 'socat *': ran } }), { haproxy: socket });
    expect(host.haproxy).toMatchObject({ state: 'unknown', reason });
  });
});
