import { expect, it } from 'vitest';
import { mountOf, parseMountinfo } from './mountinfo.ts';

const text = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,errors=remount-ro
28 27 8:1 /sub /var/lib/my\\040disk rw,noatime - ext4 /dev/sda1 ro
29 27 8:2 / /var/lib rw - xfs /dev/sdb rw
30 27 8:3 / /var/lib rw - btrfs /dev/sdc rw
31 24 0:9 / /mnt rw - nfs4 192.0.2.9:/x rw,vers=4.2
broken line
`;

it('reads each mount, with optional fields or without', () => {
  const mounts = parseMountinfo(text);
  expect(mounts).toHaveLength(6);
  expect(mounts[1]).toEqual({
    device: '254:0',
    root: '/',
    target: '/',
    type: 'ext4',
    source: '/dev/vda',
    options: ['rw', 'relatime', 'errors=remount-ro'],
  });
});

it('lets either side forbid to write', () => {
  expect(parseMountinfo(text)[2]).toMatchObject({
    target: '/var/lib/my disk',
    options: ['noatime', 'ro'],
  });
});

it('finds what a path lies on: the deepest, and of two in one place the last', () => {
  const mounts = parseMountinfo(text);
  expect(mountOf(mounts, '/var/lib/kubelet')?.type).toBe('btrfs');
  expect(mountOf(mounts, '/var/library')?.type).toBe('ext4');
  expect(mountOf(mounts, '/')?.source).toBe('/dev/vda');
  expect(mountOf([], '/')).toBeUndefined();
});
