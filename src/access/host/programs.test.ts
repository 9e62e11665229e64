import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inotifyHolders } from './port.ts';
import { isAllowed, refuseUnlisted } from './programs.ts';

const split = (line: string): string[] => line.split(' ');

describe('allowed', () => {
  test.each([
    'dmesg --json --kernel',
    'dmesg --time-format=iso -x',
    'systemctl show k3s.service --property=ActiveState,SubState --no-pager',
    'systemctl cat k3s.service --no-pager',
    'systemctl is-active k3s ssh.service',
    'systemctl list-units --type=service --all --no-legend --plain --output=json',
    'journalctl -u k3s -n 100 -o json --no-pager --since=-1h',
    'journalctl -k -b --grep=r8152 --no-pager',
    'journalctl _PID=1 MESSAGE_ID=5eb03494b6584870a536b337290809b2 UNIT=k3s.service',
    'ip -j link show',
    'ip -j -s -d link show eth0',
    'ip -j route show table all',
    'ip -j route get 192.0.2.1',
    'ip -j -6 addr show dev eth0',
    'ss -Htlnp',
    'ss -tin state established',
    'nft list ruleset',
    'nft -j list table ip filter',
    'iptables-save -c -t nat',
    'iptables-nft-save',
    'iptables-legacy-save',
    'timedatectl show --no-pager',
    'chronyc -c tracking',
    'stat -f -c %T /var/lib/rancher',
    'df -Pk /var/lib/rancher',
    'df -Pi /',
    'du -x -a -k -d 1 /var/log/pods /var/log',
    inotifyHolders.join(' '),
    'iptables --version',
    'findmnt -J -l -o TARGET,SOURCE,FSTYPE,OPTIONS',
    'findmnt -J -T /var/lib/kubelet',
    'dd if=/dev/kmsg iflag=nonblock bs=8192 count=100000 status=none',
    'uname -r',
    'date +%s',
    'networkctl list --no-pager --json=short',
    'networkctl status eth0 --no-pager',
    'udevadm info -q property -p /sys/class/net/eth0',
    'curl -q -sS --max-time 5 http://127.0.0.1:8404/stats;csv',
    'openssl x509 -noout -enddate -subject -in /var/lib/rancher/k3s/server/tls/client-admin.crt',
    'k3s --version',
    'pct status 101',
    'pct config 101 --current',
    'pct list',
    'lxc-info -P /var/lib/lxc -n k3s1 -s',
    'ethtool eth0',
    'ethtool -S eth0',
    'lsblk -J -b -o NAME,SIZE',
    'conntrack -C',
    'getent hosts k3s1',
  ])('%s', (line) => {
    expect(isAllowed(split(line))).toBe(true);
  });

  test('the question to HAProxy', () => {
    const to = 'UNIX-CONNECT:/run/haproxy/admin.sock';
    expect(isAllowed(['socat', 'EXEC:echo show stat!!STDOUT', to])).toBe(true);
    expect(isAllowed(['socat', 'EXEC:echo disable server a/b!!STDOUT', to])).toBe(false);
    expect(isAllowed(['socat', 'EXEC:echo show stat!!STDOUT', 'SYSTEM:reboot'])).toBe(false);
    expect(isAllowed(['socat', 'EXEC:echo show stat!!STDOUT', `${to},fork`])).toBe(false);
  });
});

