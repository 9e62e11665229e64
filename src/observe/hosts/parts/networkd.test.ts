import { expect, it } from 'vitest';
import { agentUnit, lxcAgent, shown } from '../testing/lxc-agent.ts';
import { seen } from '../testing/seen.ts';

const active = { 'systemctl show *': `${agentUnit}\n${shown('systemd-networkd.service')}` };

it('tells which files are in force, by name', async () => {
  const host = lxcAgent({
    runs: active,
    files: {
      '/usr/lib/systemd/network/80-container.network':
        '[Match]\nName=host0\nVirtualization=container\n',
      '/usr/lib/systemd/network/99-default.link':
        '[Match]\nOriginalName=*\n[Link]\nNamePolicy=kernel\n',
      '/usr/lib/systemd/network/50-masked.network': '[Match]\nName=*\n',
      '/usr/lib/systemd/network/60-empty.network': '[Match]\nName=*\n',
      '/etc/systemd/network/60-empty.network': '\n',
      '/run/systemd/network/10-eth.network': '[Match]\nName=old\n',
      '/etc/systemd/network/10-eth.network':
        '[Match]\nName=eth0 veth*\nMACAddress=02:00:00:00:00:11\n[Network]\nDHCP=yes\n',
      '/etc/systemd/network/10-eth.network.d/50.conf': '[Link]\nUnmanaged=yes\n',
      '/etc/systemd/network/20-name.link':
        '[Match]\nMACAddress=02:00:00:00:00:11\n[Link]\nName=lan0\n',
    },
    stats: { '/etc/systemd/network/50-masked.network': { type: 'link', target: '/dev/null' } },
  });
  const found = await seen('networkd', host);
  expect(found.active).toBe(true);
  expect(found.files).toEqual([
    {
      path: '/etc/systemd/network/10-eth.network',
      kind: 'network',
      matchNames: ['eth0', 'veth*'],
      matchOther: ['MACAddress=02:00:00:00:00:11'],
      unmanaged: true,
    },
    {
      path: '/etc/systemd/network/20-name.link',
      kind: 'link',
      matchNames: [],
      matchOther: ['MACAddress=02:00:00:00:00:11'],
      unmanaged: false,
      setsName: 'lan0',
    },
    {
      path: '/usr/lib/systemd/network/80-container.network',
      kind: 'network',
      matchNames: ['host0'],
      matchOther: ['Virtualization=container'],
      unmanaged: false,
    },
    {
      path: '/usr/lib/systemd/network/99-default.link',
      kind: 'link',
      matchNames: ['*'],
      matchOther: [],
      unmanaged: false,
    },
  ]);
});

it('tells what it does with routes of others', async () => {
  const files = {
    '/etc/systemd/networkd.conf':
      '[Network]\n#ManageForeignRoutes=yes\nManageForeignRoutingPolicyRules=yes\n',
    '/usr/lib/systemd/networkd.conf.d/10.conf': '[Network]\nManageForeignRoutes=yes\n',
    '/etc/systemd/networkd.conf.d/10.conf': '[Network]\nManageForeignRoutes=no\n',
  };
  expect(await seen('networkd', lxcAgent({ files }))).toEqual({
    active: false,
    files: [],
    manageForeignRoutes: false,
    manageForeignRoutingPolicyRules: true,
    udevRules: [],
  });
});

it('keeps the administrator’s rules that name or power devices', async () => {
  const path = '/etc/udev/rules.d/70-net.rules';
  const rules = `# SUBSYSTEM=="net", NAME="x"
SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="02:00:00:00:00:11", \\
  NAME="lan0"
ACTION=="add", SUBSYSTEM=="usb", ATTR{power/control}="on"
SUBSYSTEM=="block", SYMLINK+="disk"
SUBSYSTEM=="usb", ATTR{power/control}=="on", RUN+="/bin/true"
`;
  const found = await seen('networkd', lxcAgent({ files: { [path]: rules } }));
  expect(found.udevRules).toEqual([
    {
      path,
      line: 'SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="02:00:00:00:00:11", NAME="lan0"',
    },
    { path, line: 'ACTION=="add", SUBSYSTEM=="usb", ATTR{power/control}="on"' },
  ]);
});
