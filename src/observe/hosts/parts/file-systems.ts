import { byText } from '../../../lib/order.ts';
import type { FileSystem } from '../../../model/objects/host/disk.ts';
import type { Answers } from '../answers.ts';
import { mountOf } from '../parse/mountinfo.ts';
import type { Part } from '../part.ts';
import { moreSpaceRequests, placesOf, spaceRequests, spacesOf } from '../space-answers.ts';
import { mountsOf, mountsRequest } from './system.ts';

export const fileSystems: Part<'fileSystems'> = {
  part: 'fileSystems',
  requests: () => [mountsRequest, ...spaceRequests],
  more: moreSpaceRequests,
  read: (answers) => ({ state: 'known', value: fileSystemsOf(answers) }),
};

/** Mounts that something of k3s lies on. A path that is not there holds nothing. */
function fileSystemsOf(answers: Answers): FileSystem[] {
  const mounts = mountsOf(answers);
  const { byTarget, missing } = spacesOf(answers);
  const found = new Map<string, FileSystem>();
  for (const { what, path } of placesOf(answers)) {
    const mount = mountOf(mounts, path);
    if (!mount || missing.has(path)) continue;
    const { target, source, type, options, device } = mount;
    const holds = [...new Set([...(found.get(target)?.holds ?? []), what])];
    const space = byTarget.get(target);
    found.set(target, { target, source, type, options: [...options], device, ...space, holds });
  }
  return [...found.values()].toSorted((a, b) => byText(a.target, b.target));
}