describe('refused', () => {
  test.each([
    'sh -c true',
    'rm -rf /',
    'du --files0-from=/etc/shadow',
    'find /proc -maxdepth 3 -delete',
    `${inotifyHolders.join(' ')} -delete`,
    inotifyHolders.join(' ').replace('/proc', '/'),
    'iptables -F',
    'iptables --version -F',
    '/usr/bin/dmesg',
    '',
    'dmesg -c',
    'dmesg -C',
    'dmesg --clear',
    'dmesg -D',
    'dmesg -n 1',
    'dmesg --console-off',
    'dmesg -Jc',
    'systemctl',
    'systemctl restart k3s',
    'systemctl --no-pager restart k3s',
    'systemctl show k3s --host=elsewhere',
    'systemctl -H elsewhere show k3s',
    'journalctl --vacuum-size=1M',
    'journalctl --rotate',
    'journalctl -n --rotate',
    'journalctl -u --rotate',
    'journalctl --flush',
    'journalctl --setup-keys',
    'journalctl -f',
    'journalctl --file=/etc/shadow',
    'ip link show',
    'ip -j link set eth0 down',
    'ip -j link delete eth0',
    'ip -j route flush cache',
    'ip -j netns exec x reboot',
    'ip -j -batch /tmp/x',
    'ss -K dst 192.0.2.1',
    'ss -tK',
    'ss -D /tmp/x',
    'nft flush ruleset',
    'nft -f /tmp/x',
    'nft list ruleset; flush ruleset',
    'iptables-save -f /tmp/x',
    'iptables-save -M /tmp/x',
    'iptables-save --modprobe=/tmp/x',
    'iptables-restore',
    'timedatectl set-time 12:00',
    'chronyc makestep',
    'chronyc -c tracking makestep',
    'dd if=/dev/kmsg iflag=nonblock of=/dev/sda',
    'dd if=/dev/sda iflag=nonblock',
    'dd iflag=nonblock',
    'dd if=/dev/kmsg',
    'dd if=/dev/kmsg if=/dev/sda iflag=nonblock',
    'date -s 12:00',
    'date 010112002030',
    'date --set=12:00',
    'networkctl reload',
    'networkctl delete eth0',
    'udevadm trigger',
    'udevadm info -c',
    'udevadm info --cleanup-db',
    'curl http://127.0.0.1/',
    'curl -q -X POST http://127.0.0.1/',
    'curl -q -o /etc/passwd http://127.0.0.1/',
    'curl -q -T /etc/shadow http://127.0.0.1/',
    'curl -q file:///etc/shadow',
    'curl -q http://user:secret@127.0.0.1/',
    'curl -q http://127.0.0.1/ http://127.0.0.1/',
    'curl -q --max-time http://127.0.0.1/',
    'openssl x509 -in /a.crt -out /b.crt',
    'openssl x509 -noout -in /a.crt -signkey /b.key',
    'openssl genrsa',
    'k3s server',
    'k3s --version server',
    'pct stop 101',
    'pct exec 101 -- true',
    'pct status',
    'pct config x',
    'lxc-info -n x -o /tmp/log',
    'lxc-stop -n x',
    'ethtool -s eth0 speed 100',
    'ethtool -K eth0 tso off',
    'conntrack -F',
    'conntrack -D',
    'findmnt --poll',
    'uname --help',
    'toString',
    '__proto__ x',
  ])('%s', (line) => {
    expect(isAllowed(split(line))).toBe(false);
  });

  test('an argument with a line feed or a NUL', () => {
    expect(isAllowed(['stat', '-c', '%n', '/a\nb'])).toBe(false);
    expect(isAllowed(['date', '+%s\0'])).toBe(false);
  });

  test('and it is a bug', () => {
    expect(() => refuseUnlisted(['reboot'])).toThrow('no look may run ["reboot"]');
  });

  test('an option that nobody knows of, whatever stands around it', () => {
    const programs = ['systemctl', 'journalctl', 'dmesg', 'ip', 'ss', 'nft', 'dd', 'networkctl'];
    const harmless = ['-j', 'show', 'list', '--no-pager', 'link', 'k3s', '100', 'if=/dev/kmsg'];
    const writing = ['--rotate', '-C', '-K', '--vacuum-time=1s', '--force', '--flush'];
    fc.assert(
      fc.property(
        fc.constantFrom(...programs),
        fc.shuffledSubarray(harmless),
        fc.constantFrom(...writing),
        fc.nat(10),
        (program, words, bad, at) => {
          const rest = [...words.slice(0, at), bad, ...words.slice(at)];
          expect(isAllowed([program, ...rest])).toBe(false);
        },
      ),
    );
  });
});
